"""What if: the draft and the approved policy on the same claims, to the fen."""

import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from claims.corrections.services import approve_correction, propose_correction
from claims.models import (
    LayerPayment,
    PolicyProposal,
    ProposalState,
    SettledClaim,
    WhatIfRun,
)
from claims.policies.services import approve_proposal, reject_proposal
from claims.tests.factories import NOW
from claims.tests.night import approved_claim, covered_person, ledger_faults, settle
from claims.tests.rules_tables import same_amount, tables
from claims.tests.test_policies import CODE, FILES, OFFICER, approved
from claims.tests.whatif_year import (
    LOWER_RATES,
    START,
    YEAR,
    draft_data,
    propose,
    run,
    stay,
    three_residents,
)
from claims.whatif.figures import Pair, figures_of
from claims.whatif.selectors import is_outdated
from claims.whatif.services import RunRefused, ask_what_if, calculate, run_what_if
from enrollment.models import Person
from enrollment.tests.factories import make_bureau, make_institution, make_user
from enrollment.transitions.table import NotPermitted, StateConflict
from enrollment.values.money import to_fen


@pytest.fixture
def bureau(db: None) -> Any:
    return make_bureau()


# --- a settled year ------------------------------------------------------------------------------


def test_gains_and_losses_of_three_residents_by_hand(bureau: Any) -> None:
    """Special outpatient 70 % → 80 %, county inpatient 75 % → 70 %, shares in yuan.

    甲: 1,000 × 10 %                                            = + 100.00
    乙: (10,000 − 500) × −5 %                                   = − 475.00
    丙: + 100.00 − 475.00, medical aid 70 % of 475 more (332.50) = −  42.50
    """
    first, second, third = three_residents()
    settle()
    figures = figures_of(run(propose(draft_data(special_rate="0.80", inpatient_rate=LOWER_RATES))))
    assert (figures.whole.claims, figures.people.persons) == (4, 3)
    layers = {one.code: (one.base, one.draft) for one in figures.layers}
    assert layers == {
        "basic": (Decimal("15650.00"), Decimal("14900.00")),
        "critical_illness": (Decimal("0.00"), Decimal("0.00")),
        "medical_aid": (Decimal("2012.50"), Decimal("2345.00")),
    }
    assert figures.whole.difference == Decimal("-417.50")
    assert [(one.person, one.difference) for one in figures.gainers] == [
        (first.pk, Decimal("100.00"))
    ]
    assert [(one.person, one.difference) for one in figures.losers] == [
        (second.pk, Decimal("-475.00")),
        (third.pk, Decimal("-42.50")),
    ]
    people = figures.people
    assert (people.gainers, people.gained) == (1, Decimal("100.00"))
    assert (people.losers, people.lost) == (2, Decimal("517.50"))
    kinds = {one.key: (one.claims, one.more, one.less) for one in figures.groups["kind"]}
    assert kinds == {"inpatient": (2, 0, 2), "special_outpatient": (2, 2, 0)}
    ages = {one.key: one.difference for one in figures.groups["age"]}
    assert ages == {"0": Decimal("100.00"), "45": Decimal("-475.00"), "80": Decimal("-42.50")}
    identities = {one.key: one.difference for one in figures.groups["identity"]}
    assert identities == {"": Decimal("-375.00"), "low_income": Decimal("-42.50")}
    assert {one.key: one.losers for one in figures.people_by["identity"]} == {
        "": 1,
        "low_income": 1,
    }
    assert figures.other_order == Decimal("0.00")


def test_the_table_of_the_rules_is_what_comes_out(bureau: Any) -> None:
    """`docs/rules/what-if.md`, "By hand": each resident's sides and the whole."""
    page = Path(settings.BASE_DIR) / "docs" / "rules" / "what-if.md"
    (table,) = [one for one in tables(page.read_text()) if "approved" in one.head]
    three_residents()
    settle()
    made = run(propose(draft_data(special_rate="0.80", inpatient_rate=LOWER_RATES)))
    figures = figures_of(made)
    names = dict(Person.objects.values_list("pk", "name"))
    sides: dict[str, Pair] = {names[one.person]: one for one in (*figures.gainers, *figures.losers)}
    sides["in all"] = figures.whole
    assert {row[0] for row in table.rows} == set(sides)
    for who, _claims, *amounts in table.rows:
        one = sides[who]
        found = (one.base, one.draft, one.difference)
        for cell, amount in zip(amounts, found, strict=True):
            assert same_amount(f"0 {cell}" if cell[0] == "−" else cell, to_fen(amount)), who


