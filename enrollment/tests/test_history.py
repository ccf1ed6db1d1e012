"""Row history: every way of changing a row is kept, with who did it, and shown masked."""

from datetime import date
from typing import Any

import pghistory
import pytest
from celery import current_app
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from enrollment.access.models import User
from enrollment.coverage.models import PremiumStandard
from enrollment.history.entries import history_of
from enrollment.history.tracking import kept_with
from enrollment.institutions.models import Institution
from enrollment.residents.models import AssistanceIdentity, IdentityKind, Person
from enrollment.tests.factories import make_institution, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield


def changes(record: Any) -> list[tuple[str, str, str, str, str]]:
    """(action, what, field, before, after), the oldest first."""
    return [
        (str(entry.action), entry.what, str(change.label), change.before, change.after)
        for entry in reversed(history_of(record))
        for change in entry.changes
    ]


def test_each_way_of_changing_a_row_is_kept() -> None:
    hospital = make_institution(name="First")
    hospital.name = "Second"
    hospital.save()
    Institution.objects.filter(pk=hospital.pk).update(name="Third")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE enrollment_institution SET name = 'Fourth' WHERE id = %s", [hospital.pk]
        )
    hospital.refresh_from_db()
    names = [one[-2:] for one in changes(hospital) if one[2] == "Name" and one[0] == "changed"]
    assert names == [("First", "Second"), ("Second", "Third"), ("Third", "Fourth")]
    added = [one for one in changes(hospital) if one[0] == "added" and one[2] == "Name"]
    assert added == [("added", "", "Name", "—", "First")]


def test_rows_that_belong_to_a_record_stand_on_its_page() -> None:
    hospital = make_institution()
    agreement = hospital.agreements.create(starts_on=date(2050, 1, 1), ends_on=date(2050, 12, 31))
    agreement.suspensions.create(
        starts_on=date(2050, 5, 1),
        ends_on=date(2050, 6, 30),
        reason="r",
        document="d",
        ordered_by=User.objects.create_user("boss"),
        ordered_at=timezone.now(),
    )
    agreement.suspensions.all().delete()
    agreement.ends_on = date(2051, 12, 31)
    agreement.save()
    told = {(action, what) for action, what, *_rest in changes(hospital) if what}
    assert told == {
        ("added", "Agreement"),
        ("changed", "Agreement"),
        ("added", "Suspension"),
        ("removed", "Suspension"),
    }


def test_nothing_changed_is_no_entry_although_numbers_are_sealed_anew() -> None:
    person = make_person(phone="13812345678", account_no="6222020012345678")
    person.save()
    assert history_of(person) == []


def test_numbers_are_masked_and_never_stand_in_clear() -> None:
    person = make_person(phone="13812345678", account_no="6222020012345678")
    person.phone = "13998765432"
    person.account_no = "6228480099998888"
    person.save()
    assert [one[2:] for one in changes(person)] == [
        ("Phone", "138****5678", "139****5432"),
        ("Bank account", "**** 5678", "**** 8888"),
    ]


def test_relations_and_choices_are_named() -> None:
    person = make_person()
    identity = AssistanceIdentity.objects.create(
        person=person, kind=IdentityKind.LOW_INCOME, starts_on=date(2026, 1, 1)
    )
    identity.ends_on = date(2026, 6, 30)
    identity.save()
    identity.delete()
    told = changes(person)
    assert told[0] == ("changed", "Assistance identity", "To", "—", "2026-06-30")
    assert told[1][:3] == ("removed", "Assistance identity", "Identity")
    assert told[1][3:] == ("low income (低保)", "—")


def test_a_resident_brought_by_a_roll_is_no_event_a_change_is() -> None:
    person = make_person()
    [own, *_others] = kept_with(Person)
    assert own.events._default_manager.count() == 0
    Person.objects.filter(pk=person.pk).update(name="新名")
    assert own.events._default_manager.count() == 1


