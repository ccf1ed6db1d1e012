"""Causes of rounds: whose years an identity, a policy or a late bill touches."""

from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.corrections.finders import TouchedYear, years_out_of_order, years_with_identity
from claims.models import Correction, Revision
from claims.policies.services import approve_proposal, propose_scheme
from claims.rounds import services
from claims.rounds.work import work_on_round
from claims.tests.night import NOW, approved_claim, covered_person, ledger_faults, settle
from claims.tests.rounds import FIRST, outcomes, start
from claims.tests.test_policies import CODE, FILES
from enrollment.residents.services import end_identity, grant_identity
from enrollment.tests.factories import make_identity, make_user
from enrollment.transitions.table import (
    TransitionRefused,
)

pytestmark = pytest.mark.usefixtures("sent")


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
