"""Claims as they come in: the window and uploads."""
