"""Jobs of the workers that failed: kept as rows until an operator has taken note."""
