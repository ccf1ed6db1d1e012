"""Visits by two inspectors, and findings until somebody deals with them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from enrollment.transitions.table import NotPermitted, StateConflict
from supervision.cases.services import open_case
from supervision.inspections.services import (
    VisitRefused,
    complete_visit,
    correct_finding,
    record_finding,
)
from supervision.models import Finding, Visit, VisitTransition
from supervision.tests.helpers import (
    AT,
    TODAY,
    facts,
    make_finding,
    make_visit,
    supervisor,
)

pytestmark = pytest.mark.django_db


def test_the_database_refuses_one_inspector_twice() -> None:
    visit = make_visit()
    with pytest.raises(IntegrityError, match="visit_two_inspectors"), transaction.atomic():
        Visit.objects.filter(pk=visit.pk).update(second_inspector=visit.inspector_id)


def test_one_inspector_twice_or_without_certificate_is_refused() -> None:
    one = supervisor()
    without = supervisor(certificate_no="")
    with pytest.raises(VisitRefused, match="29"):
        make_visit(inspectors=(one, one))
    with pytest.raises(VisitRefused, match=without.full_name):
        make_visit(inspectors=(one, without))
    assert not Visit.objects.exists()


def test_logging_needs_its_permission() -> None:
    with pytest.raises(NotPermitted):
        make_visit(actor=supervisor("supervision.view_visit"))
    assert not Visit.objects.exists()


def test_a_visit_of_tomorrow_is_planned_and_done_when_it_has_taken_place() -> None:
    with pytest.raises(VisitRefused):
        make_visit(visited_on=TODAY + timedelta(days=1))
    visit = make_visit(visited_on=TODAY + timedelta(days=1), planned=True)
    with pytest.raises(StateConflict):
        record_finding(visit, facts(), actor=supervisor(), at=AT)
    done = complete_visit(
        visit,
        visited_on=TODAY,
        charts_sampled=25,
        notes="",
        actor=supervisor(),
        at=AT,
    )
    assert (done.state, done.visited_on, done.charts_sampled) == ("done", TODAY, 25)
    log = [(row.action, row.from_state, row.to_state) for row in visit.transitions.all()]
    assert log == [("plan", "", "planned"), ("complete", "planned", "done")]
    assert record_finding(done, facts(), actor=supervisor(), at=AT).is_open


def test_a_finding_across_a_change_of_law_must_be_split() -> None:
    visit = make_visit()
    with pytest.raises(VisitRefused) as refused:
        make_finding(visit, act_from=date(2021, 1, 1), act_to=date(2021, 10, 31))
    message = str(refused.value)
    for day in ("2021-01-01", "2021-04-30", "2021-05-01", "2021-10-31"):
        assert day in message
    assert not Finding.objects.exists()
    make_finding(visit, act_from=date(2021, 1, 1), act_to=date(2021, 4, 30))
    make_finding(visit, act_from=date(2021, 5, 1), act_to=date(2021, 10, 31))
    assert Finding.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"act_to": TODAY},  # the visit was yesterday
        {"act_from": date(2026, 6, 1)},
        {"loss": Decimal("-0.01")},
        {"article_code": "41-1"},  # binds individuals
        {"article_code": "99-9"},
    ],
)
def test_findings_that_contradict_visit_or_law_are_refused(wrong: dict[str, object]) -> None:
    visit = make_visit()
    with pytest.raises(VisitRefused):
        make_finding(visit, **wrong)
    assert not Finding.objects.exists()


def test_a_finding_is_corrected_until_a_case_is_opened() -> None:
    finding = make_finding()
    corrected = correct_finding(finding, facts(loss=Decimal("990.00")), actor=supervisor(), at=AT)
    assert corrected.loss == Decimal("990.00")
    open_case([corrected], officers=(supervisor(), supervisor()), actor=supervisor(), at=AT)
    with pytest.raises(StateConflict):
        correct_finding(corrected, facts(), actor=supervisor(), at=AT)
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        Finding.objects.filter(pk=finding.pk).update(loss=0)
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        Finding.objects.filter(pk=finding.pk).delete()
    assert Finding.objects.get(pk=finding.pk).loss == Decimal("990.00")


def test_the_log_of_a_visit_is_append_only() -> None:
    visit = make_visit()
    with pytest.raises(ProgrammingError), transaction.atomic():
        VisitTransition.objects.filter(subject=visit).update(note="x")
    with pytest.raises(ProgrammingError), transaction.atomic():
        VisitTransition.objects.filter(subject=visit).delete()
