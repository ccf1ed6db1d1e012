"""Residents: finding them, their identities, corrections of the account."""

from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from enrollment.residents.models import (
    AccountChange,
    Household,
    IdentityChange,
    Person,
    Unmasking,
)
from enrollment.residents.readings import PersonReading
from enrollment.residents.selectors import (
    find_persons,
    held_on,
    identities_for,
    identities_on,
    identity_periods,
    matching_persons,
)
from enrollment.residents.services import (
    AccountRefused,
    account_warning,
    correct_account,
    end_identity,
    grant_identity,
    unmask_person,
)
from enrollment.tests.factories import (
    TOWNSHIP,
    make_household,
    make_identity,
    make_person,
    make_user,
)
from enrollment.tests.planner import pretend_rows
from enrollment.transitions.table import NotPermitted, ReasonMissing
from enrollment.values.initials import MAX_READINGS, initials_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)


def test_a_person_is_found_by_full_number_last_four_and_name_prefix() -> None:
    li = make_person(name="李秀英")
    make_person(name="李秀")
    make_person(name="王秀英")
    assert find_persons(li.id_number) == [li]
    assert find_persons(f" {li.id_number[:6]} {li.id_number[6:]} ".lower()) == [li]
    assert li in find_persons(li.id_number[-4:].lower())
    assert [p.name for p in find_persons("李秀")] == ["李秀", "李秀英"]
    assert find_persons("秀英") == []


@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("张三", ["zs", "ZS", " z s ", "Zs"]),
        ("张小明", ["ZX", "zxm"]),
        ("单国强", ["SGQ", "dg", "cgq"]),
        ("仇和", ["QH", "CH"]),
        ("曾志伟", ["ZZW", "CZ"]),
        ("查文斌", ["ZWB", "CWB"]),
        ("吕布", ["LB"]),
        ("阿依古丽·买买提", ["AYGLMMT"]),
        ("Maria", ["maria", "MA"]),
        ("阿卜杜热西提·买买提艾力汗阿吉", ["ABDRXTMMTALHAJ"]),
    ],
)
def test_a_person_is_found_by_initials_in_every_reading(name: str, queries: list[str]) -> None:
    found = make_person(name=name)
    make_person(name="田大力")
    for query in queries:
        assert find_persons(query) == [found], query


def test_initials_are_prefixes_of_two_letters_and_more() -> None:
    make_person(name="张三")
    make_person(name="张三丰")
    assert [person.name for person in find_persons("ZS")] == ["张三", "张三丰"]
    assert [person.name for person in find_persons("ZSF")] == ["张三丰"]
    assert find_persons("SF") == []
    assert find_persons("Z") == []


def test_the_residents_on_file_are_given_initials_batch_by_batch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = ["张三", "单国强", "·", "张三", "Maria López", "湛三"]
    people = [make_person(name=name) for name in names]
    Person.objects.update(initials="")
    migration = import_module("enrollment.migrations.0011_fill_initials")
    monkeypatch.setattr(migration, "BATCH", 2)
    with connection.schema_editor() as editor:
        migration.fill(apps, editor)
    filled = [Person.objects.get(pk=person.pk).initials for person in people]
    assert filled == [initials_of(name) for name in names]


def test_initials_follow_the_name() -> None:
    person = make_person(name="张三")
    person.name = "单三"
    person.save(update_fields=["name"])
    assert find_persons("ZS") == []
    assert find_persons("DS") == find_persons("SS") == [person]
    person.phone = "13800000001"
    person.save(update_fields=["phone"])
    assert Person.objects.get().initials == "DS CS SS"


@pytest.mark.parametrize(
    ("query", "index"),
    [("ZS", "person_reading_"), ("张三", "person_name"), ("1234", "person_last4")],
)
def test_each_way_of_searching_uses_its_index(query: str, index: str) -> None:
    for name in ("张三", "李四", "王芳", "张三丰"):
        make_person(name=name)
    pretend_rows(Person, 5_400_000)
    plan = matching_persons(query)[:20].explain()
    assert index in plan
    assert "Seq Scan" not in plan


def test_the_view_reads_the_readings_that_the_names_have() -> None:
    person = make_person(name="单三")
    rows = PersonReading.objects.filter(person=person).order_by("position")
    assert list(rows.values_list("position", "letters")) == [
        (1, "DS"),
        (2, "CS"),
        (3, "SS"),
        (4, ""),
    ]
    assert initials_of("湛三").count(" ") + 1 == MAX_READINGS


