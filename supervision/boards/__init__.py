"""Supervision on the work desk: open cases, and what is outstanding on each ledger."""
