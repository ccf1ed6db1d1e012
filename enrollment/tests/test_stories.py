"""The registry of a page's sections, and what enrolment tells of a resident."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from enrollment.models import AccountChange, Household, Person, PremiumStandard, Unmasking
from enrollment.stories import sections
from enrollment.stories.sections import (
    EVENTS_SHOWN,
    Event,
    Told,
    register_section,
    sections_of,
    tell,
)
from enrollment.tests.factories import (
    enrol,
    make_bureau,
    make_household,
    make_identity,
    make_person,
    make_user,
)

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year


@pytest.fixture
def registry(monkeypatch):
    monkeypatch.setattr(sections, "_sections", {})


def add(key, *, load=lambda record, user: Told(), permission="enrollment.view_person", order=1):
    register_section(
        Household,
        key,
        key,
        load=load,
        template="x.html",
        permission=permission,
        order=order,
        statements=0,
    )


def keys(story):
    return [chapter.section.key for chapter in story.chapters]


def test_sections_come_in_their_order_and_only_for_who_may_read_them(registry):
    add("last", order=30)
    add("first", order=10)
    add("secret", order=20, permission="enrollment.view_unmasking")
    household = make_household()
    assert keys(tell(household, make_user(["enrollment.view_person"]))) == ["first", "last"]
    both = make_user(["enrollment.view_person", "enrollment.view_unmasking"])
    assert keys(tell(household, both)) == ["first", "secret", "last"]
    assert keys(tell(household, make_user())) == []


def test_what_may_not_be_read_is_not_loaded(registry):
    def load(record, user):
        raise AssertionError("loaded")

    add("secret", load=load)
    assert keys(tell(make_household(), make_user())) == []


def test_a_section_with_nothing_to_tell_is_left_out(registry):
    add("empty", load=lambda record, user: None)
    assert keys(tell(make_household(), make_user(["enrollment.view_person"]))) == []


def test_the_same_section_twice_is_refused(registry):
    add("one")
    with pytest.raises(ImproperlyConfigured):
        add("one")


def test_the_timeline_holds_the_newest_events_of_all_sections(registry):
    day = date(2026, 1, 1)
    many = [Event(day + timedelta(days=n), str(n)) for n in range(EVENTS_SHOWN)]
    add("many", load=lambda record, user: Told(events=many))
    add("one", load=lambda record, user: Told(events=[Event(date(2027, 1, 1), "newest")]), order=2)
    story = tell(make_household(), make_user(["enrollment.view_person"]))
    assert story.is_cut
    assert len(story.events) == EVENTS_SHOWN
    assert story.events[0].what == "newest"
    assert [event.on for event in story.events] == sorted(
        (event.on for event in story.events), reverse=True
    )


@pytest.fixture
def reader(client):
    """Somebody who may read all that enrolment tells, in English."""
    make_bureau()
    user = make_user(["enrollment.view_person", "enrollment.view_unmasking"])
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return user


@pytest.fixture
def resident(reader):
    """Someone with two of everything that enrolment tells of."""
    household = make_household()
    person = make_person(name="田大妹", household=household)
    make_person(name="田小妹", household=household)
    for year in (YEAR, YEAR - 1):
        enrol(person, year, paid=Decimal("400.00"), paid_on=date(year - 1, 12, 1))
    make_identity(person, starts_on=date(YEAR - 1, 1, 1), ends_on=date(YEAR - 1, 12, 31))
    make_identity(person, "at_risk", starts_on=date(YEAR, 1, 1), ends_on=None)
    for account in ("6222026099990001", "6222026099990002"):
        AccountChange.objects.create(
            person=person,
            old_account_no=person.account_no,
            new_account_no=account,
            new_account_name=person.name,
            actor=reader,
            at=timezone.now(),
        )
        Unmasking.objects.create(person=person, actor=reader, at=timezone.now(), reason="核对退票")
    return person


@pytest.mark.parametrize("key", ["years", "identities", "household", "accounts", "looks"])
def test_each_section_keeps_to_its_statements(reader, resident, key):
    (section,) = [one for one in sections_of(Person) if one.key == key]
    person = Person.objects.get(pk=resident.pk)
    with CaptureQueriesContext(connection) as captured:
        told = section.load(person, reader)
    assert told.count == 2
    assert len(captured) <= section.statements


def test_a_year_shows_premium_and_subsidies_with_what_they_are_the_sum_of(client, reader, resident):
    standard, _made = PremiumStandard.objects.get_or_create(
        year=YEAR, defaults={"personal": Decimal("400.00"), "source": "文件一"}
    )
    standard.subsidies.all().delete()
    standard.subsidies.create(tier="central", amount=Decimal("420.00"))
    standard.subsidies.create(tier="county", amount=Decimal("250.50"))
    PremiumStandard.objects.filter(year=YEAR - 1).delete()
    page = client.get(reverse("admin:enrollment_person_change", args=[resident.pk]))
    years = page.context["story"].chapters[0].told.facts["lines"]
    assert [line.subsidy for line in years] == [Decimal("670.50"), None]
    assert [line.whole for line in years] == [Decimal("1070.50"), None]
    html = page.content.decode()
    for shown in ("420.00", "250.50", "670.50", "1,070.50", "central government"):
        assert shown in html


def test_looks_at_full_numbers_are_told_to_who_may_read_that_log_only(client, reader, resident):
    address = reverse("admin:enrollment_person_change", args=[resident.pk])
    assert "核对退票" in client.get(address).content.decode()
    client.force_login(make_user(["enrollment.view_person"]))
    html = client.get(address).content.decode()
    assert "核对退票" not in html
    assert 'data-part="looks"' not in html
    assert 'data-part="years"' in html


def test_the_page_tells_no_part_of_claims_to_who_may_not_see_them(client, reader, resident):
    html = client.get(
        reverse("admin:enrollment_person_change", args=[resident.pk])
    ).content.decode()
    for part in ("claims", "counters", "payments", "findings"):
        assert f'data-part="{part}"' not in html
