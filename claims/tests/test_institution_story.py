"""An institution's months and payments on its page."""

from datetime import date
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Claim, ClaimState, LayerPayment, PaymentOrder
from claims.tests.night import DAY, approved_claim, covered_person, settle
from enrollment.models import Institution, Person, User
from enrollment.stories.sections import sections_of
from enrollment.tests.factories import OTHER_TOWNSHIP, make_bureau, make_institution, make_user
from enrollment.values.money import format_yuan

pytestmark = pytest.mark.django_db
SEE = ["enrollment.view_institution", "claims.view_claim", "claims.view_paymentorder"]


@pytest.fixture
def reader(client, in_2026):
    """Somebody who sees claims and payments, in November 2026."""
    make_bureau(scheme="yongshun-resident")
    user = make_user(SEE)
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return user


def section_of(key):
    (section,) = [one for one in sections_of(Institution) if one.key == key]
    return section


def page_of(institution):
    return reverse("admin:enrollment_institution_change", args=[institution.pk])


def hospital(**fields):
    return make_institution(account_no="6222026011112222", account_name="医院", **fields)


def treats(institution, day, total="1000.00", **fields):
    return approved_claim(
        covered_person(),
        institution,
        discharged_on=day,
        total=Decimal(total),
        source=Claim.Source.UPLOAD,
        **fields,
    )


def test_a_month_counts_its_claims_and_every_figure_adds_up(reader):
    institution = hospital()
    treats(institution, date(2026, 8, 31))
    treats(institution, date(2026, 9, 1))
    treats(institution, date(2026, 9, 30), total="3000.00")
    treats(hospital(), date(2026, 9, 1))
    settle(DAY)
    treats(institution, date(2026, 9, 15), total="500.00", state=ClaimState.SUBMITTED)
    treats(institution, date(2026, 9, 16), state=ClaimState.REJECTED)
    facts = section_of("months").load(institution, reader).facts
    september, august = facts["months"]
    assert (september.first, august.first) == (date(2026, 9, 1), date(2026, 8, 1))
    assert (september.claims, september.settled, august.claims) == (3, 2, 1)
    assert september.cost == Decimal("4500.00")
    assert september.settled_cost == Decimal("4000.00") == september.paid + september.personal
    assert september.paid == sum(september.layers.values()) > 0
    sums = facts["sums"]
    paid = LayerPayment.objects.filter(settled__institution=institution)
    assert sums.paid == sum(layer.paid for layer in paid) == sum(sums.layers.values())
    assert (sums.claims, sums.cost) == (4, Decimal("5500.00"))


def listed(client, url):
    return client.get(url, follow=True).context["cl"]


def test_every_figure_of_a_month_opens_rows_that_add_up_to_it(client, reader):
    reader.user_permissions.add(Permission.objects.get(codename="view_settledclaim"))
    institution = hospital()
    treats(institution, date(2026, 9, 1))
    treats(institution, date(2026, 9, 30), total="30000.00")
    treats(institution, date(2026, 8, 31))
    treats(hospital(), date(2026, 9, 1))
    settle(DAY)
    treats(institution, date(2026, 9, 16), state=ClaimState.REJECTED)
    html = client.get(page_of(institution)).content.decode().replace("&amp;", "&")
    facts = section_of("months").load(institution, reader).facts
    for month in (*facts["months"], facts["sums"]):
        counted = listed(client, month.claims_url)
        assert (counted.result_count, counted.counted.totals["total"]) == (month.claims, month.cost)
        settled = listed(client, month.settled_url)
        totals = settled.counted.totals
        assert settled.result_count == month.settled
        assert totals["total"] == month.settled_cost
        assert (totals["stands"], totals["bears"]) == (month.paid, month.personal)
        for layer, paid in month.layers.items():
            url = f"{month.settled_url}&layer={layer}"
            assert f'href="{url}"' in html
            assert listed(client, url).counted.totals["layer_stands"] == paid > 0


def test_an_order_of_uploads_opens_its_claims_and_a_claim_shows_its_own_part(client, reader):
    reader.user_permissions.add(Permission.objects.get(codename="view_settledclaim"))
    institution = hospital()
    small = treats(institution, date(2026, 9, 1))
    treats(institution, date(2026, 9, 30), total="30000.00")
    treats(hospital(), date(2026, 9, 1))
    settle(DAY)
    order = PaymentOrder.objects.get(institution=institution)
    answer = client.get(reverse("admin:claims_paymentorder_change", args=[order.pk]))
    assert answer.context["claims_count"] == 2
    url = answer.context["claims_url"]
    assert url in answer.content.decode().replace("&amp;", "&")
    assert listed(client, url).counted.totals["paid"] == order.amount
    for share in order.shares.all():
        by_layer = listed(client, f"{url}&layer={share.layer}")
        assert by_layer.counted.totals["layer_paid"] == share.amount
    html = client.get(reverse("admin:claims_claim_change", args=[small.pk])).content.decode()
    assert f"of it for this claim {format_yuan(small.settled.paid)}" in html
    assert f"the whole order {format_yuan(order.amount)}" in html


