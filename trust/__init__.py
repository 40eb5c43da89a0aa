"""Whom to believe, and what was known when: policy, trust list, gathered facts, and the one judgement of a credential."""
