"""A division's township inside the database: the expression that indexes and filters share."""

from django.db.models.functions import Left

# A township's code and those of its villages share so many leading digits.
TOWNSHIP_PREFIX = 9


def township_of(path: str) -> Left:
    """The leading digits of the township that the division at `path` is or belongs to."""
    return Left(path, TOWNSHIP_PREFIX)
