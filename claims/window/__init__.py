"""The window: one page from the resident to the submitted claim."""
