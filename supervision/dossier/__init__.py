"""The case on one page: facts, both ledgers, what can be done, and its log."""
