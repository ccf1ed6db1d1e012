"""One chunk of the night: facts out of the database, the decision, results into it."""
