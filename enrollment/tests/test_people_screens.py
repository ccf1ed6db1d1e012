"""Residents and households as staff see them: masked, bounded, and written by named acts only."""

from datetime import date

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from enrollment.models import AccountChange, AssistanceIdentity, IdentityChange, Unmasking
from enrollment.tests.factories import (
    OTHER_TOWNSHIP,
    VILLAGE,
    enrol,
    make_bureau,
    make_household,
    make_identity,
    make_person,
    make_user,
)

LIST = "/enrollment/person/"
ACTS = {
    "account": "enrollment.correct_account",
    "grant": "enrollment.add_assistanceidentity",
    "unmask": "enrollment.unmask_person",
}
YEAR = timezone.localdate().year


@pytest.fixture
def staff(client, db):
    """Someone who may do everything with residents."""
    make_bureau()
    user = make_user(
        [
            "enrollment.view_person",
            "enrollment.view_household",
            "enrollment.view_accountchange",
            "enrollment.view_unmasking",
            "enrollment.change_assistanceidentity",
            *ACTS.values(),
        ]
    )
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return user


@pytest.fixture
def looker(client, db):
    """Someone who may only look."""
    make_bureau()
    user = make_user(["enrollment.view_person", "enrollment.view_household"])
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return user


def page_of(person):
    return reverse("admin:enrollment_person_change", args=[person.pk])


def act_on(person, name):
    return reverse(f"admin:enrollment_person_{name}", args=[person.pk])


def listed(client, **query):
    return {person.name for person in client.get(LIST, query).context["cl"].result_list}


def secrets_of(person):
    return [person.id_number, person.phone, person.account_no]


def test_the_list_costs_the_same_for_many(client, staff):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST).status_code == 200
        return len(captured)

    def add(count):
        for _n in range(count):
            person = make_person(household=make_household())
            enrol(person, YEAR)
            make_identity(person, starts_on=date(YEAR, 1, 1), ends_on=None)

    add(2)
    few = statements()
    add(15)
    assert statements() == few <= 13


@pytest.mark.parametrize("order", ["", "1", "-4"])
def test_the_list_finds_by_initials_in_any_order_and_with_filters(client, looker, order):
    for name in ("曾三", "张三", "仇三"):
        make_person(name=name)
    enrol(make_person(name="赵四"), YEAR)
    chosen = {"o": order} if order else {}
    assert listed(client, q="zs", **chosen) == {"曾三", "张三", "赵四"}
    assert listed(client, q="cs", **chosen) == {"曾三", "仇三"}
    assert listed(client, q="zs", enrolment=f"{YEAR}-active", **chosen) == {"赵四"}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("page", ["list", "card", "household", "account", "grant", "changes"])
def test_no_page_holds_a_full_number(client, staff, page, language):
    client.cookies["django_language"] = language
    person = make_person(household=make_household())
    enrol(person, YEAR)
    make_identity(person, starts_on=date(YEAR, 1, 1), ends_on=None)
    AccountChange.objects.create(
        person=person,
        old_account_no=person.account_no,
        new_account_no="6222026099990001",
        new_account_name=person.name,
        actor=staff,
        at=timezone.now(),
    )
    address = {
        "list": LIST,
        "card": page_of(person),
        "household": reverse("admin:enrollment_household_change", args=[person.household_id]),
        "account": act_on(person, "account"),
        "grant": act_on(person, "grant"),
        "changes": reverse("admin:enrollment_accountchange_changelist"),
    }[page]
    answer = client.get(address)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert person.name in html
    if page not in {"account", "grant", "changes"}:
        assert person.masked_id in html
    for secret in [*secrets_of(person), "6222026099990001"]:
        assert secret not in html


def test_the_card_shows_years_identities_and_family_in_bounded_statements(client, staff):
    household = make_household()
    person = make_person(name="田大妹", household=household)
    child = make_person(name="田小妹", household=household)
    enrol(person, YEAR, paid="400.00")
    enrol(person, YEAR - 1)
    make_identity(person, starts_on=date(YEAR - 1, 1, 1), ends_on=date(YEAR - 1, 12, 31))
    make_identity(person, "at_risk", starts_on=date(YEAR, 1, 1), ends_on=None)
    client.get(page_of(child))  # the first page of a process reads the kinds of records
    with CaptureQueriesContext(connection) as statements:
        html = client.get(page_of(person)).content.decode()
    assert len(statements) <= 19  # one of them writes down who reads
    for shown in (str(YEAR), str(YEAR - 1), "400.00", "田小妹", page_of(child), "holds", "ended"):
        assert shown in html
    assert 'name="_save"' not in html


