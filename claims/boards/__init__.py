"""The fund's figures on the work desk: what was paid, what waits, what is stuck."""
