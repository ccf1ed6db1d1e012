"""Asking the hospital whether its papers are genuine, before the second review."""
