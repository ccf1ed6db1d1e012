"""The pages about one resident, in words; apps add theirs in `screens.py`."""

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from enrollment.desk.navigation import registry
from enrollment.desk.tags import Label

_labels: dict[str, Label] = {}


def name_page(url_name: str, label: Label) -> None:
    """Say what the log calls the page of that address."""
    _labels[url_name] = label


def page_label(url_name: str) -> Label:
    """The page in words: as it was named, as the act or the record on it is; else its address."""
    if url_name in _labels:
        return _labels[url_name]
    own = registry.views.get(url_name)
    act = getattr(getattr(own.view, "view_class", None), "title", "") if own else ""
    return act or _record_page(url_name) or url_name


def _record_page(url_name: str) -> str:
    """A record's page or its history, by what the record is called."""
    app, _line, rest = url_name.partition("_")
    name, _line, page = rest.rpartition("_")
    try:
        record = capfirst(str(apps.get_model(app, name)._meta.verbose_name))
    except (LookupError, ValueError):
        return ""
    if page == "history":
        return record + pgettext("between label and text", ": ") + _("History")
    return record if page == "change" else ""
