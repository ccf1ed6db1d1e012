"""The year behind the demonstration: drawn to the report's volumes, settling near its averages."""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest

from claims.benefit.loading import shipped_schemes
from claims.benefit.scheme import NOTHING_PAID
from config.demo.county.people import draw_residents
from config.demo.county.sources import institutions
from config.demo.year.bills import Bills, Deck
from config.demo.year.calibration import Nearness
from config.demo.year.illness import GENERAL, INPATIENT, SPECIAL, Year
from config.demo.year.months import Month, months_before, working_day
from config.demo.year.play import draw
from config.demo.year.population import Population
from config.demo.year.sources import (
    COUNTED_AS,
    KINDS,
    MATERNITY,
    TWO_DISEASES,
    Target,
    year_facts,
)

ON = date(2026, 11, 24)
SMALL = 4_219  # a hundredth of the county
RECHECKS = (date(2025, 12, 28), date(2026, 3, 27), date(2026, 6, 29))


def draw_year(residents, *, seed):
    """The population, its residents and the bills of the year."""
    facts, rng, people = year_facts(), Random(seed), Population()
    special = facts.scaled(facts.special, residents)
    drawn = list(draw_residents(residents, special=special, on=ON, rng=rng))
    for resident in drawn:
        people.add(resident)
    year = Year(people, months_before(ON), Bills(institutions(), people.divisions), rng, RECHECKS)
    bills = [bill for of_one_kind in draw(year, residents) for bill in of_one_kind]
    return people, drawn, bills, year


@pytest.fixture(scope="module")
def drawn_year():
    return draw_year(SMALL, seed=1)


@pytest.fixture
def small(drawn_year):
    return drawn_year[:3]


def test_the_report_scales_to_one_in_a_hundred():
    facts = year_facts()
    counts = [facts.scaled(facts.targets[kind].count, SMALL) for kind in KINDS]
    assert counts == [1173, 294, 3329]
    assert facts.scaled(facts.patients, SMALL) == 709
    assert facts.scaled(facts.special, SMALL) == 635
    assert facts.scaled(facts.special, facts.residents) == 63_500


def test_counts_are_met_exactly_and_patients_are_different_people(small):
    _people, _drawn, bills = small
    kinds = Counter(bill.kind for bill in bills)
    assert set(kinds) == {INPATIENT, SPECIAL, GENERAL, MATERNITY, TWO_DISEASES}
    counted = Counter(COUNTED_AS.get(bill.kind, bill.kind) for bill in bills)
    assert counted == {INPATIENT: 1173, SPECIAL: 294, GENERAL: 3329}
    assert kinds[TWO_DISEASES] == 532
    assert len({bill.nth for bill in bills if bill.kind in (INPATIENT, MATERNITY)}) == 709


def test_births_are_those_of_the_children_on_the_roll(drawn_year):
    people, drawn, bills, year = drawn_year
    births = [bill for bill in bills if bill.kind == MATERNITY]
    assert len(births) == len({bill.nth for bill in births}) > 20
    assert {bill.nth for bill in births} == year.mothers
    assert {bill.diagnosis.detail for bill in births} == {"natural", "caesarean"}
    at_home = defaultdict(list)
    for resident in drawn:
        at_home[resident.household_no].append(resident)
    for bill in births:
        mother = drawn[bill.nth]
        assert mother.sex == "female"
        children = [
            one
            for one in at_home[mother.household_no]
            if bill.admitted <= one.born_on.toordinal() <= bill.discharged
        ]
        assert children
        assert 20 <= mother.age_on(children[0].born_on) <= 42
        assert people.households[bill.nth] == int(mother.household_no[-6:])


def test_medicines_go_to_patients_of_their_own_who_come_again(drawn_year):
    _people, _drawn, bills, year = drawn_year
    patients = defaultdict(set)
    for bill in bills:
        if bill.kind == TWO_DISEASES:
            patients[bill.nth].add(bill.diagnosis.detail)
    assert len(patients) == 135  # of 532 visits four each, each disease rounded up
    assert all(len(details) == 1 for details in patients.values())
    assert set.union(*patients.values()) == {"hypertension", "diabetes", "both"}
    assert not patients.keys() & year.recognised.keys()


