"""Visits by two inspectors, and their findings."""
