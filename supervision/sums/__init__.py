"""Sums as links: where the rows of an amount are, and lists whose amounts lead there."""
