"""Results as they stand: the settlement's, or the last correction's."""
