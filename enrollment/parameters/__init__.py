"""Figures that law or the bureau's own rules set: each value with its first day and its source."""
