"""The counters of the verifier: one for wallets, one for the relying party's own programs, one for the clerk's page."""
