"""The pages about one resident, in words; apps add theirs in `screens.py`."""

from enrollment.desk.tags import Label

_labels: dict[str, Label] = {}


def name_page(url_name: str, label: Label) -> None:
    """Say what the log calls the page of that address."""
    _labels[url_name] = label


def page_label(url_name: str) -> Label:
    """The page in words; its address where nobody named it."""
    return _labels.get(url_name, url_name)
