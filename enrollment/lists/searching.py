"""What a list's search takes, and what it declines."""

from typing import Any

from django.contrib.admin.views.main import SEARCH_VAR, ChangeListSearchForm
from django.core.exceptions import BadRequest

# No key types it, and no text of the database holds it.
NUL = "\0"


class SearchForm(ChangeListSearchForm):
    """Takes any text: what cannot be looked for is the list's to say, with no rows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Without the stock's own refusal, after which it shows the whole list."""
        super().__init__(*args, **kwargs)
        self.fields[SEARCH_VAR].validators = []


class SearchRefused(BadRequest):
    """It would read more than a page is worth.

    The reason stands beside the search, to be read after what was typed; nothing is listed.
    """
