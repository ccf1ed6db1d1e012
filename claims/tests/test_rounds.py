"""Rounds: every touched year found, calculated by a worker, decided together by another."""

from decimal import Decimal
from typing import Any

import pytest
from celery import current_app
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from kombu.exceptions import OperationalError

from claims.corrections.services import approve_correction, calculate_year
from claims.models import Correction, CorrectionRound, Revision, RoundYear
from claims.rounds import services
from claims.rounds.tasks import work_on_round_task
from claims.rounds.work import work_on_round
from claims.tests.night import NOW, approved_claim, covered_person, ledger_faults, settle
from claims.tests.rounds import FIRST, outcomes, start
from claims.tests.test_corrections import proposed
from claims.tests.test_policies import CODE
from enrollment.tests.factories import make_identity, make_user
from enrollment.transitions.table import (
    NotPermitted,
    ReasonMissing,
    SecondPersonRequired,
    StateConflict,
    TransitionRefused,
)

pytestmark = pytest.mark.usefixtures("sent")


def three_residents() -> list[Any]:
    """Two are granted an identity backwards that pays more; of the third nothing changes."""
    people = [covered_person() for _n in range(3)]
    for person, total in zip(people, ("100000.00", "90000.00", "10.00"), strict=True):
        approved_claim(person, total=Decimal(total))
    settle()
    for person in people:
        make_identity(person, "low_income", starts_on=FIRST)
    return people


