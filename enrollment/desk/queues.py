"""Work queues: what waits for a user, one card each on the work desk.

An app registers its queues in `APP/screens.py`, which the admin site imports once every app is
loaded (see `enrollment.desk.navigation`):

    def claims_to_review(user: User) -> Queue:
        waiting = Claim.objects.filter(state=State.SUBMITTED)
        return Queue(
            key="first_review",
            title=_("Claims to review"),
            count=capped(waiting),
            url=reverse("admin:claims_claim_changelist") + "?state=submitted",
            hint=_("Submitted at the window, waiting for the first review."),
            tone=Tone.AMBER,
            first=[Waiting(claim.number, url_of(claim)) for claim in waiting[:FIRST]],
        )

    register_queue("claims.first_review_claim", claims_to_review, order=20)

A provider makes at most `STATEMENTS` database statements, each of which ends at a limit: the
desk's cost is the number of queues, never that of what waits.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet

from enrollment.access.models import User
from enrollment.access.scope import is_limited
from enrollment.desk.tags import Label, Tone

# Counting stops here: a queue of thousands is long, however many thousands.
CAP = 1000
# How many of the most urgent a card names.
FIRST = 4
# The first few, the calendar for their due days, the count, and that of the overdue.
STATEMENTS = 4


@dataclass(frozen=True)
class Waiting:
    """One of the first few of a queue: what, which, and by when (`note` in its tone)."""

    label: str
    url: str
    detail: Label = ""
    note: Label = ""
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True)
class Queue:
    """One card of the desk: `count` things wait behind `url`.

    `key` is stable and unique; `hint` says in one sentence what belongs there; `tone` colours
    the card only while something waits. `first` are the most urgent, `overdue` how many are
    past their day (both counts stop at `CAP`). The desk's headline counts only the queues that
    need the reader (`needs_reader`), not what others are to do.
    """

    key: str
    title: Label
    count: int
    url: str
    hint: Label = ""
    tone: Tone = Tone.BLUE
    first: Sequence[Waiting] = ()
    overdue: int = 0
    needs_reader: bool = True

    @property
    def shown(self) -> str:
        """The count as the card shows it: `42`, or `999+` where counting stopped."""
        return shown_count(self.count)

    @property
    def shown_overdue(self) -> str:
        """The number of the overdue in the same way."""
        return shown_count(self.overdue)


def capped(waiting: QuerySet[Any]) -> int:
    """How many wait, counted up to `CAP`; one statement."""
    return waiting.order_by()[:CAP].count()


def shown_count(count: int) -> str:
    """A capped count in figures.

    >>> shown_count(42), shown_count(CAP)
    ('42', '999+')
    """
    return f"{CAP - 1:,}+" if count == CAP else f"{count:,}"


def shown_sum(queues: Sequence[Queue]) -> str:
    """All that waits, with a plus where one of the counts stopped."""
    open_ended = any(queue.count == CAP for queue in queues)
    return f"{sum(queue.count for queue in queues):,}{'+' if open_ended else ''}"


QueueProvider = Callable[[User], Queue | None]


@dataclass(frozen=True)
class _Registration:
    permission: str
    provider: QueueProvider
    order: int
    whole_county: bool

    def is_for(self, user: User) -> bool:
        """Whether the user has the work: by role, and the county's by who works for all of it."""
        if self.whole_county and is_limited(user):
            return False
        return user.has_perm(self.permission)


_registrations: list[_Registration] = []


def register_queue(
    permission: str, provider: QueueProvider, *, order: int = 100, whole_county: bool = False
) -> None:
    """Show the provider's queue to users who hold the permission (`app.codename`).

    Work on the `whole_county` is not shown to users limited to some townships: they would be
    refused. A provider may return None when its queue does not exist at present (a setting turns
    the step off). Raises ImproperlyConfigured when the provider is registered twice.
    """
    if any(known.provider is provider for known in _registrations):
        raise ImproperlyConfigured(f"the queue provider {provider!r} is registered twice")
    _registrations.append(_Registration(permission, provider, order, whole_county))


def queues_for(user: User) -> list[Queue]:
    """The user's queues: those with something overdue first, the others in their order."""
    queues = [
        registration.provider(user)
        for registration in sorted(_registrations, key=lambda known: known.order)
        if registration.is_for(user)
    ]
    return sorted((queue for queue in queues if queue is not None), key=lambda one: not one.overdue)
