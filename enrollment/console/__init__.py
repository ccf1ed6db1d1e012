"""The shape of every command (JSON out, exit status 0, 1 or 2) and of every worker's task."""
