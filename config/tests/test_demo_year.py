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
from config.demo.year.population import Population
from config.demo.year.sources import KINDS, Target, year_facts

ON = date(2026, 11, 24)
SMALL = 4_219  # a hundredth of the county


def draw_year(residents, *, seed):
    """The population, its residents and the bills of the year."""
    facts, rng, people = year_facts(), Random(seed), Population()
    special = facts.scaled(facts.special, residents)
    drawn = list(draw_residents(residents, special=special, on=ON, rng=rng))
    for resident in drawn:
        people.add(resident)
    year = Year(people, months_before(ON), Bills(institutions(), people.divisions), rng)
    volume = {k: facts.scaled(target.count, residents) for k, target in facts.targets.items()}
    patients = facts.scaled(facts.patients, residents)
    bills = [
        *year.inpatient(volume[INPATIENT], patients),
        *year.special(volume[SPECIAL]),
        *year.general(volume[GENERAL]),
    ]
    return people, drawn, bills


@pytest.fixture(scope="module")
def small():
    return draw_year(SMALL, seed=1)


def test_the_report_scales_to_one_in_a_hundred():
    facts = year_facts()
    counts = [facts.scaled(facts.targets[kind].count, SMALL) for kind in KINDS]
    assert counts == [1173, 294, 3329]
    assert facts.scaled(facts.patients, SMALL) == 709
    assert facts.scaled(facts.special, SMALL) == 635
    assert facts.scaled(facts.special, facts.residents) == 63_500


def test_counts_are_met_exactly_and_patients_are_different_people(small):
    _people, _drawn, bills = small
    assert Counter(bill.kind for bill in bills) == {INPATIENT: 1173, SPECIAL: 294, GENERAL: 3329}
    assert len({bill.nth for bill in bills if bill.kind == INPATIENT}) == 709


def test_everybody_is_covered_and_lies_in_one_bed_at_a_time(small):
    _people, drawn, bills = small
    stays = defaultdict(list)
    for bill in bills:
        day = date.fromordinal(bill.discharged)
        resident = drawn[bill.nth]
        assert day.year in resident.years
        assert resident.born_on < day
        assert (bill.admitted > 0) == (bill.kind == INPATIENT)
        if bill.admitted:
            assert resident.born_on.toordinal() <= bill.admitted <= bill.discharged
            stays[bill.nth].append((bill.admitted, bill.discharged))
    for days in stays.values():
        days.sort()
        assert all(last < first for (_, last), (first, _) in pairwise(days))


def test_illness_fits_sex_age_and_season(small):
    people, drawn, bills = small
    for bill in bills:
        if bill.kind == SPECIAL:
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
            assert place.kind in ("hospital", "village_clinic")
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
    _people, drawn, bills = draw_year(SMALL, seed=seed)
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
        )
        before = balances.get((bill.nth, day.year), scheme.zeros())
        paid, _steps, after = rules.settle(tuple(bill.treatment.costs), NOTHING_PAID, before)
        balances[bill.nth, day.year] = after
        fund[bill.kind] += paid[0]
        counts[bill.kind] += 1
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
