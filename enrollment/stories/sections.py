"""Sections of a record's page: each app tells its part of the story.

The page of a resident or an institution stands in enrolment, but claims, payments and cases
belong on it too. An app above registers its part in `APP/screens.py`:

    register_section(
        Person,
        "claims",
        _("Claims"),
        load=claims_of,                       # (person, user) → Told, or None: nothing to tell
        template="claims/story/claims.html",  # reads `told`
        permission="claims.view_claim",
        order=50,
        statements=2,                         # at most, however many rows there are
    )

Who lacks the permission gets no section, and its statements are not made. A section also
tells the events that the timeline at the page's end puts in order, at no further statement.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model
from django.utils import timezone

from enrollment.access.models import User
from enrollment.desk.tags import Label, Tone

# What the timeline shows at most: the newest.
EVENTS_SHOWN = 100


@dataclass(frozen=True)
class Event:
    """One thing that happened, for the timeline: a day, what, and where it is written."""

    on: date
    what: Label
    detail: Label = ""
    url: str = ""
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True)
class Told:
    """What a section found: the template's facts, how many rows, and the events among them.

    `count` is shown beside the section's name in the page's contents; None shows none.
    """

    facts: Mapping[str, Any] = field(default_factory=dict)
    count: int | None = None
    events: Sequence[Event] = ()


Loader = Callable[[Any, User], Told | None]


@dataclass(frozen=True)
class Section:
    """A registered part of a page."""

    key: str
    title: Label
    load: Loader
    template: str
    permission: str
    order: int
    statements: int


@dataclass(frozen=True)
class Chapter:
    """A section as one reader gets it."""

    section: Section
    told: Told


@dataclass(frozen=True)
class Story:
    """The page: its chapters in order, and the newest events of all of them."""

    chapters: Sequence[Chapter]
    events: Sequence[Event]
    # Whether the timeline leaves out older events.
    is_cut: bool = False


_sections: dict[type[Model], dict[str, Section]] = {}


def register_section(
    model: type[Model],
    key: str,
    title: Label,
    *,
    load: Loader,
    template: str,
    permission: str,
    order: int,
    statements: int,
) -> None:
    """Add a section to the page of a model's records.

    Raises ImproperlyConfigured when the model has a section of that key already.
    """
    known = _sections.setdefault(model, {})
    if key in known:
        raise ImproperlyConfigured(f"{model.__name__} has a section {key!r} already")
    known[key] = Section(key, title, load, template, permission, order, statements)


def sections_of(model: type[Model]) -> list[Section]:
    """All registered sections of a model's page, in order."""
    return sorted(_sections.get(model, {}).values(), key=lambda section: section.order)


def tell(record: Model, user: User) -> Story:
    """The record's story as this user may read it.

    At most the sum of the allowed sections' `statements`.
    """
    chapters = []
    for section in sections_of(type(record)):
        if not user.has_perm(section.permission):
            continue
        told = section.load(record, user)
        if told is not None:
            chapters.append(Chapter(section, told))
    events = sorted(
        (event for chapter in chapters for event in chapter.told.events),
        key=lambda event: event.on,
        reverse=True,
    )
    return Story(chapters, events[:EVENTS_SHOWN], is_cut=len(events) > EVENTS_SHOWN)


def day_of(moment: datetime) -> date:
    """The day of a moment at the bureau."""
    return timezone.localtime(moment).date()