def test_special_visits_begin_with_the_certificate(drawn_year):
    _people, _drawn, bills, year = drawn_year
    visits = defaultdict(list)
    for bill in bills:
        if bill.kind == SPECIAL:
            visits[bill.nth].append(bill)
    new = [held for held in year.recognised.values() if held.is_new]
    assert 5 <= len(new) < len(year.recognised) // 4
    assert {held.since for held in new} <= set(RECHECKS)
    for nth, own in visits.items():
        held = year.recognised[nth]
        assert {bill.diagnosis for bill in own} == {held.disease}
        assert held.since.toordinal() <= min(bill.discharged for bill in own)
        assert held.last_visit == max(bill.discharged for bill in own)


def test_stays_in_one_area_are_filed_alike_and_nobody_lives_in_two(small):
    filings = defaultdict(set)
    for bill in small[2]:
        if bill.treatment.filing != "none":
            filings[bill.nth, bill.treatment.institution[1:5]].add(bill.treatment.filing)
    assert all(len(found) == 1 for found in filings.values())
    assert set.union(*filings.values()) == {"filed", "referred", "unfiled"}
    homes = [nth for (nth, _area), found in filings.items() if found == {"filed"}]
    assert len(homes) == len(set(homes))


def test_everybody_is_covered_and_lies_in_one_bed_at_a_time(small):
    _people, drawn, bills = small
    stays = defaultdict(list)
    for bill in bills:
        day = date.fromordinal(bill.discharged)
        resident = drawn[bill.nth]
        assert day.year in resident.years
        assert resident.born_on < day
        assert (bill.admitted > 0) == (bill.kind in (INPATIENT, MATERNITY))
        if bill.admitted:
            assert resident.born_on.toordinal() <= bill.admitted <= bill.discharged
            stays[bill.nth].append((bill.admitted, bill.discharged))
    for days in stays.values():
        days.sort()
        assert all(last < first for (_, last), (first, _) in pairwise(days))


def test_illness_fits_sex_age_and_season(small):
    people, drawn, bills = small
    for bill in bills:
        if bill.kind in (SPECIAL, TWO_DISEASES):
            continue  # a chronic disease was recognised at some earlier day
        day = date.fromordinal(bill.discharged)
        ages = {drawn[bill.nth].age_on(day), people.age_on(bill.nth, day)}
        sex, disease = drawn[bill.nth].sex, bill.diagnosis
        assert disease.sex in ("", sex)
        near = any(
            disease.fits(sex=sex, age=age + around, month=day.month)
            for age in ages
            for around in (-1, 0, 1)  # ages are counted in average years
        )
        assert near, (disease.name, ages, day)
    old = [bill for bill in bills if drawn[bill.nth].age_on(ON) >= 60 and bill.kind == INPATIENT]
    assert 45 <= len(old) * 100 // 1173 <= 70
    winter = [b for b in bills if date.fromordinal(b.discharged).month in (12, 1, 3)]
    summer = [b for b in bills if date.fromordinal(b.discharged).month in (6, 7, 8)]
    assert len(winter) > len(summer)


def test_places_are_where_such_illness_is_treated(small):
    _people, _drawn, bills = small
    rows = {row.code: row for row in institutions()}
    levels, dear = Counter(), Counter()
    for bill in bills:
        place = rows[bill.treatment.institution]
        far = not place.division.startswith("433127")
        assert place.agreement != "expired"
        assert place.agreement == "current" or bill.treatment.source == "window"
        assert (bill.treatment.filing == "none") != far
        if bill.kind == INPATIENT:
            assert place.kind == "hospital"
            levels[place.level] += 1
            dear[place.level] += bill.treatment.costs.total
        if bill.kind == GENERAL:
            assert place.level == "township"
        if bill.kind in (GENERAL, TWO_DISEASES):
            assert place.kind in ("hospital", "village_clinic")
            assert place.level in ("township", "county")
        if bill.kind == MATERNITY:
            assert not far
            assert place.kind == "hospital"
    averages = [dear[level] / levels[level] for level in ("township", "county", "city", "province")]
    assert averages == sorted(averages)
    assert sum(levels[level] for level in ("township", "county")) > 900


