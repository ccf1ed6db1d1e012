"""The chain over everything that is only ever added: a later change to it shows."""
