"""What if: the draft and the approved policy on the same claims, to the fen."""

import io
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from claims.benefit.loading import parse_scheme, shipped_schemes
from claims.chunks.calculation import ClaimRow
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
from claims.whatif import comparison
from claims.whatif.comparison import Fact, compare, whole_residents
from claims.whatif.figures import figures_of
from claims.whatif.selectors import is_outdated
from claims.whatif.services import RunRefused, ask_what_if, calculate, run_what_if
from claims.whatif.sums import age_band, change_band
from enrollment.tests.factories import make_bureau, make_institution, make_user
from enrollment.transitions.table import NotPermitted, StateConflict

SCHEME = shipped_schemes()[CODE]


@pytest.fixture
def bureau(db: None) -> Any:
    return make_bureau()


def draft_scheme(**rows: Any) -> Any:
    return parse_scheme(draft_data(**rows))


def fact(person: int, n: int, **fields: Any) -> Fact:
    """A special-outpatient claim of 1,000.00 of a person born in 1980."""
    given = {
        "claim_id": n,
        "person_id": person,
        "institution_id": 1,
        "source": "upload",
        "kind": "special_outpatient",
        "level": "county",
        "in_county": True,
        "filing": "none",
        "discharged_on": date(YEAR, 1, 1 + n % 28),
        "total": 100_000,
        "excluded": 0,
        "over_limit": 0,
        "first_self_pay": 0,
        "covered": True,
        "suspended": False,
        "identities": "",
        **fields,
    }
    return Fact(ClaimRow(**given), date(1980, 5, 17))


def yuan(text: str) -> Decimal:
    return Decimal(text)


# --- the comparison, without a database ----------------------------------------------------------


