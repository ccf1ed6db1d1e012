"""Claims: intake, review, benefit, settlement, ledger, payment."""
