"""Rounds of corrections on the screen: starting, progress, preview, deciding."""
