"""Addresses that no link of the portal has: refused calmly by every list, never a failure."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from enrollment.access.models import User
from enrollment.lists.lookups import may_narrow
from enrollment.models import Person

HUGE = str(10**30)


def queries(screen: Any) -> Iterator[dict[str, str]]:
    """Odd ways to narrow a list, by the first field of each kind and by its own filters."""
    model: type[models.Model] = screen.model
    for filtered in screen.list_filter:
        own = getattr(filtered, "parameter_name", None)
        if own:
            yield {own: "'x"}
            yield {own: HUGE}
    first: dict[type, str] = {}
    for field in model._meta.get_fields():
        first.setdefault(type(field), field.name)
    for name in first.values():
        yield {name: "1"}
        yield {f"{name}__regex": "("}
        yield {f"{name}__isnull": "abc"}
    for name in ("pk", *list(first.values())[:2]):
        yield {f"{name}__in": ""}
        yield {f"{name}__in": HUGE}
        yield {name: HUGE}
        yield {f"{name}__gte": "x"}
        yield {f"{name}__a__b": "1"}
        yield {f"{name}__year": HUGE}
    for name in ("p", "o", "after", "before", "last", "totals", "q", "e", "_popup", "_to_field"):
        yield {name: HUGE}
    yield {"o": "-", "p": "-1"}
    yield {"pk": "\0"}
    yield {"nothing__like": "this"}


@pytest.fixture
def root(county: Any, client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root", password="a-long-password"))
    client.raise_request_exception = False
    return client


def status(client: Client, url: str, query: dict[str, str] | None = None) -> int:
    """What the page answers; what the database refuses is undone."""
    with transaction.atomic():
        answer = client.get(url, query or {})
        transaction.set_rollback(True)
    return answer.status_code


@pytest.mark.parametrize("label", [model._meta.label_lower for model in admin.site._registry])
def test_an_odd_address_never_fails(root, label):
    screen = next(s for s in admin.site._registry.values() if s.opts.label_lower == label)
    opts = screen.opts
    name = f"admin:{opts.app_label}_{opts.model_name}"
    failed = [
        (query, answer)
        for query in queries(screen)
        if (answer := status(root, reverse(f"{name}_changelist"), query)) >= 500
    ]
    for key in ("x", "-1", HUGE, "1_5F2", "a%00b"):
        for page in ("change", "history", "delete"):
            if status(root, reverse(f"{name}_{page}", args=["KEY"]).replace("KEY", key)) >= 500:
                failed.append(({page: key}, 500))
    assert failed == []


@pytest.mark.parametrize("label", [model._meta.label_lower for model in admin.site._registry])
@pytest.mark.parametrize("typed", ["\0", "a\0b"])
def test_a_list_says_itself_what_no_key_types(root, label, typed):
    """In the list's words, with no rows and so nothing to export; not in those of the stock."""
    screen = next(s for s in admin.site._registry.values() if s.opts.label_lower == label)
    url = reverse(f"admin:{screen.opts.app_label}_{screen.opts.model_name}_changelist")
    page = root.get(url, {"q": typed})
    if page.status_code == 302:  # a list of one record leads to it
        return
    shown = page.context["cl"]
    assert shown.faults == ["查询：含有无法查询的字符，请重新输入。"]
    assert not list(shown.result_list)
    assert not list(page.context["messages"])
    assert "\0" not in page.text
    assert root.get(url, {"p": typed}).status_code == 400  # nor does a filter ever see it


@pytest.mark.parametrize(
    "address",
    [
        *("/r/1/1/", "/r/x/y/", f"/r/{HUGE}/{HUGE}/"),
        *("/autocomplete/", "/autocomplete/?app_label=claims&model_name=x&field_name=y"),
        "/autocomplete/?app_label=claims&model_name=claim&field_name=person&page=x",
        f"/autocomplete/?app_label=claims&model_name=claim&field_name=person&page={HUGE}",
    ],
)
def test_nor_does_one_of_the_stock(root, address):
    assert status(root, address) in {400, 403, 404}


@pytest.mark.parametrize("query", [{"name__regex": "("}, {"id_digest": "x"}, {"claims": "1"}])
def test_a_field_that_no_link_narrows_by_leads_to_the_whole_list(root, query):
    root.cookies["django_language"] = "en"
    answer = root.get("/enrollment/person/", query, follow=True)
    assert answer.redirect_chain == [("/enrollment/person/", 302)]
    assert "The list cannot be narrowed as the address says" in answer.text


def test_a_value_that_the_database_cannot_read_leads_to_the_whole_list(root, monkeypatch):
    """Whatever comes through the fields that may be asked for."""
    monkeypatch.setattr("enrollment.desk.admin.may_narrow", lambda *_any: True)
    root.cookies["django_language"] = "en"
    with transaction.atomic():
        answer = root.get("/enrollment/person/", {"name__regex": "("})
        transaction.set_rollback(True)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/enrollment/person/")
    page = root.get("/enrollment/person/")
    assert "The list cannot be narrowed as the address says" in page.text


@pytest.mark.parametrize(
    ("lookup", "may"),
    [
        ("name", True),
        ("born_on__gte", True),
        ("household__id__exact", True),
        ("township", True),  # the parameter of a filter
        ("id_digest", False),
        ("id_number__isnull", False),
        ("name__regex", False),
        ("household__number__startswith", False),
        ("household__nothing", False),
        ("claims", False),
    ],
)
def test_by_what_a_list_is_narrowed(lookup, may):
    assert may_narrow(Person, lookup) is may
