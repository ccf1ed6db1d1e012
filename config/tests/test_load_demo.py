"""The demonstration county: consistent, the same for the same seed, loaded once."""

import hashlib
import json
from collections import Counter, defaultdict
from decimal import Decimal
from io import StringIO
from random import Random

import pytest
from django.core.management import call_command
from django.db import transaction
from stdnum import luhn

from claims.certificates.models import SpecialCertificate
from claims.intake.models import Claim
from claims.outofarea.models import AreaFiling
from claims.payments.models import PaymentOrder
from claims.specialcare.models import SpecialApplication
from config.demo.county.accounts import demo_password, staff_members
from config.demo.county.illness import Illnesses
from config.demo.county.loading import RealDataPresent
from config.demo.county.people import draw_residents
from config.demo.county.sources import county
from config.management.commands.load_demo import SCALES
from config.roles import ROLES
from config.tests.small_county import FEW, ON, load
from enrollment.models import Bureau, Person, User
from enrollment.tests.factories import make_person
from enrollment.values.identifiers import parse_resident_id
from supervision.inspections.models import Visit

SPECIAL = 60  # of the residents of FEW, as in the report: 15 %


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_county():
    digests = []
    for seed in (1, 1, 2):
        with transaction.atomic():
            load(seed=seed)
            digests.append(_digest())
            transaction.set_rollback(True)
    assert digests[0] == digests[1] != digests[2]


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
    assert SpecialCertificate.objects.count() == AreaFiling.objects.count() == 0
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
        member.username for member in staff_members()
    ]
    password = demo_password(tmp_path)
    assert all(account["password"] == password for account in report["accounts"])
    assert User.objects.get(username="clerk1").check_password(password)
    assert (tmp_path / "demo-password").stat().st_mode & 0o777 == 0o600


def drawn_residents(seed=1):
    return list(draw_residents(FEW.residents, special=SPECIAL, on=ON, rng=Random(seed)))


def test_residents_are_the_same_for_the_same_seed_and_valid():
    people = drawn_residents()
    assert people == drawn_residents()
    assert people != drawn_residents(seed=2)
    assert len({one.id_number for one in people}) == len(people)
    for one in people:
        number = parse_resident_id(one.id_number)
        assert number.born_on == one.born_on < ON
        assert number.is_male == (one.sex == "male")
        assert not one.account_no or luhn.is_valid(one.account_no)
        assert len(one.phone) in (0, 11)


@pytest.mark.parametrize("seed", range(5))
def test_as_many_are_enrolled_and_in_special_groups_as_asked_for(seed):
    enrolled = [one for one in drawn_residents(seed) if ON.year in one.years]
    assert len(enrolled) == FEW.residents
    assert sum(bool(one.category) for one in enrolled) == SPECIAL


def test_households_are_of_plausible_age_and_make_up():
    people = list(draw_residents(4_000, special=602, on=ON, rng=Random(1)))
    assert 45 <= sum(one.sex == "male" for one in people) * 100 // len(people) <= 55
    ages = Counter(min(one.age_on(ON) // 20 * 20, 80) for one in people)
    shares = {age: count * 100 // len(people) for age, count in ages.items()}
    assert 18 <= shares[0] <= 32
    assert 30 <= shares[20] + shares[40] <= 60
    assert 12 <= shares[60] <= 28
    assert 1 <= shares[80] <= 8
    households = defaultdict(list)
    for one in people:
        households[one.household_no].append(one)
    sizes = Counter(len(members) for members in households.values())
    assert 25 <= len(people) * 10 // len(households) <= 40  # 2.5 to 4 a household
    assert set(sizes) <= set(range(1, 8))
    for members in households.values():
        assert len({one.division for one in members}) == 1
        assert max(one.age_on(ON) for one in members) >= 18


def test_every_role_has_an_account():
    assert {member.role for member in staff_members()} == set(ROLES)
    assert len({member.username for member in staff_members()}) == len(staff_members())
    assert all(member.name for member in staff_members())


def test_a_role_added_later_gets_an_account_too(monkeypatch):
    monkeypatch.setitem(ROLES, "night_watch", [])
    staff_members.cache_clear()
    added = [member for member in staff_members() if member.role == "night_watch"]
    monkeypatch.undo()
    staff_members.cache_clear()
    assert [member.username for member in added] == ["night-watch1"]
    assert added[0].name in county().spare_names


def test_bills_are_the_same_for_the_same_seed_and_can_be_submitted():
    def drawn():
        return list(Illnesses(drawn_residents(), Random(3)).of_day(ON, 200))

    bills = drawn()
    assert bills == drawn()
    assert len({bill.invoice_no for bill in bills}) == 200
    for bill in bills:
        parts = bill.excluded + bill.over_limit + bill.first_self_pay
        assert Decimal(0) <= parts < bill.total
        assert bill.discharged_on < ON
        assert bill.discharged_on.year in bill.resident.years
        assert (bill.admitted_on is not None) == (bill.kind in ("inpatient", "maternity"))
    kinds = Counter(bill.kind for bill in bills)
    assert set(kinds) == set(Claim.Kind.values)
    births = [bill for bill in bills if bill.kind == "maternity"]
    assert {bill.resident.sex for bill in births} == {"female"}


def _digest():
    """Everything that does not depend on keys or on what the sequences had given out before."""
    claims = Claim.objects.order_by("pk").values_list(
        "state", "source", "person__name", "institution__code", "kind", "filing", "admitted_on",
        "discharged_on", "detail", "diagnosis", "invoice_no", "visit_no", "total", "excluded",
        "over_limit", "first_self_pay", "entered_by__username", "entered_at", "approved_on",
        "settled__paid",
    )  # fmt: skip
    facts = [
        list(Person.objects.order_by("pk").values_list("name", "sex", "born_on", "division_id")),
        list(claims),
        list(PaymentOrder.objects.order_by("pk").values_list("state", "amount", "paid_on")),
        list(Visit.objects.order_by("pk").values_list("institution__code", "visited_on")),
        list(
            SpecialCertificate.objects.order_by("pk").values_list(
                "person__name", "disease__code", "starts_on", "ends_on", "state", "revoked_from"
            )
        ),
        list(
            SpecialApplication.objects.order_by("pk").values_list(
                "person__name", "diagnosis", "state", "filed_at", "filed_by__username"
            )
        ),
        list(
            AreaFiling.objects.order_by("pk").values_list(
                "person__name", "kind", "starts_on", "ends_on", "place", "letter_no", "state"
            )
        ),
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()