def test_the_approved_side_is_what_was_settled_to_the_fen(bureau: Any) -> None:
    officers = make_user(OFFICER), make_user(OFFICER)
    approved(FILES[CODE], officers)
    hospital = make_institution(level="city", in_county=False)
    for n in range(6):
        person = covered_person()
        for nth in range(1, n + 1):
            approved_claim(
                person,
                hospital,
                total=Decimal("33333.33") * nth + Decimal("0.01") * n,
                discharged_on=date(2026, 1, nth),
            )
    settle()
    made = run(propose(draft_data(special_rate="0.80")))
    assert (made.base_version, made.over_version) == (1, 1)
    figures = figures_of(made)
    really: dict[str, Decimal] = {}
    for layer, paid in LayerPayment.objects.values_list("layer", "paid"):
        really[layer] = really.get(layer, Decimal("0.00")) + paid
    assert len(really) == 2
    assert {one.code: one.base for one in figures.layers if one.base} == really
    assert figures.settled == figures.whole.base
    assert figures.other_order == Decimal("0.00")
    assert figures.whole.draft > figures.whole.base


def test_what_came_late_was_settled_in_another_order_and_the_page_can_say_so(bureau: Any) -> None:
    """The year's deductibles add up to 1,500 at most; the stay of September came first.

    As it was settled: 200 of the township's stay, then 1,000 and 300 of the city's. In order
    of discharge: 1,000 and 500 of the city's, none of the township's. 200 × 60 % − 200 × 90 %.
    """
    person, city = covered_person(), make_institution(level="city")
    stay(person, make_institution(level="township"))
    settle()
    for month in (3, 5):
        stay(
            person,
            city,
            admitted_on=date(2026, month, 1),
            discharged_on=date(2026, month, 8),
        )
    settle()
    figures = figures_of(run(propose(FILES[CODE])))
    assert figures.whole.difference == 0
    assert figures.other_order == Decimal("-60.00")


def test_an_approved_proposal_is_compared_with_the_version_before_it(bureau: Any) -> None:
    officers = make_user(OFFICER), make_user(OFFICER)
    first = approved(FILES[CODE], officers)
    second = approved(draft_data(special_rate="0.80"), officers)
    three_residents()
    settle()
    made = run(second)
    assert (made.base_version, made.over_version) == (1, 1)
    figures = figures_of(made)
    assert figures.whole.difference == Decimal("200.00")
    # It was settled by version 2: the draft side is what was paid.
    assert figures.settled == figures.whole.draft
    assert not is_outdated(made)
    with pytest.raises(RunRefused, match=r"第一个版本|first version"):
        ask_what_if(first, YEAR, actor=None, at=NOW)


def test_a_reversed_claim_is_no_claim_of_the_year(bureau: Any) -> None:
    first, _second, third = three_residents()
    settle()
    rights = ["claims.propose_correction", "claims.approve_correction", "claims.view_correction"]
    claim = first.claims.get()
    proposed = propose_correction(
        first,
        YEAR,
        cause="reversal",
        note="重复",
        document="",
        reverse=[claim.pk],
        actor=make_user(rights),
        at=NOW,
    )
    assert proposed.correction is not None
    approve_correction(proposed.correction, actor=make_user(rights), at=NOW)
    figures = figures_of(run(propose(draft_data(special_rate="0.80"))))
    assert (figures.whole.claims, figures.people.persons) == (3, 2)
    assert figures.settled == figures.whole.base
    assert [one.person for one in figures.gainers] == [third.pk]


def test_a_run_writes_nothing_but_itself(bureau: Any) -> None:
    three_residents()
    settle()
    before = list(SettledClaim.objects.order_by("pk").values_list())
    made = run(propose(draft_data(special_rate="0.80")))
    assert list(SettledClaim.objects.order_by("pk").values_list()) == before
    assert ledger_faults() == []
    assert (made.done, made.expected, made.starts) == (4, 4, 1)
    assert run_what_if(made.pk, at=NOW) == "done"  # again: left alone
    made.refresh_from_db()
    assert made.starts == 1


