"""Template tags of claims and money."""
