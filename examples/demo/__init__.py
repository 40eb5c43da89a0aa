"""The demonstration: every service of the house as a real process on this machine, and the story of one card told step by step."""
