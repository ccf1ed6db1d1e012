"""The papers of a window claim: what the law lets the bureau ask for, and what came in."""
