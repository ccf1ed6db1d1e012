"""Policies: proposed by one, approved by another, never changed, corrected by further rows."""

import io
import json
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from claims.benefit.adjudication import adjudicate
from claims.benefit.loading import SHIPPED, load_schemes_with_data, parse_scheme, shipped_schemes
from claims.benefit.types import Accumulators, ClaimFacts, PersonFacts
from claims.models import (
    ClaimState,
    PolicyProposal,
    PolicyRow,
    ProposalState,
    SettlementRun,
)
from claims.policies.assembly import structure_of, values_of, yaml_form
from claims.policies.selectors import (
    NoPolicyApproved,
    approved_data,
    current_scheme,
    scheme_in_force,
    scheme_of_version,
)
from claims.policies.services import (
    PolicyInvalid,
    approve_proposal,
    confirm_row,
    propose_scheme,
    reject_proposal,
    withdraw_proposal,
)
from claims.policies.writing import as_yaml
from claims.settlement.services import settle_up_to
from claims.tests.factories import NOW, make_claim, make_resident
from enrollment.tests.factories import make_bureau, make_institution, make_user
from enrollment.transitions.table import (
    NotPermitted,
    SecondPersonRequired,
    StateConflict,
    TransitionRefused,
)

CODE = "yongshun-resident"
FILES = {scheme.code: dict(data) for scheme, data in load_schemes_with_data(SHIPPED)}
OFFICER = ["claims.propose_policy", "claims.approve_policy", "claims.view_policyproposal"]


@pytest.fixture
def officers(db: None) -> tuple[Any, Any]:
    return make_user(OFFICER), make_user(OFFICER)


def changed(value: str, starts_on: date | None, *, parameter: str = "special_rate") -> Any:
    """The scheme's file with one more row of a parameter of the basic layer."""
    data = deepcopy(FILES[CODE])
    row = {"value": value, "source": "outpatient", "starts_on": starts_on}
    data["layers"][0]["parameters"][parameter].append(row)
    return data


def approved(data: Any, officers: tuple[Any, Any]) -> PolicyProposal:
    made = propose_scheme(data, title="测试", actor=officers[0], at=NOW).proposal
    assert made is not None
    return approve_proposal(made, actor=officers[1], at=NOW)


def special(day: date, total: str) -> ClaimFacts:
    return ClaimFacts("a", "special_outpatient", day, Decimal(total))


def paid(scheme: Any, day: date, total: str = "100.00") -> Decimal:
    facts = special(day, total)
    return adjudicate(scheme, PersonFacts(), facts, Accumulators(day.year)).breakdown.paid


# --- the forms, without a database --------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(FILES))
def test_a_scheme_taken_apart_and_put_together_is_the_same(code: str) -> None:
    data = FILES[code]
    again = yaml_form(structure_of(data), values_of(data))
    one, other = parse_scheme(data), parse_scheme(again)
    assert one.counters == other.counters
    assert [layer.series for layer in one.layers] == [layer.series for layer in other.layers]
    assert values_of(yaml.safe_load(as_yaml(again))) == values_of(again)


@given(st.permutations(range(4)))
def test_of_one_key_the_last_value_counts_whatever_came_before(order: list[int]) -> None:
    data = FILES[CODE]
    values = values_of(data)
    corrections = [
        value.__class__(value.key, f"0.{7 + nth}", value.basis)
        for nth, value in zip(
            order, [v for v in values if v.key.parameter == "special_rate"] * 3, strict=False
        )
    ]
    scheme = parse_scheme(yaml_form(structure_of(data), [*values, *corrections]))
    row = scheme.layer("basic").series["special_rate"].on(date(2026, 1, 1))
    assert row is not None
    assert row.value == int(Decimal(str(corrections[-1].value)) * 1_000_000)


# --- proposing and approving ---------------------------------------------------------------------


