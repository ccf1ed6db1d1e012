"""Every filter of every list: what it cannot understand it says, lists nothing, exports nothing."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.test import Client, RequestFactory
from django.urls import reverse

from enrollment.access.models import User
from enrollment.desk.filters import DayRangeFilter
from enrollment.exports.models import Export
from enrollment.tests.factories import make_bureau

pytestmark = pytest.mark.django_db
SCREENS = {model._meta.label_lower: screen for model, screen in admin.site._registry.items()}
FILTERS = [(label, place) for label in SCREENS for place in range(len(SCREENS[label].list_filter))]
RANGES = [
    (label, place)
    for label, place in FILTERS
    if isinstance(one := SCREENS[label].list_filter[place], tuple) and one[1] is DayRangeFilter
]


@pytest.fixture
def root(client: Client) -> Client:
    make_bureau()
    client.force_login(User.objects.create_superuser("root", password="a-long-password"))
    client.cookies["django_language"] = "en"
    return client


def spec_of(label: str, place: int) -> Any:
    """The filter without a value."""
    screen, one = SCREENS[label], SCREENS[label].list_filter[place]
    request = RequestFactory().get("/")
    request.user = User.objects.get(username="root")
    if isinstance(one, type):
        return one(request, {}, screen.model, screen)
    path, kind = one if isinstance(one, tuple) else (one, admin.FieldListFilter.create)
    field = get_fields_from_path(screen.model, path)[-1]
    return kind(field, request, {}, screen.model, screen, field_path=path)


def refused(client: Client, label: str, query: dict[str, str]) -> str:
    """The one fault of the list so narrowed; it is on the page and refuses the export."""
    opts = SCREENS[label].opts
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    page = client.get(url, query)
    assert page.status_code == 200, label
    shown = page.context["cl"]
    assert shown.queryset.query.is_empty(), label
    assert list(shown.result_list) == []
    (fault,) = shown.faults
    alert = page.content.decode().partition('role="alert"')[2].partition("</div>")[0]
    assert fault in alert.replace("&#x27;", "'"), label
    start = reverse("admin:enrollment_export_start", args=[label, "csv"])
    answer = client.post(f"{start}?{urlencode(query)}", follow=True)
    assert fault in [str(message) for message in answer.context["messages"]], label
    assert not Export.objects.exists()
    return str(fault)


@pytest.mark.parametrize(("label", "place"), FILTERS)
def test_a_value_that_no_filter_knows_is_told_and_lists_nothing(label, place, root):
    name = spec_of(label, place).expected_parameters()[0]
    assert "nonsense" in refused(root, label, {name: "nonsense"})


@pytest.mark.parametrize(("label", "place"), RANGES)
@pytest.mark.parametrize(
    ("days", "said"),
    [
        (("2026-02-30", ""), "is no day"),
        (("", "soon"), "is no day"),
        (("2026-09-02", "2026-09-01"), "the first day 2026-09-02 is after the last 2026-09-01"),
    ],
)
def test_days_that_choose_nothing_are_told(label, place, days, said, root):
    names = spec_of(label, place).expected_parameters()
    given = {name: day for name, day in zip(names, days, strict=True) if day}
    assert said in refused(root, label, given)


@pytest.mark.parametrize(
    ("label", "query", "said"),
    [
        ("claims.paymentorder", "batch__id__exact=some", "Batch: there is no choice “some”"),
        ("claims.paymentbatch", "state__in=approved,lost", "State: there is no choice “lost”"),
        (
            "claims.claim",
            "no_such_field=1",
            "“no_such_field” in the address: there is no choice “1”",
        ),
        ("claims.claim", "due_on__lte=soon", "there is no choice “soon”"),
    ],
)
def test_what_a_link_narrows_by_is_told_too(label, query, said, root):
    name, _sep, value = query.partition("=")
    assert said in refused(root, label, {name: value})


def test_the_words_are_in_the_readers_language(root):
    root.cookies["django_language"] = "zh-hans"
    url = reverse("admin:claims_claim_changelist")
    (fault,) = root.get(url, {"state__exact": "nonsense"}).context["cl"].faults
    assert fault == "状态：没有“nonsense”这个选项。请改选，或去掉这个条件。"
    days = {"discharged_on__gte": "2026-09-02", "discharged_on__lte": "2026-09-01"}
    (fault,) = root.get(url, days).context["cl"].faults
    assert fault.endswith("：开始日期2026-09-02晚于结束日期2026-09-01。请改正其中一个。")


@pytest.mark.parametrize("label", SCREENS)
def test_every_choice_that_a_list_offers_is_understood(label, root):
    """What the bar hands out itself is never a fault."""
    opts = SCREENS[label].opts
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    page = root.get(url)
    if page.status_code != 200:  # a list of one record leads to it
        return
    for control in page.context["cl"].bar.controls:
        for option in control.options[1:]:
            shown = root.get(url, {control.names[0]: option.value}, follow=True).context["cl"]
            assert shown.faults == [], (label, control.title, option.value)
            assert [chip.text for chip in shown.bar.chips] == [option.label]
            assert not shown.bar.chips[0].fault
