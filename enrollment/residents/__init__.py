"""Residents, households and their assistance identities."""
