"""What narrows a list and cannot be understood: a choice that there is not, a day that is none.

One behaviour for every list: the faults stand above the table, the list shows no rows, and its
export is refused with the same words.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from enrollment.lists.linked import title_of, unread

_SHOWN = 60


def faults_of(changelist: Any) -> list[str]:
    """A sentence for each filter that cannot be understood, beginning with its title."""
    specs = ((str(spec.title), fault_of(spec, changelist)) for spec in changelist.filter_specs)
    linked = (
        (title_of(changelist.model, lookup), linked_fault(changelist.model, lookup, values))
        for lookup, values in changelist.linked.items()
    )
    hidden = (
        (title_of(changelist.model, name), _no_choice(text))
        for name, text in _taken_by_no_shown_filter(changelist)
    )
    search = (_("Search"), changelist.search_fault)
    return [titled(title, fault) for title, fault in (*specs, *linked, *hidden, search) if fault]


def titled(title: str, fault: str) -> str:
    """The fault behind the name of its filter."""
    return capfirst(title) + pgettext("between label and text", ": ") + fault


def fault_of(spec: Any, changelist: Any) -> str:
    """Why a filter chooses nothing that it knows; empty when all is well or nothing is chosen."""
    own = getattr(spec, "fault", None)
    if own is not None:
        return str(own)
    strange = strange_values(spec, changelist)
    return _no_choice(strange[0]) if strange else ""


def linked_fault(model: Any, lookup: str, values: Any) -> str:
    """The same of what a link narrows the list by."""
    strange = unread(model, lookup, values)
    return _no_choice(strange[0]) if strange else ""


def strange_values(spec: Any, changelist: Any) -> list[str]:
    """What stands in the address for a filter and is none of its choices."""
    names = [str(name) for name in spec.expected_parameters() if name]
    given = [(name, value) for name in names for value in _given(changelist, name)]
    if not given:
        return []
    known = {
        pair
        for choice in spec.choices(changelist)
        for pair in parse_qsl(str(choice["query_string"]).removeprefix("?"))
    }
    # Beside the choice that is chosen, every choice keeps what the other filters hold.
    return [value for name, value in given if (name, value) not in known]


def _taken_by_no_shown_filter(changelist: Any) -> Iterator[tuple[str, str]]:
    """What a filter has taken that is not shown, since it has nothing to choose from."""
    shown = {name for spec in changelist.filter_specs for name in spec.expected_parameters()}
    for name in changelist.get_filters_params():
        if name not in shown and name not in changelist.linked:
            for value in _given(changelist, name):
                yield name, value


def _given(changelist: Any, name: str) -> list[str]:
    return [str(value) for value in changelist.filter_params.get(name, ()) if str(value).strip()]


def _no_choice(text: str) -> str:
    shown = Truncator(text).chars(_SHOWN)
    return _("there is no choice “%(text)s”. Choose another one, or take the filter off.") % {
        "text": shown
    }
