"""Who opened whose page is written down, and nobody writes it away."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from enrollment.models import RecordReading
from enrollment.tests.factories import make_person, make_user

pytestmark = pytest.mark.django_db
LIST = "admin:enrollment_recordreading_changelist"


@pytest.fixture
def reader(client):
    user = make_user(["enrollment.view_person"])
    client.force_login(user)
    return user


def test_opening_a_residents_page_is_logged(client, reader):
    person = make_person()
    client.get(reverse("admin:enrollment_person_change", args=[person.pk]))
    row = RecordReading.objects.get()
    assert (row.person, row.actor, row.page) == (person, reader, "enrollment_person_change")


def test_a_list_is_not(client, reader):
    make_person()
    client.get(reverse("admin:enrollment_person_changelist"))
    assert not RecordReading.objects.exists()


def test_nor_is_a_page_that_was_refused(client):
    client.force_login(make_user(["enrollment.view_division"]))
    client.get(reverse("admin:enrollment_person_change", args=[make_person().pk]))
    assert not RecordReading.objects.exists()


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_the_log(client, reader, change):
    client.get(reverse("admin:enrollment_person_change", args=[make_person().pk]))
    rows = RecordReading.objects.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(page="x") if change == "update" else rows.delete()
    assert RecordReading.objects.get().page == "enrollment_person_change"


def test_the_log_is_found_by_resident_and_by_reader(client, reader):
    mine, other = make_person(), make_person()
    for person in (mine, other):
        client.get(reverse("admin:enrollment_person_change", args=[person.pk]))
    client.force_login(make_user(["enrollment.view_recordreading"]))
    found = client.get(reverse(LIST), {"q": mine.id_number}).context["cl"].queryset
    assert [row.person for row in found] == [mine]
    assert client.get(reverse(LIST), {"q": reader.username}).context["cl"].queryset.count() == 2
    assert "参保人页面" in client.get(reverse(LIST)).content.decode()


def test_the_residents_page_tells_its_readers_to_those_who_may_know(client, reader):
    person = make_person()
    page = reverse("admin:enrollment_person_change", args=[person.pk])
    assert "查阅记录" not in client.get(page).content.decode()
    client.force_login(make_user(["enrollment.view_person", "enrollment.view_recordreading"]))
    told = client.get(page).content.decode()
    assert "查阅记录" in told
    assert reader.full_name in told


def test_the_log_is_not_everybodys(client, reader):
    assert client.get(reverse(LIST)).status_code == 403
