"""Designated institutions, their agreements and suspensions."""