@pytest.mark.parametrize("term", ["name", "prefix", "last4", "id", "id_lower"])
def test_residents_are_found_by_number_and_name(client, staff, term):
    person = make_person(name="彭大山")
    make_person(name="向彭大")
    text = {
        "name": "彭大山",
        "prefix": " 彭大",
        "last4": person.id_number[-4:],
        "id": person.id_number,
        "id_lower": person.id_number.lower(),
    }[term]
    assert listed(client, q=text) == {"彭大山"}


@pytest.mark.parametrize("term", ["无此人", "4331", "%", "_", "433127"])
def test_a_search_for_nothing_finds_nobody(client, staff, term):
    make_person(name="彭大山")
    assert listed(client, q=term) == set()


def test_the_filters(client, staff):
    here = make_person(name="甲", division_id=VILLAGE)
    there = make_person(name="乙", division_id=OTHER_TOWNSHIP)
    enrol(here, YEAR)
    enrol(there, YEAR, status="withdrawn")
    make_person(name="丙")
    make_identity(here, starts_on=date(YEAR, 1, 1), ends_on=None)
    make_identity(there, starts_on=date(YEAR - 1, 1, 1), ends_on=date(YEAR - 1, 12, 31))
    assert listed(client, township="433127116000") == {"甲", "丙"}
    assert listed(client, township=OTHER_TOWNSHIP) == {"乙"}
    assert listed(client, enrolment=f"{YEAR}-active") == {"甲"}
    assert listed(client, enrolment=f"{YEAR}-withdrawn") == {"乙"}
    assert listed(client, enrolment=f"{YEAR}-none") == {"丙"}
    assert listed(client, identity="low_income") == {"甲"}
    for unknown in ({"enrolment": "x-y"}, {"township": "1"}, {"identity": "z"}):
        assert listed(client, **unknown) == set()


@pytest.mark.parametrize("act", ACTS)
def test_who_may_only_look_is_offered_no_act(client, looker, act):
    person = make_person()
    before = person.account_no
    assert act_on(person, act) not in client.get(page_of(person)).content.decode()
    form = {"account_no": "6222026099990001", "account_name": "x", "reason": "x"}
    form |= {"kind": "low_income", "starts_on": "2026-01-01", "document": "x"}
    assert client.post(act_on(person, act), form).status_code == 403
    person.refresh_from_db()
    assert person.account_no == before
    assert (person.identities.count(), Unmasking.objects.count()) == (0, 0)


@pytest.mark.parametrize("path", ["add/", "{pk}/delete/", "{pk}/change/"])
def test_no_resident_is_written_by_hand(client, staff, path):
    person = make_person(name="不变")
    client.post(LIST + path.format(pk=person.pk), {"post": "yes", "name": "改名"})
    person.refresh_from_db()
    assert person.name == "不变"


def test_an_account_is_corrected(client, staff):
    person = make_person()
    answer = client.post(
        act_on(person, "account"), {"account_no": "6222 0212 3456 7894", "account_name": "张三"}
    )
    assert answer.headers["Location"] == page_of(person)
    person.refresh_from_db()
    assert (person.account_no, person.account_name) == ("6222021234567894", "张三")
    assert person.account_changes.get().actor == staff


def test_a_number_that_fails_its_check_digit_must_be_confirmed(client, staff):
    person = make_person()
    before = person.account_no
    form = {"account_no": "6222021234567890", "account_name": "张三"}
    html = client.post(act_on(person, "account"), form).content.decode()
    assert "The check digit does not fit a bank card" in html
    assert "6222021234567890" in html  # nothing typed is lost
    person.refresh_from_db()
    assert person.account_no == before
    client.post(act_on(person, "account"), form | {"compared": "on"})
    person.refresh_from_db()
    assert person.account_no == "6222021234567890"


def test_full_numbers_are_shown_once_and_logged(client, staff):
    person = make_person()
    page = client.get(act_on(person, "unmask"))
    assert all(secret not in page.content.decode() for secret in secrets_of(person))
    answer = client.post(act_on(person, "unmask"), {"reason": "核对银行退票"})
    assert all(secret in answer.content.decode() for secret in secrets_of(person))
    assert "no-store" in answer.headers["Cache-Control"]
    row = Unmasking.objects.get()
    assert (row.person, row.actor, row.reason) == (person, staff, "核对银行退票")
    log = client.get(reverse("admin:enrollment_unmasking_changelist")).content.decode()
    assert "核对银行退票" in log


