"""What supervision tells on the page of a resident and of an institution."""
