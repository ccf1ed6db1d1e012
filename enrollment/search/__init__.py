"""One box that finds a person, claim, institution, case or document from anywhere."""
