"""The steps of a transition table as buttons; no database."""

from types import SimpleNamespace
from typing import Any

from django.db.models import TextChoices

from enrollment.access.models import User
from enrollment.desk.admin import ObjectAction
from enrollment.desk.steps import step_actions
from enrollment.desk.tags import Tone
from enrollment.transitions.table import Step, TransitionTable

HEAD = User(pk=1, is_superuser=True)
FIRST = User(pk=2, is_superuser=True)
OUTSIDER = User(pk=3, is_active=False)


class State(TextChoices):
    PROPOSED = "proposed", "Proposed"
    APPROVED = "approved", "Approved"


# The names are those of pages that the portal has.
TABLE = TransitionTable(
    Step(
        "unlock",
        (State.PROPOSED,),
        State.APPROVED,
        "enrollment.change_user",
        "Approve",
        not_by=("propose",),
    ),
    Step("end_sessions", (State.PROPOSED,), State.APPROVED, "enrollment.change_user", "Reject"),
)
TONES = {"end_sessions": Tone.RED, "unlock": Tone.GREEN}


class Log:
    """Stands for a record's rows of transitions; counts the statements."""

    def __init__(self) -> None:
        self.read = 0

    def order_by(self, *_names: str) -> list[Any]:
        self.read += 1
        return [SimpleNamespace(action="propose", actor_id=FIRST.pk)]


class Record:
    pk = 7

    def __init__(self, state: State) -> None:
        self.state = state
        self.transitions = Log()

    def get_state_display(self) -> str:
        return str(State(self.state).label)


def offered(record: Record, user: User, **options: bool) -> list[ObjectAction]:
    return step_actions(record, TABLE, TONES, "admin:enrollment_user", user, **options)


def test_steps_stand_in_the_order_of_their_tones_each_with_its_address() -> None:
    record = Record(State.PROPOSED)
    rejects, approves = offered(record, HEAD)
    assert (rejects.label, rejects.tone, rejects.enabled) == ("Reject", Tone.RED, True)
    assert (approves.label, approves.tone, approves.enabled) == ("Approve", Tone.GREEN, True)
    assert approves.url.endswith("/enrollment/user/7/unlock/")
    assert record.transitions.read == 1


def test_who_handled_it_before_sees_the_step_disabled_with_the_reason() -> None:
    rejects, approves = offered(Record(State.PROPOSED), FIRST)
    assert rejects.enabled and not rejects.reason
    assert not approves.enabled and "Approve" in approves.reason


def test_a_step_that_the_role_lacks_is_not_shown() -> None:
    assert offered(Record(State.PROPOSED), OUTSIDER) == []


def test_passed_steps_are_left_out_or_shown_disabled() -> None:
    record = Record(State.APPROVED)
    assert offered(record, HEAD) == []
    assert record.transitions.read == 0
    passed = offered(record, HEAD, keeps_passed=True)
    assert [one.enabled for one in passed] == [False, False]
    assert all("Approved" in one.reason for one in passed)
