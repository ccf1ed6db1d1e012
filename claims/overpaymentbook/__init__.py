"""Overpayments on the screen: what is owed, instalments, receipts, set-offs, the notice."""
