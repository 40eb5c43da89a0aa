"""The office that checks a person once and hands out credentials: enrol, offer, issue, revoke."""