@pytest.mark.parametrize("query", ["", "  ", "123", "12345", "43312719800517", "%", "李_"])
def test_what_is_no_query_finds_nobody(query: str) -> None:
    make_person(name="李秀英")
    assert find_persons(query) == []


def test_the_search_is_limited_and_takes_one_statement(django_assert_num_queries) -> None:
    for _ in range(5):
        make_person(name="重名")
    with django_assert_num_queries(1):
        found = find_persons("重名", limit=3)
        assert len([p.division.name for p in found]) == 3


def test_number_phone_and_account_are_unreadable_in_the_database() -> None:
    person = make_person(phone="13800001234", account_no="6222026000001234")
    with connection.cursor() as cursor:
        cursor.execute("SELECT person::text FROM enrollment_person AS person")
        row = cursor.fetchone()[0]
    for clear in (person.id_number, "13800001234", "6222026000001234"):
        assert clear not in row
        assert clear.encode().hex() not in row
    again = Person.objects.get(pk=person.pk)
    assert (again.phone, again.account_no) == ("13800001234", "6222026000001234")
    assert again.masked_account == "**** 1234"


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (date(2026, 2, 28), set()),
        (date(2026, 3, 1), {"low_income"}),
        (date(2026, 6, 30), {"low_income", "at_risk"}),
        (date(2026, 7, 1), {"at_risk"}),
    ],
)
def test_an_identity_holds_on_both_its_first_and_last_day(day: date, held: set[str]) -> None:
    person = make_person()
    make_identity(person, "low_income", starts_on=date(2026, 3, 1), ends_on=date(2026, 6, 30))
    make_identity(person, "at_risk", starts_on=date(2026, 6, 30), ends_on=None)
    other = make_person()
    assert identities_on(person, day) == held
    assert identities_for([person.pk, other.pk], day) == ({person.pk: held} if held else {})
    assert held_on(identity_periods([person.pk])[person.pk], day) == held


def test_two_periods_of_one_identity_may_not_share_a_day() -> None:
    person = make_person()
    make_identity(person, starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 30))
    make_identity(person, starts_on=date(2026, 7, 1), ends_on=None)
    with pytest.raises(IntegrityError, match="identity_low_income_overlap"), transaction.atomic():
        make_identity(person, starts_on=date(2025, 1, 1), ends_on=date(2026, 1, 1))
    assert person.identities.count() == 2


def test_two_people_hold_the_same_identity_in_the_same_period() -> None:
    clerk = make_user(["enrollment.add_assistanceidentity"])
    terms = {
        "kind": "low_income",
        "starts_on": date(2026, 1, 1),
        "ends_on": None,
        "document": "永民〔2026〕3号",
    }
    first, second = make_person(), make_person()
    for person in (first, second):
        grant_identity(person, **terms, actor=clerk, at=AT)
    with pytest.raises(ValidationError):
        grant_identity(first, **terms, actor=clerk, at=AT)
    assert (first.identities.count(), second.identities.count()) == (1, 1)


def test_an_identity_may_not_end_before_it_starts() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        make_identity(make_person(), starts_on=date(2026, 2, 2), ends_on=date(2026, 2, 1))


def test_a_number_belongs_to_one_person() -> None:
    person = make_person()
    with pytest.raises(IntegrityError, match="id_digest"), transaction.atomic():
        make_person(id_number=person.id_number)
    assert Person.objects.count() == 1