def test_a_draft_that_says_the_same_changes_nothing() -> None:
    found = compare(SCHEME, parse_scheme(FILES[CODE]), [fact(n // 3, n) for n in range(60)])
    assert found["whole"]["base"] == found["whole"]["draft"]
    assert (found["whole"]["more"], found["whole"]["less"]) == (0, 0)
    assert (found["people"]["gainers"], found["people"]["losers"]) == (0, 0)
    assert (found["gainers"], found["losers"]) == ([], [])
    assert found["whole"]["base"][0] == 60 * 70_000


@given(st.lists(st.integers(1, 9_000_000), min_size=1, max_size=30), st.integers(1, 7))
def test_groups_bands_and_residents_sum_to_the_whole(totals: list[int], batch: int) -> None:
    facts = [
        fact(
            n // 3,
            n,
            total=total,
            kind=("special_outpatient", "general_outpatient", "inpatient")[n % 3],
            level=("township", "county", "city")[n // 3 % 3],
            in_county=n // 3 % 3 < 2,
            identities=("", "low_income")[n // 3 % 2],
        )
        for n, total in enumerate(totals)
    ]
    draft = draft_scheme(special_rate="0.80", inpatient_rate=LOWER_RATES)
    found = compare(SCHEME, draft, facts, batch=batch)
    whole = found["whole"]
    for groups in found["groups"].values():
        for name in ("claims", "total", "more", "less"):
            assert sum(one[name] for one in groups) == whole[name]
        for side in ("base", "draft"):
            columns = zip(*(one[side] for one in groups), strict=True)
            assert [sum(column) for column in columns] == whole[side]
    difference = sum(whole["draft"]) - sum(whole["base"])
    people = found["people"]
    assert people["gained"] - people["lost"] == difference
    assert sum(band["sum"] for band in found["bands"]) == difference
    assert sum(band["persons"] for band in found["bands"]) == people["persons"]
    assert sum(one["draft"] - one["base"] for one in found["gainers"]) == people["gained"]
    assert sum(one["base"] - one["draft"] for one in found["losers"]) == people["lost"]
    assert found == compare(SCHEME, draft, facts)  # however it is cut


def test_a_ceiling_is_used_up_on_both_sides_and_batches_never_cut_a_resident() -> None:
    visits = [
        fact(1, n, kind="general_outpatient", level="township", total=30_000) for n in range(4)
    ]
    draft = draft_scheme(outpatient_ceiling="500.00")
    for size in (1, 2, 100):
        found = compare(SCHEME, draft, visits, batch=size)
        assert (found["whole"]["base"][0], found["whole"]["draft"][0]) == (42_000, 50_000)
        assert found["gainers"][0] == {
            "person": 1,
            "claims": 4,
            "base": 42_000,
            "draft": 50_000,
            "identity": "",
            "age": "45",
        }


def test_a_claim_that_one_side_cannot_calculate_is_left_out_of_both() -> None:
    facts = [fact(1, 1), fact(1, 2), fact(2, 3)]
    broken = fact(1, 2, total=100, excluded=200)
    found = compare(SCHEME, draft_scheme(special_rate="0.80"), [facts[0], broken, facts[2]])
    assert found["left_out"]["reasons"] == [["base", "refused", 1]]
    assert [one[:3] for one in found["left_out"]["first"]] == [[2, "base", "refused"]]
    assert (found["whole"]["claims"], found["people"]["persons"]) == (2, 2)
    assert (found["whole"]["base"][0], found["whole"]["draft"][0]) == (140_000, 160_000)


def test_a_layer_that_only_one_side_has_keeps_its_column() -> None:
    without = dict(FILES[CODE])
    without["layers"] = FILES[CODE]["layers"][:1]
    facts = [fact(1, n, total=3_000_000) for n in range(2)]
    for base, draft in ((SCHEME, parse_scheme(without)), (parse_scheme(without), SCHEME)):
        found = compare(base, draft, facts)
        assert [one["code"] for one in found["layers"]] == [
            "basic",
            "critical_illness",
            "medical_aid",
        ]
        # 60,000 × 30 % − 11,000 = 7,000 at 60 %, from the second claim.
        has, lacks = ("base", "draft") if base is SCHEME else ("draft", "base")
        assert found["whole"][has] == [4_200_000, 420_000, 0]
        assert found["whole"][lacks] == [4_200_000, 0, 0]
        assert found["layers"][1][f"{has}_claims"] == 1
        assert found["layers"][1][f"{lacks}_claims"] == 0


def test_only_a_batch_of_claims_is_in_memory_and_the_lists_stay_short() -> None:
    """The facts are a stream: at each report no more than a batch and a resident were taken."""
    taken = 0

    def stream() -> Iterator[Fact]:
        nonlocal taken
        for n in range(3_000):
            taken += 1
            yield fact(n // 2, n, total=100_000 + n)

    ahead: list[int] = []
    found = compare(
        SCHEME,
        draft_scheme(special_rate="0.80"),
        stream(),
        lambda done: ahead.append(taken - done),
        batch=100,
    )
    assert len(ahead) == 30
    assert max(ahead) <= 1
    assert len(found["gainers"]) == comparison.LARGEST
    # The result does not grow with the year.
    few = compare(SCHEME, draft_scheme(special_rate="0.80"), [fact(n, n) for n in range(100)])
    assert len(json.dumps(found)) < len(json.dumps(few)) * 2


def test_the_largest_changes_come_first_and_ties_by_resident() -> None:
    totals = [100_000, 300_000, 200_000, 200_000]
    facts = [fact(n, n, total=total) for n, total in enumerate(totals, start=1)]
    found = compare(SCHEME, draft_scheme(special_rate="0.60"), facts)
    assert [one["person"] for one in found["losers"]] == [2, 3, 4, 1]
    assert found["gainers"] == []


@pytest.mark.parametrize(
    ("age", "band"), [(0, "0"), (6, "0"), (7, "7"), (17, "7"), (18, "18"), (79, "70"), (80, "80")]
)
def test_age_groups_begin_with_their_first_year(age: int, band: str) -> None:
    assert age_band(age) == band


def test_an_age_is_that_of_the_day_of_discharge() -> None:
    child = [
        Fact(fact(1, 1, discharged_on=date(YEAR, 5, 16)).claim, date(YEAR - 7, 5, 17)),
        Fact(fact(1, 2, discharged_on=date(YEAR, 5, 17)).claim, date(YEAR - 7, 5, 17)),
    ]
    groups = compare(SCHEME, SCHEME, child)["groups"]["age"]
    assert [(one["key"], one["claims"]) for one in groups] == [("0", 1), ("7", 1)]


@pytest.mark.parametrize(
    ("fen", "band"),
    [(0, 0), (1, 1), (10_000, 1), (10_001, 2), (-100_000, -2), (-100_001, -3), (2_000_001, 5)],
)
def test_a_band_holds_its_upper_end(fen: int, band: int) -> None:
    assert change_band(fen) == band


def test_parts_end_with_a_resident() -> None:
    facts = [fact(person, n) for n, person in enumerate([1, 1, 1, 2, 3, 3])]
    cut = [[one.claim.person_id for one in part] for part in whole_residents(facts, 2)]
    assert cut == [[1, 1, 1], [2, 3, 3]]


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
        "basic": (yuan("15650.00"), yuan("14900.00")),
        "critical_illness": (yuan("0.00"), yuan("0.00")),
        "medical_aid": (yuan("2012.50"), yuan("2345.00")),
    }
    assert figures.whole.difference == yuan("-417.50")
    assert [(one.person, one.difference) for one in figures.gainers] == [(first.pk, yuan("100.00"))]
    assert [(one.person, one.difference) for one in figures.losers] == [
        (second.pk, yuan("-475.00")),
        (third.pk, yuan("-42.50")),
    ]
    people = figures.people
    assert (people.gainers, people.gained) == (1, yuan("100.00"))
    assert (people.losers, people.lost) == (2, yuan("517.50"))
    kinds = {one.key: (one.claims, one.more, one.less) for one in figures.groups["kind"]}
    assert kinds == {"inpatient": (2, 0, 2), "special_outpatient": (2, 2, 0)}
    ages = {one.key: one.difference for one in figures.groups["age"]}
    assert ages == {"0": yuan("100.00"), "45": yuan("-475.00"), "80": yuan("-42.50")}
    identities = {one.key: one.difference for one in figures.groups["identity"]}
    assert identities == {"": yuan("-375.00"), "low_income": yuan("-42.50")}
    assert {one.key: one.losers for one in figures.people_by["identity"]} == {
        "": 1,
        "low_income": 1,
    }
    assert figures.other_order == yuan("0.00")


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
    assert figures.other_order == yuan("0.00")
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
    assert figures.other_order == yuan("-60.00")


def test_a_draft_for_next_year_changes_nothing_this_year(bureau: Any) -> None:
    officers = make_user(OFFICER), make_user(OFFICER)
    approved(FILES[CODE], officers)
    three_residents()
    settle()
    made = run(propose(draft_data(special_rate=("0.80", date(2027, 1, 1)))))
    figures = figures_of(made)
    assert figures.whole.difference == 0
    assert figures.people.unchanged == 3


def test_an_approved_proposal_is_compared_with_the_version_before_it(bureau: Any) -> None:
    officers = make_user(OFFICER), make_user(OFFICER)
    first = approved(FILES[CODE], officers)
    second = approved(draft_data(special_rate="0.80"), officers)
    three_residents()
    settle()
    made = run(second)
    assert (made.base_version, made.over_version) == (1, 1)
    figures = figures_of(made)
    assert figures.whole.difference == yuan("200.00")
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
    assert figures_of(asked).whole.difference == yuan("200.00")


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
    assert figures_of(asked).whole.difference == yuan("200.00")


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