def test_results_are_no_links_for_who_may_not_open_them(client, reader):
    institution = hospital()
    treats(institution, date(2026, 9, 1))
    settle(DAY)
    (month,) = section_of("months").load(institution, reader).facts["months"]
    html = client.get(page_of(institution)).content.decode().replace("&amp;", "&")
    assert month.claims_url in html
    assert reverse("admin:claims_settledclaim_changelist") not in html


def test_a_month_opens_the_list_of_its_claims(client, reader):
    institution = hospital()
    inside = [treats(institution, date(2026, 9, day)) for day in (1, 30)]
    treats(institution, date(2026, 10, 1))
    treats(hospital(), date(2026, 9, 1))
    months = section_of("months").load(institution, reader).facts["months"]
    url = months[-1].claims_url
    assert url in client.get(page_of(institution)).content.decode().replace("&amp;", "&")
    listed = client.get(url, follow=True).context["cl"].result_list
    assert {claim.pk for claim in listed} == {claim.pk for claim in inside}
    assert parse_qs(urlsplit(url).query)["discharged_on__lte"] == ["2026-09-30"]


def test_months_long_past_are_left_out(reader):
    institution = hospital()
    treats(institution, date(2024, 11, 30))
    treats(institution, date(2024, 12, 1))
    (month,) = section_of("months").load(institution, reader).facts["months"]
    assert month.first == date(2024, 12, 1)


@pytest.mark.parametrize("key", ["months", "orders"])
def test_each_section_keeps_to_its_statements_however_many_claims(reader, key):
    institution = hospital()
    for n in range(40):
        treats(institution, date(2026, 1 + n % 9, 1 + n % 28))
    settle(DAY)
    section = section_of(key)
    with CaptureQueriesContext(connection) as captured:
        section.load(institution, reader)
    assert len(captured) <= section.statements


def test_uploads_are_paid_by_orders_that_the_page_lists_and_adds_up(client, reader):
    institution = hospital()
    treats(institution, date(2026, 9, 1))
    settle(DAY)
    order = PaymentOrder.objects.get()
    told = section_of("orders").load(institution, reader)
    assert told.facts["orders"] == [order]
    assert [(line.count, line.amount) for line in told.facts["sums"]] == [(1, order.amount)]
    html = client.get(page_of(institution)).content.decode()
    assert reverse("admin:claims_paymentorder_change", args=[order.pk]) in html


def test_orders_are_told_only_to_who_may_see_them(client, reader):
    institution = hospital()
    treats(institution, date(2026, 9, 1))
    assert 'data-part="orders"' in client.get(page_of(institution)).content.decode()
    client.force_login(make_user([name for name in SEE if name != "claims.view_paymentorder"]))
    html = client.get(page_of(institution)).content.decode()
    assert 'data-part="orders"' not in html
    assert 'data-part="agreements"' in html


def test_who_keeps_the_agreement_reads_the_sums_and_opens_no_claim(client, reader):
    institution = hospital()
    treats(institution, date(2026, 9, 1))
    settle(DAY)
    shown = client.get(page_of(institution)).content.decode()
    assert 'href="/claims/claim/?' in shown
    client.force_login(make_user(["enrollment.view_institution"]))
    sums = client.get(page_of(institution)).content.decode().split('data-part="months"')[1]
    assert "2026-09" in sums
    assert "1,000.00" in sums
    assert "/claims/" not in sums.split("</section>")[0]


def test_who_works_for_some_townships_reads_their_claims_and_no_order(reader):
    institution = hospital()
    claim = treats(institution, date(2026, 9, 1))
    treats(institution, date(2026, 9, 2), total="3000.00")
    Person.objects.filter(pk=claim.person_id).update(division_id=OTHER_TOWNSHIP)
    settle(DAY)
    User.objects.filter(pk=reader.pk).update(divisions=[OTHER_TOWNSHIP])
    limited = User.objects.get(pk=reader.pk)
    (month,) = section_of("months").load(institution, limited).facts["months"]
    assert (month.claims, month.cost) == (1, Decimal("1000.00"))
    assert month.paid == sum(month.layers.values())
    assert section_of("orders").load(institution, limited).facts["orders"] == []