def test_a_person_has_a_name_and_a_household_number_is_unique() -> None:
    with pytest.raises(IntegrityError, match="person_name_not_empty"), transaction.atomic():
        make_person(name="")
    make_household("H1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Household.objects.create(number="H1", division_id=TOWNSHIP)


def test_a_corrected_account_is_logged_old_and_new() -> None:
    person = make_person(account_no="6222026000000001", account_name="张三")
    clerk = make_user(["enrollment.correct_account"])
    correct_account(
        person, account_no="6222 0260-0000 0002", account_name=" 张三 ", actor=clerk, at=AT
    )
    stored = Person.objects.get(pk=person.pk)
    assert (stored.account_no, stored.account_name) == ("6222026000000002", "张三")
    assert person.account_no == "6222026000000002"
    change = AccountChange.objects.get()
    assert (change.old_account_no, change.new_account_no) == (
        "6222026000000001",
        "6222026000000002",
    )
    assert (change.actor, change.at, change.person) == (clerk, AT, person)
    assert str(change) == "**** 0001 → **** 0002"


@pytest.mark.parametrize(
    ("account_no", "account_name"),
    [
        ("1234567", "张三"),
        ("6.22203E+15", "张三"),
        ("", "张三"),
        ("6222026000000002", " "),
        ("6222026000000001", "张三"),
        ("1" * 33, "张三"),
    ],
)
def test_a_refused_correction_changes_nothing(account_no: str, account_name: str) -> None:
    person = make_person(account_no="6222026000000001", account_name="张三")
    clerk = make_user(["enrollment.correct_account"])
    with pytest.raises(AccountRefused):
        correct_account(
            person, account_no=account_no, account_name=account_name, actor=clerk, at=AT
        )
    assert Person.objects.get(pk=person.pk).account_no == "6222026000000001"
    assert not AccountChange.objects.exists()


def test_without_the_permission_no_account_is_corrected() -> None:
    person = make_person(account_no="6222026000000001", account_name="张三")
    with pytest.raises(NotPermitted):
        correct_account(
            person, account_no="6222026000000002", account_name="张三", actor=make_user(), at=AT
        )
    assert Person.objects.get(pk=person.pk).account_no == "6222026000000001"
    assert not AccountChange.objects.exists()


def test_the_account_log_is_append_only() -> None:
    person = make_person()
    correct_account(
        person,
        account_no="6222026000000002",
        account_name="张三",
        actor=make_user(["enrollment.correct_account"]),
        at=AT,
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        AccountChange.objects.update(new_account_name="李四")
    with pytest.raises(DatabaseError), transaction.atomic():
        AccountChange.objects.all().delete()
    assert AccountChange.objects.get().new_account_name == "张三"


def test_a_failed_card_check_digit_is_a_warning_only() -> None:
    assert account_warning("4111111111111111") == ""
    assert account_warning("4111111111111112") != ""
    assert account_warning("") == ""


NOON = datetime(2026, 9, 1, 4, tzinfo=UTC)


@pytest.mark.django_db
def test_without_the_permission_no_identity_and_no_number():
    person, actor = make_person(), make_user()
    identity = make_identity(person)
    with pytest.raises(NotPermitted):
        unmask_person(person, reason="核对", actor=actor, at=NOON)
    with pytest.raises(NotPermitted):
        grant_identity(
            person,
            kind="at_risk",
            starts_on=date(2026, 1, 1),
            ends_on=None,
            document="民函1号",
            actor=actor,
            at=NOON,
        )
    with pytest.raises(NotPermitted):
        end_identity(identity, ends_on=date(2026, 6, 30), document="民函2号", actor=actor, at=NOON)
    identity.refresh_from_db()
    assert identity.ends_on == date(2026, 12, 31)
    assert person.identities.count() == 1
    assert (Unmasking.objects.count(), IdentityChange.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_each_of_them_needs_its_reason_or_paper():
    person = make_person()
    identity = make_identity(person)
    actor = make_user(
        [
            "enrollment.unmask_person",
            "enrollment.add_assistanceidentity",
            "enrollment.change_assistanceidentity",
        ]
    )
    with pytest.raises(ReasonMissing):
        unmask_person(person, reason=" ", actor=actor, at=NOON)
    with pytest.raises(ReasonMissing):
        grant_identity(
            person,
            kind="at_risk",
            starts_on=date(2026, 1, 1),
            ends_on=None,
            document=" ",
            actor=actor,
            at=NOON,
        )
    with pytest.raises(ReasonMissing):
        end_identity(identity, ends_on=date(2026, 6, 30), document="", actor=actor, at=NOON)
    identity.refresh_from_db()
    assert identity.ends_on == date(2026, 12, 31)
    assert (Unmasking.objects.count(), IdentityChange.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_an_ended_identity_no_longer_holds_the_day_after():
    person = make_person()
    actor = make_user(["enrollment.change_assistanceidentity"])
    end_identity(
        make_identity(person), ends_on=date(2026, 6, 30), document="民函2号", actor=actor, at=NOON
    )
    assert identities_on(person, date(2026, 6, 30)) == {"low_income"}
    assert identities_on(person, date(2026, 7, 1)) == set()