def test_nothing_holds_before_a_second_person_has_approved(officers: tuple[Any, Any]) -> None:
    make_bureau()
    day = date(2027, 1, 1)
    approved(FILES[CODE], officers)
    made = propose_scheme(changed("0.80", day), title="提高", actor=officers[0], at=NOW)
    assert (made.created, made.unchanged) == (1, len(values_of(FILES[CODE])))
    assert paid(current_scheme(), day) == Decimal("70.00")
    assert made.proposal is not None
    with pytest.raises(SecondPersonRequired):
        approve_proposal(made.proposal, actor=officers[0], at=NOW)
    assert paid(current_scheme(), day) == Decimal("70.00")
    approve_proposal(made.proposal, actor=officers[1], at=NOW)
    assert paid(current_scheme(), day) == Decimal("80.00")
    assert paid(current_scheme(), day - timedelta(1)) == Decimal("70.00")


def test_a_correction_of_the_same_day_is_a_further_row_and_the_old_version_stays_readable(
    officers: tuple[Any, Any],
) -> None:
    first = approved(FILES[CODE], officers)
    second = approved(changed("0.80", date(2027, 1, 1)), officers)
    third = approved(changed("0.75", date(2027, 1, 1)), officers)
    assert [one.version for one in (first, second, third)] == [1, 2, 3]
    by_version = [paid(scheme_of_version(CODE, version), date(2027, 3, 1)) for version in (1, 2, 3)]
    assert by_version == [Decimal("70.00"), Decimal("80.00"), Decimal("75.00")]
    assert scheme_in_force(CODE).version == 3
    assert PolicyRow.objects.filter(parameter="special_rate").count() == 3


def test_the_same_file_again_proposes_nothing(officers: tuple[Any, Any]) -> None:
    made = propose_scheme(FILES[CODE], title="一", actor=officers[0], at=NOW)
    assert made.created == len(values_of(FILES[CODE]))
    again = propose_scheme(FILES[CODE], title="二", actor=officers[0], at=NOW)
    assert (again.proposal, again.created) == (None, 0)
    assert PolicyProposal.objects.count() == 1


def test_rows_are_never_changed_or_deleted(officers: tuple[Any, Any]) -> None:
    approved(FILES[CODE], officers)
    for attempt in (PolicyRow.objects.all().delete, lambda: PolicyRow.objects.update(value="1")):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert PolicyRow.objects.filter(value="1").count() == 0


def test_a_scheme_that_could_not_be_calculated_is_refused_whole(officers: tuple[Any, Any]) -> None:
    data = changed("1.50", date(2027, 1, 1))
    with pytest.raises(PolicyInvalid, match=r"1\.50"):
        propose_scheme(data, title="错", actor=officers[0], at=NOW)
    assert not PolicyProposal.objects.exists()


def test_who_may_not_propose_or_approve_changes_nothing(officers: tuple[Any, Any]) -> None:
    stranger = make_user(["claims.view_policyproposal"])
    with pytest.raises(NotPermitted):
        propose_scheme(FILES[CODE], title="无权", actor=stranger, at=NOW)
    made = propose_scheme(FILES[CODE], title="有权", actor=officers[0], at=NOW).proposal
    assert made is not None
    for act in (approve_proposal, reject_proposal, withdraw_proposal):
        with pytest.raises(NotPermitted):
            act(made, actor=stranger, at=NOW, note="理由")
    made.refresh_from_db()
    assert (made.state, made.version) == (ProposalState.PROPOSED, None)


@pytest.mark.parametrize(
    ("act", "state"),
    [(reject_proposal, ProposalState.REJECTED), (withdraw_proposal, ProposalState.WITHDRAWN)],
)
def test_what_is_rejected_or_withdrawn_never_holds(
    officers: tuple[Any, Any], act: Any, state: str
) -> None:
    made = propose_scheme(FILES[CODE], title="撤", actor=officers[0], at=NOW).proposal
    assert made is not None
    with pytest.raises(TransitionRefused):
        act(made, actor=officers[1], at=NOW, note=" ")
    assert act(made, actor=officers[1], at=NOW, note="文件已废止").state == state
    with pytest.raises(StateConflict):
        approve_proposal(made, actor=officers[1], at=NOW)
    assert scheme_in_force(CODE).version == 0


