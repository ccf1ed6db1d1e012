"""Backups that prove themselves, and bringing one back."""
