"""Corrections on the screen: proposing a year, before and after side by side, deciding."""
