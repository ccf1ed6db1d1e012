"""The demonstration county: consistent, the same for the same seed, loaded once."""

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from io import StringIO
from random import Random

import pytest
from django.core.management import call_command
from stdnum import luhn

from claims.intake.models import Claim, ClaimState
from claims.ledger.checks import verify
from claims.payments.models import BatchState, OrderState, PaymentBatch, PaymentOrder
from config.demo.county.accounts import demo_password
from config.demo.county.illness import Illnesses
from config.demo.county.loading import RealDataPresent, Scale, load_county
from config.demo.county.people import draw_residents
from config.demo.county.sources import county
from config.management.commands.load_demo import SCALES
from enrollment.coverage.selectors import coverage_on
from enrollment.institutions.selectors import designation_on
from enrollment.models import Bureau, Institution, Person, User
from enrollment.tests.factories import make_person
from enrollment.values.identifiers import parse_resident_id
from supervision.cases.models import Case, CaseState
from supervision.inspections.models import Visit

ON = date(2026, 11, 24)
FEW = Scale(residents=600, days=3)


def load(**options):
    defaults = {"on": ON, "seed": 1, "scale": FEW, "password": "a-password-for-tests"}
    return load_county(**{**defaults, **options})


@pytest.mark.django_db
def test_the_county_is_there_in_all_its_states_and_the_books_are_true():
    loaded = load()
    assert loaded.loaded
    assert loaded.residents >= FEW.residents
    assert loaded.institutions == Institution.objects.count() == 32
    states = Counter(Claim.objects.values_list("state", flat=True))
    assert set(states) == set(ClaimState.values)
    assert states["held"] == states["rejected"] == 1
    assert states["approved"] == 4
    orders = Counter(PaymentOrder.objects.values_list("state", flat=True))
    assert orders[OrderState.FAILED] == 1
    assert orders[OrderState.REPLACED] == 1
    assert orders[OrderState.PAID] > 40
    batches = Counter(PaymentBatch.objects.values_list("state", flat=True))
    assert batches[BatchState.DRAFT] == 1
    assert set(Case.objects.values_list("state", flat=True)) == {
        CaseState.FILED,
        CaseState.NOTIFIED,
        CaseState.DECIDED,
        CaseState.CLOSED,
    }
    assert Visit.objects.count() == 8
    assert [check for check in verify() if not check.ok] == []


@pytest.mark.django_db
def test_today_somebody_is_covered_somebody_is_not_and_institutions_differ():
    load()
    covered = [coverage_on(person, ON) is not None for person in Person.objects.all()]
    assert 0 < covered.count(False) < covered.count(True) // 10
    on_the_day = [designation_on(one, ON) for one in Institution.objects.all()]
    assert sum(one.is_suspended for one in on_the_day) == 1
    assert sum(not one.is_designated for one in on_the_day) == 2
    assert Bureau.objects.get().is_demonstration


@pytest.mark.django_db
def test_a_second_load_changes_nothing():
    load()
    before = _facts()
    again = load(seed=2)
    assert not again.loaded
    assert _facts() == before


@pytest.mark.django_db
def test_a_database_with_other_residents_is_refused_and_stays_as_it_is():
    make_person()
    bureaus = Bureau.objects.count()
    with pytest.raises(RealDataPresent):
        load()
    assert Person.objects.count() == 1
    assert Bureau.objects.count() == bureaus
    assert not User.objects.filter(username="clerk1").exists()


@pytest.mark.django_db
def test_a_dry_run_writes_nothing():
    assert load(dry_run=True).claims > 60
    assert Person.objects.count() == Claim.objects.count() == 0
    assert not Bureau.objects.filter(is_demonstration=True).exists()


@pytest.mark.django_db
def test_the_command_lists_one_account_per_person_of_staff(tmp_path, settings, monkeypatch):
    monkeypatch.setitem(SCALES, "small", FEW)
    settings.PORTAL_DATA_DIR = tmp_path
    out, notes = StringIO(), StringIO()
    call_command("load_demo", on="2026-11-24", stdout=out, stderr=notes)
    report = json.loads(out.getvalue())
    assert report["loaded"] is True
    assert [account["username"] for account in report["accounts"]] == [
        member.username for member in county().staff
    ]
    password = demo_password(tmp_path)
    assert all(account["password"] == password for account in report["accounts"])
    assert User.objects.get(username="clerk1").check_password(password)
    assert (tmp_path / "demo-password").stat().st_mode & 0o777 == 0o600


def test_residents_are_the_same_for_the_same_seed_and_valid():
    people = draw_residents(FEW.residents, on=ON, rng=Random(1))
    assert people == draw_residents(FEW.residents, on=ON, rng=Random(1))
    assert people != draw_residents(FEW.residents, on=ON, rng=Random(2))
    assert len({one.id_number for one in people}) == len(people)
    for one in people:
        number = parse_resident_id(one.id_number)
        assert number.born_on == one.born_on < ON
        assert number.is_male == (one.sex == "male")
        assert not one.account_no or luhn.is_valid(one.account_no)
    aided = sum(bool(one.category) for one in people)
    assert 10 <= aided * 100 // len(people) <= 20


def test_bills_are_the_same_for_the_same_seed_and_can_be_submitted():
    def drawn():
        rng = Random(3)
        return list(Illnesses(draw_residents(FEW.residents, on=ON, rng=rng), rng).of_day(ON, 200))

    bills = drawn()
    assert bills == drawn()
    assert len({bill.invoice_no for bill in bills}) == 200
    for bill in bills:
        parts = bill.excluded + bill.over_limit + bill.first_self_pay
        assert Decimal(0) <= parts < bill.total
        assert bill.discharged_on < ON
        assert bill.discharged_on.year in bill.resident.years
        assert (bill.admitted_on is not None) == (bill.kind == "inpatient")


def _facts():
    return (
        list(Person.objects.order_by("pk").values_list("pk", "id_digest", "name")),
        list(Claim.objects.order_by("pk").values_list("number", "state", "total")),
        list(User.objects.order_by("pk").values_list("username", "password")),
        list(PaymentOrder.objects.order_by("pk").values_list("number", "state", "amount")),
    )
