"""Parts of institutions' names, so that “人民医院” finds its hospitals through an index.

The database keeps each character and each pair of neighbours of a name; a name that holds the
text holds all parts of the text. Pairs, not triples: most words have two characters, and the
extension for triples finds none of them.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


def parts_of_name() -> models.Func:
    """The parts of the name in the row, as the index has them."""
    return models.Func(
        models.F("name"),
        function="enrollment_name_parts",
        output_field=ArrayField(models.TextField()),
    )


def parts_of(text: str) -> list[str]:
    """The longest parts that a name must have to hold the text.

    >>> parts_of("人民医院"), parts_of("县")
    (['人民', '民医', '医院'], ['县'])
    """
    lower = text.lower()
    return [lower[n : n + 2] for n in range(len(lower) - 1)] or [lower]
