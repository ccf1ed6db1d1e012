"""The search box finds claims, payment orders and batches by what stands on papers."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Claim, ClaimState, PaymentBatch, PaymentOrder
from claims.tests.factories import make_claim
from claims.tests.night import NOW, approved_claim, settle
from enrollment.search.finders import FETCHED, finders_for
from enrollment.tests.factories import make_bureau, make_user

pytestmark = pytest.mark.django_db
SEE = ["claims.view_claim", "claims.view_paymentorder", "claims.view_paymentbatch"]


@pytest.fixture
def reader(client):
    make_bureau(scheme="yongshun-resident")
    user = make_user(SEE)
    client.force_login(user)
    return user


def goes_to(client, term):
    return client.post("/search/", {"q": term}).headers["Location"]


def page_of(record):
    return reverse(f"admin:claims_{record._meta.model_name}_change", args=[record.pk])


def records():
    """One of each with its numbers."""
    claim = make_claim(invoice_no="FP20260001")
    upload = make_claim(source=Claim.Source.UPLOAD, visit_no="ZY-77/1", invoice_no="")
    approved_claim()
    settle()
    order = PaymentOrder.objects.get()
    batch = PaymentBatch.objects.create(
        number="P20261125-01",
        created_by=claim.entered_by,
        created_at=NOW,
        orders_count=1,
        total=order.amount,
    )
    return {
        claim.number: claim,
        "FP20260001": claim,
        "fp20260001": claim,
        "ZY-77/1": upload,
        order.number: order,
        "P20261125-01": batch,
        "p20261125-01": batch,
    }


def test_each_number_goes_straight_to_its_record(client, reader):
    for term, record in records().items():
        assert goes_to(client, term) == page_of(record), term


def test_the_same_invoice_of_two_institutions_gives_both(client, reader):
    for _n in range(2):
        make_claim(invoice_no="FP1")
    page = client.post("/search/", {"q": "FP1"}, follow=True)
    (group,) = page.context["groups"]
    assert (group.finder.key, len(group.hits)) == ("claims", 2)


def test_a_rejected_claim_is_found_by_its_number_only(client, reader):
    claim = make_claim(ClaimState.REJECTED, invoice_no="FP2")
    assert goes_to(client, claim.number) == page_of(claim)
    assert goes_to(client, "FP2") != page_of(claim)


@pytest.mark.parametrize("missing", SEE)
def test_who_may_not_see_a_kind_does_not_find_it(client, reader, missing):
    found = records()
    hidden = {
        "claims.view_claim": Claim,
        "claims.view_paymentorder": PaymentOrder,
        "claims.view_paymentbatch": PaymentBatch,
    }[missing]
    client.force_login(make_user([name for name in SEE if name != missing]))
    for term, record in found.items():
        straight = goes_to(client, term) == page_of(record)
        assert straight is not isinstance(record, hidden), term


def test_each_finder_makes_one_statement_by_indexes(reader):
    for finder in finders_for(reader):
        with CaptureQueriesContext(connection) as captured:
            finder.find("20261124000001", reader)
        (query,) = captured
        assert f"LIMIT {FETCHED}" in query["sql"]
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("EXPLAIN " + query["sql"])
            plan = "\n".join(line for (line,) in cursor.fetchall())
            cursor.execute("SET LOCAL enable_seqscan = on")
        assert "Seq Scan" not in plan, (finder.key, plan)
