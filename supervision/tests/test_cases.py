"""Cases: opening, the notice, and every state against every action."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from enrollment.models import User
from enrollment.tests.factories import make_institution
from enrollment.transitions.table import (
    NotPermitted,
    ReasonMissing,
    SecondPersonRequired,
    StateConflict,
    TransitionRefused,
)
from supervision.cases.rules import CaseRefused
from supervision.cases.selectors import to_decide_by
from supervision.cases.services import (
    FineRefused,
    close_case,
    notify_case,
    open_case,
    terminate_case,
)
from supervision.inspections.services import VisitRefused
from supervision.models import Case, CaseState, CaseTransition, Finding
from supervision.penalties.services import decide_penalty
from supervision.tests.helpers import (
    AT,
    TODAY,
    make_case,
    make_finding,
    make_notified,
    make_visit,
    supervisor,
)

pytestmark = pytest.mark.django_db


def notify(case: Case, actor: User, *, fine: str = "2000.00", recovery: str = "1000.00") -> Case:
    return notify_case(
        case,
        facts="重复收费",
        recovery=Decimal(recovery),
        fine=Decimal(fine),
        defence_until=TODAY + timedelta(days=5),
        actor=actor,
        at=AT,
        note="更正金额",
    )


def decide(case: Case, actor: User, *, fine: str = "1000.00", recovery: str = "1000.00") -> Case:
    return decide_penalty(
        case,
        recovery=Decimal(recovery),
        fine=Decimal(fine),
        defence="未提出陈述、申辩意见",
        heard_on=TODAY,
        actor=actor,
        at=AT,
    )


def test_a_case_takes_up_findings_of_one_institution_and_item() -> None:
    visit = make_visit()
    first = make_finding(visit, loss=Decimal("600.00"), act_from=date(2026, 1, 1))
    second = make_finding(visit, loss=Decimal("400.00"), act_to=date(2026, 6, 30))
    officers = (supervisor(), supervisor())
    case = open_case([first, second], officers=officers, actor=supervisor(), at=AT)
    assert case.number == "医保案〔2026〕1号"
    assert (case.act_from, case.act_to) == (date(2026, 1, 1), date(2026, 6, 30))
    assert (case.loss, case.min_fine, case.max_fine) == (
        Decimal("1000.00"),
        Decimal("1000.00"),
        Decimal("2000.00"),
    )
    assert case.article_since == date(2021, 5, 1)
    assert set(case.findings.all()) == {first, second}
    assert make_case().number == "医保案〔2026〕2号"


def test_findings_that_make_no_single_case_are_refused() -> None:
    officers = (supervisor(), supervisor())

    def refused(*findings: Finding) -> str:
        with pytest.raises(CaseRefused) as error:
            open_case(findings, officers=officers, actor=supervisor(), at=AT)
        return str(error.value)

    visit = make_visit()
    assert refused()
    assert refused(make_finding(visit), make_finding())
    assert refused(make_finding(visit), make_finding(visit, article_code="38-6"))
    early = make_finding(visit, act_from=date(2021, 1, 1), act_to=date(2021, 4, 30))
    assert "2021-05-01" in refused(early)
    assert not Case.objects.exists()
    assert not Finding.objects.filter(case__isnull=False).exists()


def test_the_limitation_of_two_years_counts_from_the_end_of_the_act() -> None:
    officers = (supervisor(), supervisor())
    two_years_ago = date(2024, 11, 20)
    late = make_finding(
        act_from=date(2024, 1, 1), act_to=two_years_ago - timedelta(days=1), article_code="38-1"
    )
    with pytest.raises(CaseRefused, match="2026-11-19"):
        open_case([late], officers=officers, actor=supervisor(), at=AT)
    in_time = make_finding(act_from=date(2024, 1, 1), act_to=two_years_ago)
    assert open_case([in_time], officers=officers, actor=supervisor(), at=AT).state == "filed"


def test_a_finding_makes_one_case_only() -> None:
    finding = make_finding()
    officers = (supervisor(), supervisor())
    open_case([finding], officers=officers, actor=supervisor(), at=AT)
    with pytest.raises(StateConflict):
        open_case([finding], officers=officers, actor=supervisor(), at=AT)
    assert Case.objects.count() == 1


def test_officers_are_two_people_with_certificates() -> None:
    finding = make_finding()
    one = supervisor()
    with pytest.raises(VisitRefused):
        open_case([finding], officers=(one, one), actor=supervisor(), at=AT)
    with pytest.raises(VisitRefused):
        open_case(
            [finding], officers=(one, supervisor(certificate_no="")), actor=supervisor(), at=AT
        )
    assert not Case.objects.exists()
    case = make_case()
    with pytest.raises(IntegrityError, match="case_two_officers"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(second_officer=case.officer_id)


def test_a_notice_names_a_fine_inside_the_article_or_is_refused_with_its_text() -> None:
    case = make_case()
    with pytest.raises(FineRefused) as refused:
        notify(case, supervisor(), fine="2000.01")
    message = str(refused.value)
    assert "2,000.00" in message
    assert "处造成损失金额1倍以上2倍以下的罚款" in message
    case.refresh_from_db()
    assert (case.state, case.notified_on) == ("filed", None)
    notified = notify(case, supervisor(), fine="2000.00")
    assert (notified.notified_fine, notified.fine_is_due) == (Decimal("2000.00"), True)


def test_a_notice_never_asks_for_more_than_the_loss() -> None:
    with pytest.raises(CaseRefused):
        notify(make_case(), supervisor(), recovery="1000.01")


def act_notify(case: Case, actor: User) -> object:
    return notify(case, actor)


def act_decide(case: Case, actor: User) -> object:
    return decide(case, actor)


def act_terminate(case: Case, actor: User) -> object:
    return terminate_case(case, actor=actor, at=AT, note="证据不足")


def act_close(case: Case, actor: User) -> object:
    return close_case(case, actor=actor, at=AT, note="已执行完毕")


ACTIONS: dict[str, Callable[[Case, User], object]] = {
    "notify": act_notify,
    "decide": act_decide,
    "terminate": act_terminate,
    "close": act_close,
}
# state → action → state reached; what is missing is forbidden
ALLOWED = {
    "filed": {"notify": "notified", "terminate": "terminated"},
    "notified": {"notify": "notified", "decide": "decided", "terminate": "terminated"},
    "decided": {},
    "executed": {"close": "closed"},
    "closed": {},
    "terminated": {},
}


def in_state(state: str) -> Case:
    if state == "filed":
        return make_case()
    case = make_notified()
    if state == "terminated":
        act_terminate(case, supervisor())
    elif state == "decided":
        decide(case, supervisor())
    elif state in {"executed", "closed"}:
        decide_penalty(
            case,
            recovery=Decimal(0),
            fine=Decimal(0),
            defence="首次且及时改正",
            heard_on=TODAY,
            exemption_ground="违法行为轻微并及时改正（处罚法第三十三条）",
            actor=supervisor(),
            at=AT,
        )
        if state == "closed":
            act_close(case, supervisor())
    return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", CaseState.values)
def test_every_state_against_every_action(state: str, action: str) -> None:
    case = in_state(state)
    assert case.state == state
    steps = CaseTransition.objects.count()
    target = ALLOWED[state].get(action)
    if target:
        ACTIONS[action](case, supervisor())
        assert Case.objects.get(pk=case.pk).state == target
        assert CaseTransition.objects.count() == steps + 1
        return
    with pytest.raises(StateConflict):
        ACTIONS[action](case, supervisor())
    assert Case.objects.filter(pk=case.pk).values().get() == {
        field.attname: getattr(case, field.attname) for field in Case._meta.concrete_fields
    }
    assert CaseTransition.objects.count() == steps


@pytest.mark.parametrize(
    ("state", "action"),
    [("filed", "notify"), ("notified", "decide"), ("filed", "terminate"), ("executed", "close")],
)
def test_each_action_needs_its_permission(state: str, action: str) -> None:
    case = in_state(state)
    with pytest.raises(NotPermitted):
        ACTIONS[action](case, supervisor("supervision.log_visit"))
    assert Case.objects.get(pk=case.pk).state == state


def test_who_inspected_or_found_does_not_decide() -> None:
    case = in_state("notified")
    (finding,) = case.findings.all()
    hands = (finding.visit.inspector, finding.visit.second_inspector, finding.entered_by)
    for actor in hands:
        assert case not in to_decide_by(Case.objects.all(), actor)
        with pytest.raises(SecondPersonRequired):
            ACTIONS["decide"](case, actor)
    assert case in to_decide_by(Case.objects.all(), supervisor())


def test_neither_officers_nor_those_who_filed_or_notified_decide() -> None:
    opener = supervisor()
    notifier = supervisor()
    case = notify(make_case(opener), notifier)
    for actor in (opener, notifier, case.officer, case.second_officer):
        with pytest.raises(SecondPersonRequired):
            decide(case, actor)
    assert Case.objects.get(pk=case.pk).state == "notified"
    assert decide(case, supervisor()).state == "decided"


def test_ending_and_notifying_again_need_a_reason() -> None:
    with pytest.raises(ReasonMissing):
        terminate_case(make_case(), actor=supervisor(), at=AT, note=" ")
    with pytest.raises(ReasonMissing):
        close_case(in_state("executed"), actor=supervisor(), at=AT, note="")


def test_no_decision_while_the_party_may_still_be_heard() -> None:
    case = make_notified()

    def decide_unheard(days: int, heard_on: date | None = None) -> Case:
        return decide_penalty(
            case,
            recovery=Decimal("1000.00"),
            fine=Decimal("1000.00"),
            defence="无",
            heard_on=heard_on,
            actor=supervisor(),
            at=AT + timedelta(days=days),
        )

    with pytest.raises(CaseRefused, match="2026-11-25"):
        decide_unheard(5)
    with pytest.raises(CaseRefused):
        decide_unheard(0, heard_on=TODAY - timedelta(days=1))
    assert decide_unheard(6).state == "decided"


def test_a_decision_above_the_notice_is_refused_by_service_and_database() -> None:
    case = make_notified(recovery="800.00", fine="1000.00")
    for fine, recovery in (("1000.01", "800.00"), ("1000.00", "800.01")):
        with pytest.raises(CaseRefused, match=r"1,000\.00|800\.00"):
            decide(case, supervisor(), fine=fine, recovery=recovery)
    with pytest.raises(IntegrityError, match="case_decided_within_notice"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(
            decided_on=TODAY, decided_recovery=Decimal("800.01"), decided_fine=Decimal("1000.00")
        )
    with pytest.raises(IntegrityError, match="case_fine_or_exemption"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(
            decided_on=TODAY, decided_recovery=Decimal("800.00"), decided_fine=0
        )
    assert decide(notify(case, supervisor()), supervisor(), fine="2000.00").state == "decided"


def test_the_log_of_a_case_is_append_only() -> None:
    case = make_case()
    with pytest.raises(ProgrammingError), transaction.atomic():
        CaseTransition.objects.filter(subject=case).update(note="x")
    with pytest.raises(ProgrammingError), transaction.atomic():
        CaseTransition.objects.filter(subject=case).delete()


def test_an_institutions_case_shows_in_its_own_list_only() -> None:
    institution = make_institution()
    case = make_case(institution=institution)
    assert list(institution.cases.all()) == [case]
    assert issubclass(FineRefused, TransitionRefused)