def test_a_confirmation_is_kept_and_told_in_every_sentence(officers: tuple[Any, Any]) -> None:
    approved(FILES[CODE], officers)
    row = PolicyRow.objects.get(parameter="special_rate")
    assert scheme_in_force(CODE).scheme.layer("basic").series["special_rate"].rows[0].confirmed is (
        False
    )
    confirm_row(row, actor=officers[1], at=NOW, note="州医保局网站公布稿第 3 页")
    assert scheme_in_force(CODE).scheme.layer("basic").series["special_rate"].rows[0].confirmed
    with pytest.raises(StateConflict):
        confirm_row(row, actor=officers[1], at=NOW, note="再次")


# --- where nothing is approved -------------------------------------------------------------------


def test_in_production_nothing_is_calculated_by_an_unapproved_policy(
    officers: tuple[Any, Any], settings: Any
) -> None:
    make_bureau()
    settings.PORTAL_UNAPPROVED_POLICIES = False
    with pytest.raises(NoPolicyApproved, match="load_policies"), translation.override("en"):
        current_scheme()
    finance = make_user(["claims.run_settlement"])
    with pytest.raises(NoPolicyApproved):
        settle_up_to(date(2026, 11, 24), actor=finance, at=NOW)
    assert not SettlementRun.objects.exists()
    approved(FILES[CODE], officers)
    assert current_scheme().code == CODE


def test_a_settlement_names_its_version_and_is_explained_by_it(officers: tuple[Any, Any]) -> None:
    make_bureau()
    approved(FILES[CODE], officers)
    approved(changed("0.80", date(2026, 9, 1)), officers)
    claim = make_claim(
        ClaimState.APPROVED,
        person=make_resident(),
        institution=make_institution(),
        kind="special_outpatient",
        admitted_on=None,
        total=Decimal("100.00"),
        excluded=Decimal("0.00"),
        first_self_pay=Decimal("0.00"),
        approved_on=date(2026, 11, 24),
    )
    finance = make_user(["claims.run_settlement"])
    result = settle_up_to(date(2026, 11, 24), actor=finance, at=NOW)
    approved(changed("0.60", date(2026, 9, 1)), officers)
    assert (result.run.policy_version, result.paid) == (2, Decimal("80.00"))
    from claims.intake.quote import settled_quote

    claim.refresh_from_db()
    assert any("80%" in text for text, _amount in settled_quote(claim).layers[0].steps)


# --- commands ----------------------------------------------------------------------------------


def run(*arguments: str) -> Any:
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())


def test_load_policies_is_idempotent_and_leaves_proposals(db: None) -> None:
    rows = sum(len(values_of(data)) for data in FILES.values())
    assert run("load_policies", str(SHIPPED), "--dry-run")["created"] == rows
    assert not PolicyProposal.objects.exists()
    expected = {"created": rows, "unchanged": 0, "refused": 0}
    assert run("load_policies", str(SHIPPED)) == expected
    assert run("load_policies", str(SHIPPED)) == {"created": 0, "unchanged": rows, "refused": 0}
    states = set(PolicyProposal.objects.values_list("state", flat=True))
    assert states == {ProposalState.PROPOSED}
    assert PolicyProposal.objects.count() == len(shipped_schemes())


def test_load_policies_approves_in_a_named_persons_name(officers: tuple[Any, Any]) -> None:
    run("load_policies", str(SHIPPED), "--approve-as", officers[1].username)
    assert {scheme_in_force(code).version for code in FILES} == {1}
    for code in FILES:
        out = io.StringIO()
        call_command("dump_policies", code, stdout=out)
        assert values_of(yaml.safe_load(out.getvalue())) == values_of(approved_data(code))


def test_load_policies_refuses_what_it_cannot_read(tmp_path: Any, officers: Any) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("code: [", encoding="utf-8")
    with pytest.raises(CommandError, match="YAML"):
        run("load_policies", str(broken))
    with pytest.raises(CommandError, match="nobody"):
        run("load_policies", str(SHIPPED), "--approve-as", "nobody")
    assert not PolicyProposal.objects.exists()
