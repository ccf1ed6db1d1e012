"""What supervision lets the search box find: cases, recoveries and fines."""
