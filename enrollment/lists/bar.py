"""The filters across the top as one form, and what is chosen as chips that can be taken off.

A filter of the stock admin becomes a select. A filter that shows itself otherwise (days, one of
some hundred institutions) has a method `control(changelist)` that returns its own `Control`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from enrollment.desk.widgets import ComboboxLine
from enrollment.lists.faults import fault_of, linked_fault, strange_values
from enrollment.lists.linked import text_of, title_of, values_of
from enrollment.lists.terms import addressed, in_words

# Marks what the bar sends.
NARROW = "_narrow"
# A choice that sets another parameter than the select's own; `canonical` writes it out.
_OTHER = "?"


class NarrowedList(Protocol):
    """What the bar reads of a list."""

    model: Any
    query: str
    search_fault: str
    filter_specs: list[Any]
    filter_params: dict[str, Any]
    linked: dict[str, Any]
    reader: Any  # who looks at it

    def get_query_string(self, new_params: Any = None, remove: Any = None) -> str:
        """The address with some parameters set and others taken out."""
        ...


@dataclass(frozen=True)
class Option:
    """A line of a select."""

    value: str
    label: str
    selected: bool = False


@dataclass(frozen=True)
class Control:
    """A filter as inputs of the bar.

    `kind` is `select`, `days` (two inputs) or `pick` (an input with its list). `names` are the
    parameters, `values` what each holds now, `chosen` the words of the chip, empty when nothing
    is chosen; `fault` says why what was typed chooses nothing.
    """

    title: str
    kind: str
    names: Sequence[str]
    values: Sequence[str] = ()
    options: Sequence[Option] = ()
    lines: Sequence[ComboboxLine] = ()
    chosen: str = ""
    fault: str = ""

    @property
    def html_id(self) -> str:
        """An id for the label."""
        return f"filter-{self.names[0]}"

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Each parameter with its value."""
        return list(zip(self.names, self.values, strict=True))


@dataclass(frozen=True)
class Chip:
    """Something the list is narrowed by, and the address of the list without it."""

    title: str
    text: str
    without: str
    fault: str = ""


@dataclass(frozen=True)
class Bar:
    """Everything above the list; `carried` are parameters that the form hands on unseen."""

    controls: Sequence[Control]
    chips: Sequence[Chip]
    carried: Sequence[tuple[str, str]] = field(default_factory=tuple)

    @property
    def in_words(self) -> str:
        """The chips on one line: what an exported file and its log say."""
        colon = pgettext("between label and text", ": ")
        return pgettext("between listed filters", "; ").join(
            f"{chip.title}{colon}{chip.text}" for chip in self.chips
        )


class ShowsItself(Protocol):
    """A filter that is no plain select."""

    def control(self, changelist: NarrowedList) -> Control:
        """Its inputs."""


def bar_of(changelist: NarrowedList) -> Bar:
    """The bar of a list as its request narrows it."""
    controls = [control_of(spec, changelist) for spec in changelist.filter_specs]
    chips = [
        Chip(
            control.title,
            control.chosen,
            changelist.get_query_string(dict.fromkeys(control.names)),
            control.fault,
        )
        for control in controls
        if control.chosen
    ]
    chips += [_linked(changelist, *narrowed) for narrowed in changelist.linked.items()]
    if changelist.query:
        without = changelist.get_query_string({"q": None})
        chips.append(
            Chip(_("Search"), in_words(changelist.query), without, changelist.search_fault)
        )
    shown = {"q", *(name for control in controls for name in control.names)}
    carried = [
        (name, value)
        for name, values in changelist.filter_params.items()
        if name not in shown
        for value in values_of(values)
    ]
    return Bar(controls, chips, carried)


def control_of(spec: Any, changelist: NarrowedList) -> Control:
    """A filter's own control, or its choices as a select."""
    if hasattr(spec, "control"):
        own: Control = spec.control(changelist)
        return own
    names = [str(name) for name in spec.expected_parameters() if name]
    options = [_option(choice, names, changelist) for choice in spec.choices(changelist)]
    strange = strange_values(spec, changelist)
    if strange:
        options.append(Option(strange[0], strange[0], selected=True))
    chosen = next((one for one in reversed(options[1:]) if one.selected), None)
    return Control(
        title=capfirst(str(spec.title)),
        kind="select",
        # Every parameter the filter reads, so that its chip takes all of them off.
        names=names,
        values=[""] * len(names),
        options=options,
        chosen=chosen.label if chosen else "",
        fault=fault_of(spec, changelist),
    )


def canonical(query: QueryDict, page: str) -> str | None:
    """The address that a submitted bar stands for: nothing empty, each choice its parameter.

    None when the request has it already, so that an address can be kept and passed on.
    """
    pairs = [(name, value) for name, values in query.lists() for value in values]
    if all(value and not value.startswith(_OTHER) for name, value in pairs if name != "q") and (
        query.get("q", "x").strip()
    ):
        return None
    kept: list[tuple[str, str]] = []
    for name, value in pairs:
        if name != "q" and value.startswith(_OTHER):
            kept += parse_qsl(value[1:])
        elif value.strip():
            kept.append((name, value))
    return f"{page}?{urlencode(kept)}" if kept else page


def narrowed_address(submitted: QueryDict, page: str) -> str:
    """The address of a list for what its bar sends: by POST, so that nothing typed is in one."""
    query = submitted.copy()
    for name in ("csrfmiddlewaretoken", NARROW):
        query.pop(name, None)
    if "q" in query:
        query["q"] = addressed(submitted.get("q", "").strip())
    return canonical(query, page) or (f"{page}?{query.urlencode()}" if query else page)


def needs_canonical(request: HttpRequest) -> str | None:
    """Where to send a GET whose address is not the canonical one."""
    return canonical(request.GET, request.path) if request.method == "GET" else None


def _option(choice: Any, names: Sequence[str], changelist: NarrowedList) -> Option:
    given = dict(parse_qsl(str(choice["query_string"]).removeprefix("?")))
    set_here = {name: given[name] for name in names if name in given}
    if not set_here:
        value = ""
    elif set(set_here) == {names[0]}:
        value = set_here[names[0]]
    else:
        value = _OTHER + urlencode(set_here)
    label = str(choice["display"])
    return Option(value, _("all") if not value else label, bool(choice["selected"]))


def _linked(changelist: NarrowedList, lookup: str, values: Any) -> Chip:
    """What a link narrows the list by, in the words of its field; one statement for a record."""
    return Chip(
        title_of(changelist.model, lookup),
        text_of(changelist.model, lookup, values, changelist.reader),
        changelist.get_query_string({lookup: None}),
        linked_fault(changelist.model, lookup, values),
    )
