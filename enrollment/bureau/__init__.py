"""The bureau's own settings."""
