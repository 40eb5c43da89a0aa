"""Other people's libraries on the other side of the table, in both directions."""
