"""Filters kept under a name: by whom, for whom, and what is not kept."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from enrollment.access.models import User
from enrollment.savedfilters import services
from enrollment.savedfilters.models import SavedFilter
from enrollment.tests.factories import TOWNSHIP, make_bureau, make_person, make_user

pytestmark = pytest.mark.django_db
PERSONS = "admin:enrollment_person_changelist"


def clerk() -> User:
    make_bureau()
    return make_user(["enrollment.view_person"])


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def keep(client: Client, query: str, name: str = "mine", label: str = "enrollment.person") -> Any:
    url = reverse("admin:enrollment_savedfilter_keep", args=[label])
    return client.post(f"{url}?{query}", {"name": name})


def test_a_filter_is_kept_opened_and_removed():
    make_person(name="甲")
    owner = logged_in(clerk())
    response = keep(owner, f"township={TOWNSHIP}&o=-0&p=3&q=433127198005170019")
    saved = SavedFilter.objects.get()
    assert saved.query == f"township={TOWNSHIP}&o=-0"  # neither the page nor a number
    assert response.url == f"{reverse(PERSONS)}?{saved.query}"
    page = owner.get(response.url).content.decode()
    assert "mine" in page
    owner.post(reverse("admin:enrollment_savedfilter_remove", args=[saved.pk]))
    assert not SavedFilter.objects.exists()


def test_nobody_else_sees_or_removes_it():
    owner, other = logged_in(clerk()), logged_in(clerk())
    keep(owner, f"township={TOWNSHIP}", "only mine")
    saved = SavedFilter.objects.get()
    assert "only mine" in owner.get(reverse(PERSONS)).content.decode()
    assert "only mine" not in other.get(reverse(PERSONS)).content.decode()
    response = other.post(reverse("admin:enrollment_savedfilter_remove", args=[saved.pk]))
    assert response.status_code == 404
    assert SavedFilter.objects.get() == saved


def test_the_same_name_replaces():
    owner = logged_in(clerk())
    keep(owner, f"township={TOWNSHIP}")
    keep(owner, "identity=low_income")
    assert SavedFilter.objects.get().query == "identity=low_income"


@pytest.mark.parametrize(
    ("query", "name"), [("", "a"), ("q=x&p=2", "a"), ("o=1", ""), ("o=1", "a" * 41)]
)
def test_what_cannot_be_kept_is_refused(query, name):
    response = keep(logged_in(clerk()), query, name)
    assert response.status_code == 302
    assert not SavedFilter.objects.exists()


def test_a_menu_does_not_grow_without_end(monkeypatch):
    monkeypatch.setattr(services, "MOST", 1)
    owner = logged_in(clerk())
    keep(owner, "o=1", "a")
    keep(owner, "o=2", "b")
    assert [saved.name for saved in SavedFilter.objects.all()] == ["a"]


@pytest.mark.parametrize("label", ["enrollment.user", "x.y"])
def test_a_list_that_one_may_not_see_keeps_nothing(label):
    assert keep(logged_in(clerk()), "o=1", label=label).status_code == 403
    assert not SavedFilter.objects.exists()


def test_a_look_keeps_nothing():
    client = logged_in(clerk())
    url = reverse("admin:enrollment_savedfilter_keep", args=["enrollment.person"])
    assert client.get(url).status_code == 405