def test_a_result_stays_as_it_was_found(bureau: Any) -> None:
    three_residents()
    settle()
    made = run(propose(draft_data(special_rate="0.80")))
    for attempt in (
        lambda: WhatIfRun.objects.update(year=2025),
        lambda: WhatIfRun.objects.update(result=None, state="failed"),
        WhatIfRun.objects.all().delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    made.refresh_from_db()
    assert made.year == YEAR


def test_the_draft_keeps_to_the_versions_of_the_day_it_was_asked(bureau: Any) -> None:
    officers = make_user(OFFICER), make_user(OFFICER)
    approved(FILES[CODE], officers)
    three_residents()
    settle()
    proposal = propose(draft_data(special_rate="0.80"))
    asked = ask_what_if(proposal, YEAR, actor=None, at=NOW, send=False)
    approved(draft_data(special_rate=("0.90", date(2026, 2, 1))), officers)
    assert is_outdated(asked)
    run_what_if(asked.pk, at=NOW)
    asked.refresh_from_db()
    assert figures_of(asked).whole.difference == Decimal("200.00")


# --- who may, and what is refused ----------------------------------------------------------------


def test_who_may_not_run_a_draft_changes_nothing(bureau: Any) -> None:
    three_residents()
    settle()
    proposal = propose(draft_data(special_rate="0.80"))
    with pytest.raises(NotPermitted):
        ask_what_if(proposal, YEAR, actor=make_user(["claims.view_whatifrun"]), at=NOW)
    assert not WhatIfRun.objects.exists()


def test_what_cannot_be_run_is_refused_with_the_reason(bureau: Any) -> None:
    officer = make_user(["claims.run_whatif", *OFFICER])
    three_residents()
    settle()
    proposal = propose(draft_data(special_rate="0.80"))
    with pytest.raises(RunRefused, match="2025"):
        ask_what_if(proposal, 2025, actor=officer, at=NOW)
    first = ask_what_if(proposal, YEAR, actor=officer, at=NOW, send=False)
    with pytest.raises(RunRefused, match=str(first)):
        ask_what_if(proposal, YEAR, actor=officer, at=NOW, send=False)
    assert WhatIfRun.objects.count() == 1
    reject_proposal(proposal, actor=officer, at=NOW, note="不合适")
    with pytest.raises(StateConflict):
        ask_what_if(PolicyProposal.objects.get(pk=proposal.pk), YEAR, actor=officer, at=NOW)
    assert WhatIfRun.objects.count() == 1


def test_a_run_may_go_on_after_its_proposal_is_approved(bureau: Any) -> None:
    three_residents()
    settle()
    proposal = propose(draft_data(special_rate="0.80"))
    asked = ask_what_if(proposal, YEAR, actor=None, at=NOW, send=False)
    done = approve_proposal(proposal, actor=make_user(OFFICER), at=NOW)
    assert done.state == ProposalState.APPROVED
    run_what_if(asked.pk, at=NOW)
    asked.refresh_from_db()
    assert figures_of(asked).whole.difference == Decimal("200.00")


# --- the command ---------------------------------------------------------------------------------


def command(*arguments: str) -> Any:
    out = io.StringIO()
    call_command("what_if", *arguments, stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())


def test_the_command_prints_amounts_as_text_and_keeps_the_run(bureau: Any) -> None:
    three_residents()
    settle()
    proposal = propose(draft_data(special_rate="0.80", inpatient_rate=LOWER_RATES))
    options = ("--proposal", str(proposal.pk), "--year", str(YEAR))
    dry = command(*options, "--dry-run")
    assert not WhatIfRun.objects.exists()
    printed = command(*options)
    run_now = WhatIfRun.objects.get()
    assert (dry["run"], printed["run"]) == (None, run_now.pk)
    assert dry["difference"] == printed["difference"] == "-417.50"
    assert printed["approved"] == f"{CODE}@0"
    assert printed["layers"][0] == {
        "layer": "basic",
        "payer": "fund",
        "base": "15650.00",
        "draft": "14900.00",
        "difference": "-750.00",
    }
    assert (printed["gainers"], printed["losers"], printed["left_out"]) == (1, 2, 0)
    assert (run_now.asked_by, run_now.state) == (None, WhatIfRun.State.DONE)
    assert calculate(run_now) == run_now.result


def test_the_command_refuses_what_it_does_not_know(bureau: Any) -> None:
    with pytest.raises(CommandError, match="999999"):
        command("--proposal", "999999", "--year", str(YEAR))
    proposal = propose(FILES[CODE])
    with pytest.raises(CommandError, match="2019"):
        command("--proposal", str(proposal.pk), "--year", "2019")
    assert not WhatIfRun.objects.exists()
    assert START.year == YEAR
