"""What a payee was paid too much, and how it comes back (待退回)."""