def test_a_round_finds_proposes_and_posts_what_changes(
    officers: Any, django_capture_on_commit_callbacks: Any, sent: list[int]
) -> None:
    people = three_residents()
    covered_person()
    with django_capture_on_commit_callbacks(execute=True):
        one = start(officers[0])
    assert (sent, one.years_found, one.state) == ([one.pk], 3, "searching")
    assert not Correction.objects.exists()
    assert work_on_round_task(one.pk) == "ready"
    assert outcomes(one) == ["proposed", "proposed", "unchanged"]
    assert not Revision.objects.exists()
    assert work_on_round(one.pk, at=NOW) == "ready"  # nothing is left to do
    with pytest.raises(SecondPersonRequired):
        services.approve_round(one, actor=officers[0], at=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        services.approve_round(one, actor=officers[1], at=NOW)
    assert sent == [one.pk, one.pk]
    assert work_on_round(one.pk, at=NOW) == "done"
    assert outcomes(one) == ["posted", "posted", "unchanged"]
    assert Revision.objects.count() == 2
    steps = Correction.objects.get(person=people[0]).transitions.order_by("pk")
    assert [step.actor for step in steps] == list(officers)
    assert all(calculate_year(person, 2026).changes == [] for person in people)
    assert ledger_faults() == []
    again = start(officers[0])
    assert work_on_round(again.pk, at=NOW) == "done"
    assert set(outcomes(again)) == {"unchanged"}


def test_a_killed_worker_is_followed_by_one_that_goes_on(officers: Any, monkeypatch: Any) -> None:
    three_residents()
    one = start(officers[0])
    from claims.rounds import work

    real, calls = work.propose_correction, []

    def dies(*args: Any, **kwargs: Any) -> Any:
        calls.append(args)
        if len(calls) == 2:
            raise MemoryError
        return real(*args, **kwargs)

    monkeypatch.setattr(work, "propose_correction", dies)
    with pytest.raises(MemoryError):
        work_on_round(one.pk, at=NOW)
    assert outcomes(one) == ["proposed", "waiting", "waiting"]
    assert work_on_round(one.pk, at=NOW) == "ready"
    assert outcomes(one) == ["proposed", "proposed", "unchanged"]
    assert len(calls) == 4


def test_what_moved_on_or_was_decided_apart_is_left_out_and_said(officers: Any) -> None:
    people = three_residents()
    own = proposed(people[0], officers[1])  # somebody was quicker
    one = start(officers[0])
    work_on_round(one.pk, at=NOW)
    assert outcomes(one) == ["apart", "proposed", "unchanged"]
    make_identity(people[1], "extremely_poor", starts_on=FIRST)
    services.approve_round(one, actor=officers[1], at=NOW)
    work_on_round(one.pk, at=NOW)
    assert outcomes(one) == ["apart", "stale", "unchanged"]
    assert one.years.get(outcome="stale").detail
    own.refresh_from_db()
    assert (own.state, Revision.objects.count()) == ("proposed", 0)
    assert ledger_faults() == []


def test_a_proposal_decided_by_itself_before_the_round_is_not_posted_twice(officers: Any) -> None:
    three_residents()
    one = start(officers[0])
    work_on_round(one.pk, at=NOW)
    first = one.years.filter(outcome="proposed").order_by("pk")[0].correction
    assert first is not None
    approve_correction(first, actor=officers[1], at=NOW)
    services.approve_round(one, actor=officers[1], at=NOW)
    work_on_round(one.pk, at=NOW)
    assert outcomes(one) == ["apart", "posted", "unchanged"]
    assert Revision.objects.count() == 2
    assert ledger_faults() == []


def test_a_rejected_round_rejects_each_with_the_reason(officers: Any) -> None:
    three_residents()
    one = start(officers[0])
    work_on_round(one.pk, at=NOW)
    with pytest.raises(ReasonMissing):
        services.reject_round(one, actor=officers[1], at=NOW, note=" ")
    services.reject_round(one, actor=officers[1], at=NOW, note="文件有误")
    assert work_on_round(one.pk, at=NOW) == "done"
    assert outcomes(one) == ["rejected", "rejected", "unchanged"]
    states = Correction.objects.values_list("state", "transitions__note")
    assert ("rejected", "文件有误") in states
    assert not Revision.objects.exists()


def test_what_refuses_a_start_leaves_nothing(officers: Any) -> None:
    with pytest.raises(TransitionRefused, match=r"touched|涉及"):
        start(officers[0])
    three_residents()
    with pytest.raises(NotPermitted):
        start(make_user(["claims.approve_correction"]))
    with pytest.raises(ReasonMissing):
        start(officers[0], note=" ")
    assert not CorrectionRound.objects.exists()
    start(officers[0])
    with pytest.raises(StateConflict):
        start(officers[1])
    assert CorrectionRound.objects.count() == 1


def test_starting_again_needs_somebody_missing(
    officers: Any, monkeypatch: Any, sent: list[int]
) -> None:
    three_residents()
    one = start(officers[0])
    services.start_again(one, actor=officers[0])
    assert sent == [one.pk]
    with pytest.raises(NotPermitted):
        services.start_again(one, actor=make_user(["claims.view_correctionround"]))

    def silent(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(current_app, "send_task", silent)
    with pytest.raises(TransitionRefused, match=r"queue|队列"):
        services.start_again(one, actor=officers[0])
    work_on_round(one.pk, at=NOW)
    with pytest.raises(StateConflict):
        services.start_again(one, actor=officers[0])


# --- screens ---------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_round_on_the_screen(client: Any, officers: Any, language: str) -> None:
    client.cookies["django_language"] = language
    people = three_residents()
    client.force_login(officers[0])
    lists = reverse("admin:claims_correctionround_changelist")
    url = reverse("admin:claims_correctionround_start")
    assert url in client.get(lists).content.decode()
    given = {"cause": "identity", "scheme": CODE, "since": "2026-01-01", "note": "认定文件"}
    assert client.post(url, {**given, "since": "x"}).status_code == 200
    assert not CorrectionRound.objects.exists()
    answer = client.post(url, given)
    one = CorrectionRound.objects.get()
    page = reverse("admin:claims_correctionround_change", args=[one.pk])
    assert answer.headers["Location"] == page
    poll = reverse("admin:claims_correctionround_progress", args=[one.pk])
    assert poll in client.get(page).content.decode()
    assert "0 / 3" in client.get(poll).content.decode()
    work_on_round(one.pk, at=NOW)
    assert client.get(poll)["HX-Refresh"] == "true"
    text = client.get(page).content.decode()
    assert people[0].name in text
    assert str(Correction.objects.get(person=people[0])) in text
    years = reverse("admin:claims_roundyear_changelist")
    behind = client.get(f"{years}?round__id__exact={one.pk}&outcome__exact=proposed")
    assert behind.context["cl"].result_count == 2
    approve = reverse("admin:claims_correctionround_approve", args=[one.pk])
    assert client.post(approve).status_code == 200  # the same person: refused on the page
    client.force_login(officers[1])
    queues = {queue.key: queue.count for queue in client.get("/").context["queues"]}
    assert queues["rounds_to_approve"] == 1
    client.post(approve)
    work_on_round(one.pk, at=NOW)
    assert outcomes(one) == ["posted", "posted", "unchanged"]


def test_the_page_of_a_round_keeps_to_its_statements(client: Any, officers: Any) -> None:
    three_residents()
    one = start(officers[0])
    work_on_round(one.pk, at=NOW)
    client.force_login(officers[0])
    page = reverse("admin:claims_correctionround_change", args=[one.pk])
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    RoundYear.objects.bulk_create(
        RoundYear(round=one, person=covered_person(), year=2026, claims=1, outcome="refused")
        for _n in range(5)
    )
    with CaptureQueriesContext(connection) as many:
        client.get(page)
    assert len(many) == len(few) <= 25
