"""The office's counters: what wallets, verifiers and the office's own people may ask, each answered in three steps."""
