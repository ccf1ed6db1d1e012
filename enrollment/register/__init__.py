"""The register of residents as screens: lists, a resident's card, and the acts on it."""
