"""Double entry: balanced, append-only, by fund and payer."""
