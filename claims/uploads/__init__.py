"""Claims that designated institutions upload: a file in, claims awaiting first review out."""
