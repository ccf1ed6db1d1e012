"""Payment orders, batches, the bank's files."""