def test_bills_add_up(small):
    for bill in small[2]:
        total, *parts = bill.treatment.costs
        assert min(parts) >= 0
        assert sum(parts) < total


def test_the_same_seed_draws_the_same_year_another_seed_another():
    first, again, other = (draw_year(400, seed=seed)[2] for seed in (3, 3, 4))
    assert first == again
    assert first != other


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_small_year_settles_within_a_tenth_of_the_reports_averages(seed):
    _people, drawn, bills, _year = draw_year(SMALL, seed=seed)
    scheme = shipped_schemes()["yongshun-resident"]
    rows = {row.code: row for row in institutions()}
    balances, fund, counts = {}, Counter(), Counter()
    for bill in sorted(bills, key=lambda bill: (bill.nth, bill.discharged)):
        day, place = date.fromordinal(bill.discharged), rows[bill.treatment.institution]
        rules = scheme.rules(
            day,
            bill.kind,
            place.level,
            place.division.startswith("433127"),
            bill.treatment.filing,
            identities=frozenset({drawn[bill.nth].category}) - {""},
            detail=bill.diagnosis.detail,
        )
        before = balances.get((bill.nth, day.year), scheme.zeros())
        paid, _steps, after = rules.settle(tuple(bill.treatment.costs), NOTHING_PAID, before)
        balances[bill.nth, day.year] = after
        counted = COUNTED_AS.get(bill.kind, bill.kind)
        fund[counted] += paid[0]
        counts[counted] += 1
    for kind, target in year_facts().targets.items():
        near = Nearness(kind, counts[kind], Decimal(fund[kind]).scaleb(-2), target)
        assert near.is_near, (kind, near.average, near.deviation)


def test_nearness_is_arithmetic_to_the_fen():
    target = Target(3, Decimal("100.00"))
    near = Nearness("inpatient", 3, Decimal("330.00"), target)
    assert (near.average, near.deviation) == (Decimal("110.00"), Decimal("10.00"))
    assert near.is_near
    far = Nearness("inpatient", 3, Decimal("330.04"), target)
    assert (far.average, far.deviation) == (Decimal("110.01"), Decimal("10.01"))
    assert not far.is_near
    none = Nearness("inpatient", 0, Decimal(0), target)
    assert (none.average, none.deviation) == (None, None)
    assert not none.is_near


def test_a_deck_deals_every_card_before_it_begins_again():
    deck, rng = Deck.of({"a": 3, "b": 1}), Random(1)
    for _round in range(3):
        assert Counter(deck.deal(rng) for _nth in range(4)) == {"a": 3, "b": 1}


def test_twelve_whole_months_that_were_paid_before_the_day():
    months = months_before(ON)
    assert [f"{month}" for month in months][::11] == ["2025-11", "2026-10"]
    assert months[-1] == Month(date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 10))
    assert months[-1].paid_on == date(2026, 11, 11)
    # Settled on Saturday 10 October, paid on Monday the 12th: not yet paid on that day.
    assert f"{months_before(date(2026, 10, 12))[-1]}" == "2026-08"
    assert f"{months_before(date(2026, 10, 13))[-1]}" == "2026-09"


def test_a_working_day_is_the_day_or_the_monday_after():
    assert working_day(date(2026, 11, 27)) == date(2026, 11, 27)
    assert working_day(date(2026, 11, 28)) == working_day(date(2026, 11, 29)) == date(2026, 11, 30)
