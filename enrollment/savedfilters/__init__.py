"""Filters of a list that somebody keeps under a name."""