@pytest.mark.parametrize("reason", ["", "   ", "长" * 501])
def test_without_a_reason_nothing_is_shown(client, staff, reason):
    person = make_person()
    html = client.post(act_on(person, "unmask"), {"reason": reason}).content.decode()
    assert all(secret not in html for secret in secrets_of(person))
    assert Unmasking.objects.count() == 0


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_logs_cannot_be_changed(staff, change):
    person = make_person()
    identity = make_identity(person)
    rows = [
        Unmasking.objects.create(person=person, actor=staff, at=timezone.now(), reason="x"),
        IdentityChange.objects.create(
            identity=identity,
            action="granted",
            starts_on=identity.starts_on,
            ends_on=None,
            document="x",
            actor=staff,
            at=timezone.now(),
        ),
    ]
    for row in rows:
        found = type(row).objects.filter(pk=row.pk)
        with pytest.raises(ProgrammingError), transaction.atomic():
            found.update(at=timezone.now()) if change == "update" else found.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Unmasking.objects.create(person=person, actor=staff, at=timezone.now(), reason="")


GRANT = {
    "kind": "low_income",
    "starts_on": "2026-03-01",
    "ends_on": "2026-12-31",
    "document": "民函〔2026〕7号",
}


def test_an_identity_is_granted_with_its_paper(client, staff):
    person = make_person()
    assert client.post(act_on(person, "grant"), GRANT).headers["Location"] == page_of(person)
    identity = person.identities.get()
    assert (identity.kind, identity.starts_on, identity.ends_on, identity.document) == (
        "low_income",
        date(2026, 3, 1),
        date(2026, 12, 31),
        "民函〔2026〕7号",
    )
    change = identity.changes.get()
    assert (change.action, change.actor, change.document) == ("granted", staff, "民函〔2026〕7号")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"starts_on": "2026-12-31"}, "already has this identity in that period"),
        ({"starts_on": "2027-01-01"}, "ends before it starts"),
        ({"document": ""}, "This field is required"),
        ({"kind": "rich"}, "Select a valid choice"),
    ],
)
def test_an_identity_that_cannot_stand_is_refused(client, staff, wrong, message):
    person = make_person()
    make_identity(person, starts_on=date(2026, 12, 31), ends_on=None)
    html = client.post(act_on(person, "grant"), GRANT | wrong).content.decode()
    assert message in html
    assert person.identities.count() == 1
    assert IdentityChange.objects.count() == 0


def test_another_kind_may_overlap(client, staff):
    person = make_person()
    make_identity(person, "at_risk", starts_on=date(2026, 1, 1), ends_on=None)
    client.post(act_on(person, "grant"), GRANT)
    assert person.identities.count() == 2


@pytest.mark.parametrize("ends_on", ["2999-06-30", "2998-12-31", "2999-12-31", "2900-01-01"])
def test_an_identity_is_ended_earlier_only(client, staff, ends_on):
    identity = make_identity(make_person(), starts_on=date(2999, 1, 1), ends_on=date(2999, 12, 31))
    url = reverse("admin:enrollment_person_identity_end", args=[identity.pk])
    client.post(url, {"ends_on": ends_on, "document": "民函〔2026〕9号"})
    identity.refresh_from_db()
    ended = ends_on == "2999-06-30"
    assert identity.ends_on == (date(2999, 6, 30) if ended else date(2999, 12, 31))
    assert identity.changes.count() == int(ended)


def test_what_ended_before_is_not_ended_again(client, staff):
    identity = make_identity(make_person(), starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31))
    url = reverse("admin:enrollment_person_identity_end", args=[identity.pk])
    html = client.post(url, {"ends_on": "2020-06-30", "document": "x"}).content.decode()
    assert "The identity ended on 2020-12-31." in html
    assert AssistanceIdentity.objects.get().ends_on == date(2020, 12, 31)


def test_only_who_may_ends_an_identity(client, looker):
    identity = make_identity(make_person())
    url = reverse("admin:enrollment_person_identity_end", args=[identity.pk])
    assert client.post(url, {"ends_on": "2026-06-30", "document": "x"}).status_code == 403
    identity.refresh_from_db()
    assert identity.ends_on == date(2026, 12, 31)


def test_households_cost_the_same_for_many(client, staff):
    url = reverse("admin:enrollment_household_changelist")

    def statements():
        with CaptureQueriesContext(connection) as captured:
            page = client.get(url)
        return len(captured), [row.member_count for row in page.context["cl"].result_list]

    make_person(household=make_household("A1"))
    few, counts = statements()
    assert counts == [1]
    for n in range(10):
        make_household(f"B{n}")
    many, counts = statements()
    assert many == few
    assert counts == [1] + [0] * 10
