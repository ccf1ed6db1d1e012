"""Texts of Django's admin that the lists show and the office says otherwise.

Whatever is named here stands in our catalogue, which comes before the stock's own.
"""

from typing import Any

from django.utils.translation import gettext, gettext_lazy, ngettext_lazy
from django.views.i18n import JavaScriptCatalog

# Written by `django.contrib.admin`; the words are its own, letter by letter.
STOCK_TEXTS = (
    gettext_lazy("Action:"),
    gettext_lazy("Run the selected action"),
    gettext_lazy("0 of %(cnt)s selected"),
    ngettext_lazy("%(total_count)s selected", "All %(total_count)s selected", "total_count"),
    gettext_lazy("Select all %(total_count)s %(module_name)s"),
    gettext_lazy("Clear selection"),
    gettext_lazy("Click here to select the objects across all pages"),
    gettext_lazy("Select all objects on this page for an action"),
    gettext_lazy("Select this object for an action - {}"),
    gettext_lazy(
        "Items must be selected in order to perform actions on them. No items have been changed."
    ),
    gettext_lazy("No action selected."),
)


class StockScriptTexts(JavaScriptCatalog):
    """The catalogue of the stock's scripts, with our words for what they write on lists."""

    def get_catalog(self) -> dict[str, Any]:
        """One text for every number: how many of the lines shown are chosen."""
        catalog: dict[str, Any] = super().get_catalog()
        catalog["%(sel)s of %(cnt)s selected"] = gettext("%(sel)s of %(cnt)s selected")
        return catalog
