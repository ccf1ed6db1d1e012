"""Rounds: every touched year found, calculated by a worker, decided together by another."""

from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from celery import current_app
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from kombu.exceptions import OperationalError

from claims.corrections.finders import TouchedYear, years_out_of_order, years_with_identity
from claims.corrections.services import approve_correction, calculate_year
from claims.models import Correction, CorrectionRound, Revision, RoundYear
from claims.policies.services import approve_proposal, propose_scheme
from claims.rounds import services
from claims.rounds.tasks import work_on_round_task
from claims.rounds.work import work_on_round
from claims.tests.night import NOW, approved_claim, covered_person, ledger_faults, settle
from claims.tests.test_corrections import OFFICER, proposed
from claims.tests.test_policies import CODE, FILES
from enrollment.residents.services import end_identity, grant_identity
from enrollment.tests.factories import make_bureau, make_identity, make_user
from enrollment.transitions.table import (
    NotPermitted,
    ReasonMissing,
    SecondPersonRequired,
    StateConflict,
    TransitionRefused,
)

FIRST = date(2026, 1, 1)
READS = [
    *OFFICER,
    "claims.view_correctionround",
    "claims.view_roundyear",
    "claims.view_claim",
    "enrollment.view_person",
]


@pytest.fixture
def officers(db: None) -> tuple[Any, Any]:
    make_bureau()
    return make_user(READS), make_user(READS)


@pytest.fixture(autouse=True)
def sent(monkeypatch: Any) -> list[int]:
    kept: list[int] = []
    monkeypatch.setattr(current_app, "send_task", lambda _name, args: kept.extend(args))
    return kept


def start(actor: Any, cause: str = "identity", **fields: Any) -> CorrectionRound:
    given = {"scheme": CODE, "since": FIRST, "note": "认定文件", "document": "民发〔2026〕8号"}
    return services.start_round(cause=cause, actor=actor, at=NOW, **{**given, **fields})


def outcomes(one: CorrectionRound) -> list[str]:
    return list(one.years.order_by("pk").values_list("outcome", flat=True))


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


# --- who is found ----------------------------------------------------------------------------
def test_identities_are_found_by_the_day_of_discharge_and_by_later_changes(officers: Any) -> None:
    keeper = make_user(
        ["enrollment.add_assistanceidentity", "enrollment.change_assistanceidentity"]
    )
    granted, ended, plain = (covered_person() for _n in range(3))
    identity = make_identity(ended, "low_income", starts_on=FIRST)
    for person in (granted, ended, plain):
        approved_claim(person, discharged_on=date(2026, 9, 10), total=Decimal("90000.00"))
    settle()

    def found(since: date = FIRST) -> set[int]:
        return {one.person_id for one in years_with_identity(CODE, since)}

    assert found() == {ended.pk}
    end_identity(
        identity, ends_on=date(2026, 9, 9), document="停发", actor=keeper,
        at=NOW + timedelta(hours=1),
    )  # fmt: skip
    assert found() == {ended.pk}  # it holds no more on that day, but it did at the settlement
    grant_identity(
        granted, kind="low_income", starts_on=date(2026, 9, 10), ends_on=None, document="认定",
        actor=keeper, at=NOW,
    )  # fmt: skip
    assert found() == {ended.pk, granted.pk}
    assert found(date(2026, 9, 11)) == set()
    with CaptureQueriesContext(connection) as captured:
        found()
    assert len(captured) == 1


def test_a_corrected_policy_is_a_round_as_well(officers: Any) -> None:
    drafter, approver = (
        make_user(["claims.propose_policy", "claims.approve_policy"]) for _n in range(2)
    )

    def approved(data: Any) -> None:
        made = propose_scheme(data, title="测试", actor=drafter, at=NOW).proposal
        assert made is not None
        approve_proposal(made, actor=approver, at=NOW)

    approved(FILES[CODE])
    people = [covered_person(), covered_person()]
    approved_claim(people[0])
    approved_claim(people[1], discharged_on=date(2026, 5, 1))
    settle()
    data = deepcopy(FILES[CODE])
    row = {"value": "0.80", "source": "outpatient", "starts_on": date(2026, 9, 1)}
    data["layers"][0]["parameters"]["special_rate"].append(row)
    approved(data)
    one = start(officers[0], cause="policy", since=date(2026, 9, 1))
    assert (one.years_found, one.policy_version) == (1, 2)
    work_on_round(one.pk, at=NOW)
    services.approve_round(one, actor=officers[1], at=NOW)
    work_on_round(one.pk, at=NOW)
    assert outcomes(one) == ["posted"]
    assert Correction.objects.get().pays == Decimal("100.00")
    with pytest.raises(TransitionRefused):
        start(officers[0], cause="policy", since=date(2026, 9, 1))


# --- screens ---------------------------------------------------------------------------------
def visit(person: Any, day: date, total: str) -> Any:
    kind = {"kind": "special_outpatient", "admitted_on": None, "discharged_on": day}
    nothing = {"excluded": Decimal(0), "first_self_pay": Decimal(0)}
    return approved_claim(person, total=Decimal(total), **kind, **nothing)


def test_late_bills_are_found_by_the_nights_that_settled_them(officers: Any) -> None:
    late, same_night, in_order = (covered_person() for _n in range(3))
    march, september = date(2026, 3, 1), date(2026, 9, 10)
    visit(late, september, "214000.00")
    visit(same_night, september, "214000.00")
    visit(same_night, march, "1000.00")
    visit(in_order, march, "1000.00")
    settle()
    with pytest.raises(TransitionRefused, match="没有可能涉及的已结算年度"):
        start(officers[0], cause="late_bill")
    visit(late, march, "1000.00")
    visit(in_order, september, "214000.00")
    settle()
    assert years_out_of_order(CODE, FIRST) == [TouchedYear(late.pk, 2026, 1)]
    assert years_out_of_order(CODE, date(2026, 3, 2)) == []
    one = start(officers[0], cause="late_bill")
    assert work_on_round(one.pk, at=NOW) == "ready"
    assert outcomes(one) == ["proposed"]
    services.approve_round(one, actor=officers[1], at=NOW)
    assert work_on_round(one.pk, at=NOW) == "done"
    # March gets what it was denied, September gives back what it took (docs/rules/corrections.md).
    paid = Revision.objects.order_by("settled__claim__discharged_on").values_list("paid", flat=True)
    assert list(paid) == [Decimal("700.00"), Decimal("182900.00")]
    assert ledger_faults() == []
    again = start(officers[0], cause="late_bill")
    assert work_on_round(again.pk, at=NOW) == "done"
    assert outcomes(again) == ["unchanged"]


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
