"""Every list of the portal, with the demonstration county in it."""

from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.demo.county.loading import Scale, load_county
from enrollment.access.models import User
from enrollment.desk.admin import PortalModelAdmin
from enrollment.lists.changelist import PortalChangeList
from enrollment.lists.indexes import ordered_by_index

# For a list with filters, counts and sums, the frame of the page included.
MOST_STATEMENTS = 16


@pytest.fixture
def root(client: Client) -> Client:
    """The county, and who may see all of it."""
    load_county(
        on=date(2026, 11, 24),
        seed=1,
        scale=Scale(residents=200, days=3),
        password="a-password-for-tests",
    )
    client.force_login(User.objects.create_superuser("root", password="a-long-password"))
    return client


def screens() -> list[tuple[str, Any]]:
    return [(model._meta.label, screen) for model, screen in admin.site._registry.items()]


def show(client: Client, screen: Any, query: dict[str, str] | None = None) -> tuple[Any, int]:
    """The list as the page has it, and the statements of the page."""
    opts = screen.model._meta
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    with CaptureQueriesContext(connection) as seen:
        page = client.get(url, query or {})
    assert page.status_code in (200, 302), (url, page.status_code)
    return (page.context["cl"] if page.status_code == 200 else None), len(seen)


@pytest.mark.django_db
def test_every_list(root, monkeypatch):
    """One test, since the county takes longer to load than all lists to show."""
    few_statements_however_many_rows(root, monkeypatch)
    each_row_once_from_page_to_page(root, monkeypatch)
    totals_are_the_sum_of_all_filtered_rows(root, monkeypatch)
    a_total_follows_the_filter(root)


def few_statements_however_many_rows(root, monkeypatch):
    wrong = []
    for label, screen in screens():
        counts = {}
        for rows in (1, 3, 50):
            monkeypatch.setattr(type(screen), "list_per_page", rows)
            shown, counts[rows] = show(root, screen)
            if shown is None:  # a list of one record leads to it
                break
            _again, counts[rows] = show(root, screen)  # permissions and content types are known
        monkeypatch.undo()
        if shown is None:
            continue
        # With one row a page the rows are also counted: never are more of them dearer.
        if (
            max(counts.values()) > MOST_STATEMENTS
            or counts[1] < counts[3]
            or counts[1] < counts[50]
        ):
            wrong.append((label, counts))
    assert wrong == []


def each_row_once_from_page_to_page(root, monkeypatch):
    wrong = []
    for label, screen in screens():
        monkeypatch.setattr(type(screen), "list_per_page", 40)
        shown, _statements = show(root, screen)
        if shown is None:
            continue
        seen = [row.pk for row in shown.result_list]
        total = shown.queryset.count()
        while shown.next_url:
            page = root.get(
                reverse(f"admin:{screen.opts.app_label}_{screen.opts.model_name}_changelist")
                + shown.next_url
            )
            shown = page.context["cl"]
            seen += [row.pk for row in shown.result_list]
        monkeypatch.undo()
        if len(set(seen)) != total or len(seen) != total:
            wrong.append((label, len(seen), len(set(seen)), total))
    assert wrong == []


def totals_are_the_sum_of_all_filtered_rows(root, monkeypatch):
    summed = set()
    for label, screen in screens():
        monkeypatch.setattr(type(screen), "list_per_page", 2)
        shown, _statements = show(root, screen)
        monkeypatch.undo()
        if shown is None or not shown.money_columns or not shown.result_list:
            continue
        assert set(shown.counted.totals) == set(shown.money_columns.values()), label
        for path, amount in shown.counted.totals.items():
            rows = shown.queryset.order_by().values("pk", path)
            assert amount == rows.aggregate(all=Sum(path))["all"], (label, path)
            cells = [cell["text"] for cell in shown.totals]
            assert f"{amount:,.2f}" in cells, (label, path)
            summed.add(label)
    assert {"claims.Claim", "claims.PaymentOrder", "claims.Posting", "supervision.Case"} <= summed


def a_total_follows_the_filter(root):
    screen = dict(screens())["claims.Claim"]
    whole, _n = show(root, screen)
    some, _n = show(root, screen, {"kind__exact": "inpatient"})
    rows = some.queryset.model.objects.filter(kind="inpatient")
    assert some.counted.totals["total"] == rows.aggregate(all=Sum("total"))["all"]
    assert some.counted.totals["total"] < whole.counted.totals["total"]


def test_every_list_is_one_of_the_portals():
    for label, screen in screens():
        assert isinstance(screen, PortalModelAdmin), label
        assert issubclass(screen.get_changelist(None), PortalChangeList), label


def test_every_large_list_begins_in_an_order_that_an_index_gives():
    for label, screen in screens():
        if screen.bounded_list:
            continue
        declared = screen.ordering or screen.model._meta.ordering or ("-pk",)
        first = str(declared[0]).lstrip("-")
        assert first in ordered_by_index(screen.model), label


def test_no_large_list_searches_the_middle_of_a_text():
    """Without a search of its own a large list may only look for whole values."""
    for label, screen in screens():
        own = type(screen).get_search_results is not admin.ModelAdmin.get_search_results
        if screen.bounded_list or own:
            continue
        for field in screen.search_fields:
            assert field.endswith("__exact"), (label, field)
