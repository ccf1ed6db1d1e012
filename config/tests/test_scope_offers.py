"""Who works for some townships is not offered what concerns the whole county."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from config.tests.scoped_county import Ground, address, screens, staff
from enrollment.access.roles import Role
from enrollment.access.scope import ScopeKind, scope_of
from enrollment.desk.navigation import registry
from enrollment.tests.factories import TOWNSHIP

pytestmark = pytest.mark.django_db
_TARGET = re.compile(r'(?:href|action|hx-get)="(/[^"#?]*)')
# Names of staff in a log lead to accounts, which administrators of the county keep.
_ACCOUNT = "enrollment_user_change"


def offered(client: Client, page: str) -> set[str]:
    """The names of the views that the page's content leads to."""
    answer = client.get(page)
    if answer.status_code != 200:
        return set()
    names = set()
    for target in _TARGET.findall(answer.content.decode()):
        try:
            names.add(str(resolve(unescape(target)).url_name))
        except Resolver404:
            continue
    return names


def refused() -> set[str]:
    """The county's own views, and the pages of its records."""
    views = {view.name for view in registry.views.values() if view.whole_county}
    models = [
        model._meta.label_lower.replace(".", "_")
        for model in screens().values()
        if scope_of(model).kind is ScopeKind.WHOLE_COUNTY
    ]
    return views | {f"{model}_change" for model in models} - {_ACCOUNT}


@pytest.mark.parametrize("role", Role.values)
def test_no_page_offers_what_is_refused(ground: Ground, role: str) -> None:
    client = staff(role, TOWNSHIP)
    closed = refused()
    pages = ["/"]
    for model in screens().values():
        pages.append(address(model, "changelist"))
        for records in (ground.own, ground.county):
            record = records.get(model._meta.model_name or "")
            if record is not None:
                pages.append(address(model, "change", record.pk))
    found = {page: names for page in pages if (names := offered(client, page) & closed)}
    assert found == {}


@pytest.mark.parametrize("role", Role.values)
def test_no_card_of_the_desk_leads_to_a_list_of_the_county(ground: Ground, role: str) -> None:
    client = staff(role, TOWNSHIP)
    for queue in client.get("/").context["queues"]:
        listed = client.get(queue.url, follow=True).context
        if "cl" in listed:
            assert scope_of(listed["cl"].model).kind is not ScopeKind.WHOLE_COUNTY, queue.key


def test_who_works_for_the_county_is_offered_it(ground: Ground) -> None:
    finance = staff(Role.FINANCE)
    runs, batches = (
        reverse(f"admin:claims_{one}_changelist") for one in ("settlementrun", "paymentbatch")
    )
    assert "claims_settlement_settle" in offered(finance, runs)
    assert "claims_paymentbatch_make" in offered(finance, batches)
    order = address(type(ground.own["paymentorder"]), "change", ground.own["paymentorder"].pk)
    assert {"claims_settlementrun_change", "claims_paymentbatch_change"} <= offered(finance, order)
    keys = {queue.key for queue in finance.get("/").context["queues"]}
    assert {"orders_to_batch", "batches_to_approve"} <= keys
    limited = staff(Role.FINANCE, TOWNSHIP)
    hidden = {queue.key for queue in limited.get("/").context["queues"]}
    assert not hidden & {"orders_to_batch", "batches_to_approve", "unfinished_runs"}


def test_the_countys_list_says_why_it_is_empty(ground: Ground) -> None:
    client = staff(Role.FINANCE, TOWNSHIP)
    client.cookies["django_language"] = "en"
    page = client.get(reverse("admin:claims_settlementrun_changelist")).content.decode()
    assert "your account works for some townships only" in page
    assert "Settle now" not in page


def test_who_may_not_read_a_batch_gets_no_link_to_it(ground: Ground) -> None:
    order = ground.own["paymentorder"]
    names = offered(staff(Role.WINDOW_CLERK), address(type(order), "change", order.pk))
    assert not names & {"claims_settlementrun_change", "claims_paymentbatch_change"}
