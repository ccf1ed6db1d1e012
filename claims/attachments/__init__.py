"""Scans of a claim's papers: checked when they come in, kept outside the web root."""
