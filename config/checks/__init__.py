"""What `make test` runs, each check with a line and its time: see `__main__`."""
