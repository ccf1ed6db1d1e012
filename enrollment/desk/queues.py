"""Work queues: what waits for a user, one card each on the work desk.

An app registers its queues in `APP/screens.py`, which the admin site imports once every app is
loaded (see `enrollment.desk.navigation`):

    def claims_to_review(user: User) -> Queue:
        return Queue(
            key="first_review",
            title=_("Claims to review"),
            count=Claim.objects.filter(state=State.SUBMITTED).count(),
            url=reverse("admin:claims_claim_changelist") + "?state=submitted",
            hint=_("Submitted at the window, waiting for the first review."),
            tone=Tone.AMBER,
        )

    register_queue("claims.first_review_claim", claims_to_review, order=20)

Each provider makes one database statement: the desk's cost is the number of queues.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

from enrollment.access.models import User
from enrollment.desk.tags import Label, Tone


@dataclass(frozen=True)
class Queue:
    """One card of the desk: `count` things wait behind `url`.

    `key` is stable and unique; `hint` says in one sentence what belongs there; `tone` colours
    the card only while something waits.
    """

    key: str
    title: Label
    count: int
    url: str
    hint: Label = ""
    tone: Tone = Tone.BLUE


QueueProvider = Callable[[User], Queue | None]


@dataclass(frozen=True)
class _Registration:
    permission: str
    provider: QueueProvider
    order: int


_registrations: list[_Registration] = []


def register_queue(permission: str, provider: QueueProvider, *, order: int = 100) -> None:
    """Show the provider's queue to users who hold the permission (`app.codename`).

    A provider may return None when its queue does not exist at present (a setting turns the
    step off). Raises ImproperlyConfigured when the provider is registered twice.
    """
    if any(known.provider is provider for known in _registrations):
        raise ImproperlyConfigured(f"the queue provider {provider!r} is registered twice")
    _registrations.append(_Registration(permission, provider, order))


def queues_for(user: User) -> list[Queue]:
    """The user's queues in their order; one statement each."""
    queues = [
        registration.provider(user)
        for registration in sorted(_registrations, key=lambda known: known.order)
        if user.has_perm(registration.permission)
    ]
    return [queue for queue in queues if queue is not None]
