"""How fast it is: ours, the floor below which no program can go, and other people's libraries, side by side in one run."""
