"""How the machines are doing, for the operator: no personal and no business data."""
