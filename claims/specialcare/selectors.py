"""What is asked for, and how an application stands."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import pgettext

from claims.diseases.models import ApplicationPaper, DiseaseTerm
from claims.diseases.selectors import Windows
from claims.diseases.windows import Opening, Stage
from claims.specialcare.models import (
    ApplicationState,
    ApplicationTransition,
    SpecialApplication,
)
from claims.specialcare.states import APPLICATION_TRANSITIONS, STAGE_OF
from enrollment.models import Institution, User
from enrollment.transitions.selectors import not_handled_by
from enrollment.transitions.table import why_not

# Which stage an application waits for.
WAITS_FOR: dict[str, Stage] = {
    ApplicationState.FILED: Stage.FIRST_REVIEW,
    ApplicationState.RETURNED: Stage.FIRST_REVIEW,
    ApplicationState.CHECKED: Stage.PANEL,
    ApplicationState.AGREED: Stage.RECHECK,
}


def missing_papers(term: DiseaseTerm, held: Iterable[str]) -> list[str]:
    """What the disease asks for and was not handed in, in the order of the list."""
    there = set(held)
    return [
        paper for paper in ApplicationPaper.values if paper in term.papers and paper not in there
    ]


def paper_names(papers: Collection[str]) -> str:
    """The papers' names as one text."""
    separator = pgettext("between listed words", ", ")
    wanted = set(papers)
    return separator.join(str(one.label) for one in ApplicationPaper if one.value in wanted)


def level_rank(level: str) -> int:
    """Township 0, county 1, city 2, province 3.

    >>> level_rank("township") < level_rank("county") < level_rank("province")
    True
    """
    return Institution.Level.values.index(level)


@dataclass(frozen=True)
class Offer:
    """A step that the state allows; `refused` says why not now or not by this user."""

    action: str
    label: str
    refused: str


def offered_steps(
    application: SpecialApplication, user: User, windows: Windows, today: date
) -> list[Offer]:
    """The steps from here that the user's role includes, each with what stands against it.

    One statement. The panel's two outcomes are one step.
    """
    past = list(application.transitions.all())
    offers = []
    for step in APPLICATION_TRANSITIONS.from_state(application.state):
        if step.action == "decline" or not user.has_perm(step.permission):
            continue
        refused = why_not(step, application.state, application.get_state_display(), user, past)
        reason = str(refused or "")
        stage = STAGE_OF.get(step.action)
        if not reason and stage is not None:
            reason = windows.why_closed(stage, today)
        offers.append(Offer(step.action, str(step.label), reason))
    return offers


def next_opening(
    application: SpecialApplication, windows: Windows, today: date | None = None
) -> Opening | None:
    """The window that the application waits for; None when it waits for nobody."""
    stage = WAITS_FOR.get(application.state)
    return None if stage is None else windows.at(stage, today or timezone.localdate())


# The step that decides of an application in each state; of a returned one anybody supplies papers.
_NEXT = {
    ApplicationState.RETURNED: "supply",
    ApplicationState.FILED: "pass_first",
    ApplicationState.CHECKED: "agree",
    ApplicationState.AGREED: "issue",
}


def waiting_in(
    applications: QuerySet[SpecialApplication], state: str, user: User
) -> QuerySet[SpecialApplication]:
    """Those in the state whose next step the user may take after what they did before."""
    step = APPLICATION_TRANSITIONS[_NEXT[ApplicationState(state)]]
    return not_handled_by(applications.filter(state=state), step, ApplicationTransition, user)


def waiting_for(
    applications: QuerySet[SpecialApplication], user: User
) -> QuerySet[SpecialApplication]:
    """Those whose next step is one of the user's roles, in any state."""
    mine = [
        waiting_in(applications, state, user)
        for state, action in _NEXT.items()
        if user.has_perm(APPLICATION_TRANSITIONS[action].permission)
    ]
    return reduce(or_, mine) if mine else applications.none()


def applications_of(person_id: int) -> Sequence[SpecialApplication]:
    """A resident's applications, newest first; one statement."""
    rows = SpecialApplication.objects.filter(person_id=person_id)
    return list(rows.select_related("disease", "certificate").order_by("-id"))
