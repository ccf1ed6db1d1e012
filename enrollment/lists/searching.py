"""A search that a list declines, since it would read more than a page is worth."""

from django.core.exceptions import BadRequest


class SearchRefused(BadRequest):
    """The reason stands beside the search, to be read after what was typed; nothing is listed."""