def test_events_are_append_only() -> None:
    standard = PremiumStandard.objects.create(year=2031, personal="400", source="s")
    events = kept_with(PremiumStandard)[0].events._default_manager
    assert events.filter(pgh_obj=standard).count() == 1
    for act in (lambda: events.update(year=1), lambda: events.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_request_names_its_user(client: Client) -> None:
    root = User.objects.create_superuser("root", password="p", full_name="周启明")
    client.force_login(root)
    standard = PremiumStandard.objects.create(year=2031, personal="400", source="s")
    page = reverse("admin:enrollment_premiumstandard_change", args=[standard.pk])
    sent = {
        "year": "2031",
        "personal": "410",
        "source": "s2",
        "subsidies-TOTAL_FORMS": "0",
        "subsidies-INITIAL_FORMS": "0",
    }
    assert client.post(page, sent).status_code == 302
    with translation.override("en"):
        newest, *_others, oldest = history_of(PremiumStandard.objects.get(pk=standard.pk))
    assert newest.who == "周启明"
    assert [(c.before, c.after) for c in newest.changes] == [("400.00", "410.00"), ("s", "s2")]
    assert (oldest.who, oldest.how) == ("", "outside the portal")


def test_a_task_and_a_command_name_themselves() -> None:
    standard = PremiumStandard.objects.create(year=2031, personal="400", source="s")

    @current_app.task(name="test.raise_premium")
    def raise_premium() -> None:
        PremiumStandard.objects.filter(pk=standard.pk).update(personal="420")

    raise_premium.apply()
    assert history_of(standard)[0].how == "task test.raise_premium"
    with pghistory.context(command="import_roll"):
        PremiumStandard.objects.filter(pk=standard.pk).update(personal="430")
    assert history_of(standard)[0].how == "command import_roll"


def test_every_command_runs_in_a_context(monkeypatch: pytest.MonkeyPatch) -> None:
    from enrollment.management.commands import import_roll

    seen: list[Any] = []
    monkeypatch.setattr(
        import_roll.Command,
        "run",
        lambda _self, **_options: seen.append(pghistory.runtime._tracker.value.metadata["command"]),
    )
    call_command("import_roll", "no.csv", "--year", "2026")
    assert seen == ["import_roll"]


def test_the_page_shows_what_changed_to_who_may_see_the_record(client: Client) -> None:
    person = make_person(phone="13812345678")
    Person.objects.filter(pk=person.pk).update(account_name="新户名")
    url = reverse("admin:enrollment_person_history", args=[person.pk])
    reader = User.objects.create_user("reader", password="p", is_staff=True)
    client.force_login(reader)
    assert client.get(url).status_code == 403
    reader.user_permissions.add(Permission.objects.get(codename="view_person"))
    page = client.get(url).content.decode()
    assert "新户名" in page
    assert person.id_number not in page
    reader.divisions = ["433127999"]
    reader.save()
    assert client.get(url).status_code == 404


def test_a_model_without_history_shows_the_admins_own_log(client: Client) -> None:
    root = User.objects.create_superuser("root", password="p")
    client.force_login(root)
    group = Group.objects.create(name="x")
    assert history_of(group) == []
    page = client.get(reverse("admin:enrollment_user_history", args=[root.pk]))
    assert page.status_code == 200


def test_a_record_that_is_written_once_has_its_page_for_a_history(client: Client) -> None:
    client.force_login(User.objects.create_superuser("root", password="p"))
    group = Group.objects.create(name="x")
    answer = client.get(reverse("admin:auth_group_history", args=[group.pk]))
    page = reverse("admin:auth_group_change", args=[group.pk])
    assert (answer.status_code, answer.headers["Location"]) == (302, page)


def test_the_page_costs_the_same_for_many_events(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    hospital = make_institution()
    for number in range(30):
        Institution.objects.filter(pk=hospital.pk).update(name=f"n{number}")
    with django_assert_max_num_queries(12):
        assert len(history_of(Institution.objects.get(pk=hospital.pk))) >= 30


def test_roles_given_and_taken_stand_on_the_page_of_the_member_of_staff(client: Client) -> None:
    boss = User.objects.create_superuser("boss", full_name="Boss")
    clerk = User.objects.create_user("li", full_name="Li", is_staff=True)
    client.force_login(boss)
    page = reverse("admin:enrollment_user_change", args=[clerk.pk])
    kept = {"username": "li", "full_name": "Li", "is_active": "on", "is_staff": "on"}
    for name in ("window_clerk", "finance"):
        group = Group.objects.get(name=name)
        assert client.post(page, {**kept, "groups": group.pk}).status_code == 302
    with translation.override("en"):  # the requests left another
        told = [one for one in changes(clerk) if one[1] == "Role of a member of staff"]
    assert sorted(told) == [
        ("added", "Role of a member of staff", "Role", "—", "Finance"),
        ("added", "Role of a member of staff", "Role", "—", "Window clerk"),
        ("removed", "Role of a member of staff", "Role", "Window clerk", "—"),
    ]
    assert {entry.who for entry in history_of(clerk) if entry.what} == {"Boss"}
    shown = client.get(reverse("admin:enrollment_user_history", args=[clerk.pk]))
    assert "财务" in shown.content.decode()
