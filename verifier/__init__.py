"""The relying party's half of the tally: ask for a card, judge what comes, and say so in plain words."""
