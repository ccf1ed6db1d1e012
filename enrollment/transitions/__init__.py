"""One table of allowed transitions per kind of record; one function moves a state."""
