"""A resident's claims, counters and payments on the resident's page."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import AccumulatorMovement, Claim, ClaimState, PaymentOrder
from claims.stories import counters
from claims.tests.night import approved_claim, covered_person
from claims.tests.stories import SEE_ALL, page_of, treated
from enrollment.models import Person
from enrollment.stories.sections import sections_of
from enrollment.tests.factories import make_user

pytestmark = pytest.mark.django_db
PARTS = {
    "counters": "claims.view_settledclaim",
    "claims": "claims.view_claim",
    "payments": "claims.view_paymentorder",
}


def told(reader, person, key):
    (section,) = [one for one in sections_of(Person) if one.key == key]
    return section.load(person, reader)


@pytest.mark.parametrize("key", PARTS)
def test_each_section_keeps_to_its_statements_however_many_claims(reader, in_2026, key):
    (section,) = [one for one in sections_of(Person) if one.key == key]
    person = Person.objects.get(pk=treated(40).pk)
    with CaptureQueriesContext(connection) as captured:
        section.load(person, reader)
    assert len(captured) <= section.statements


def test_the_page_costs_the_same_with_four_claims_and_with_forty(client, reader, in_2026):
    def statements(person):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page_of(person)).status_code == 200
        return len(captured)

    few, many = treated(4), treated(40)
    statements(few)  # the scheme is read once per process
    assert statements(few) == statements(many) <= 30


def test_the_page_shows_claims_with_result_and_payment(client, reader, in_2026):
    person = treated(2)
    waiting = approved_claim(person, state=ClaimState.SUBMITTED, total=Decimal("123.45"))
    facts = told(reader, person, "claims").facts
    by_number = {line.claim.number: line for line in facts["lines"]}
    assert by_number[waiting.number].settled is None
    assert by_number[waiting.number].order is None
    window, upload = sorted(
        (line for line in facts["lines"] if line.settled), key=lambda line: line.claim.pk
    )
    assert window.order == PaymentOrder.objects.get(claim=window.claim)
    assert upload.order == PaymentOrder.objects.get(institution=upload.claim.institution)
    totals = facts["totals"]
    assert (totals.count, totals.settled_count) == (3, 2)
    assert totals.cost == Decimal("2123.45")
    assert totals.settled_cost == Decimal("2000.00") == totals.paid + totals.personal
    html = client.get(page_of(person)).content.decode()
    assert "123.45" in html
    assert reverse("admin:claims_claim_change", args=[waiting.pk]) in html


def test_a_counter_is_the_sum_of_the_movements_that_open_behind_it(client, reader, in_2026):
    person = treated(3)
    lines = {line.code: line for line in told(reader, person, "counters").facts["lines"]}
    moved = AccumulatorMovement.objects.filter(person=person)
    assert set(lines) >= set(moved.values_list("counter", flat=True))
    code = "basic.paid"
    rows = moved.filter(counter=code)
    assert lines[code].used == sum(row.amount for row in rows) > 0
    assert lines[code].ceiling == Decimal("150000.00")
    address = reverse("admin:enrollment_person_movements", args=[person.pk, 2026, code])
    assert address in client.get(page_of(person)).content.decode()
    fragment = client.get(address, headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode()
    assert fragment.context["sum"] == lines[code].used
    for row in rows:
        assert row.settled.claim.number in fragment.content.decode()
    page = client.get(address).content.decode()
    assert "<html" in page
    assert page_of(person) in page


def test_every_counter_of_every_scheme_has_words():
    from claims.benefit.loading import shipped_schemes

    known = {
        counter
        for scheme in shipped_schemes().values()
        for layer in scheme.layers
        for counter in layer.COUNTERS
    }
    assert known <= set(counters.COUNTER_LABELS)


def test_an_unknown_counter_or_resident_is_not_found(client, reader):
    person = covered_person()
    for pk, code in ((person.pk, "basic.nothing"), (person.pk + 1, "basic.paid")):
        address = reverse("admin:enrollment_person_movements", args=[pk, 2026, code])
        assert client.get(address).status_code == 404


def test_a_claim_opens_its_breakdown_in_place(client, reader):
    person = treated(1)
    claim = Claim.objects.get(person=person)
    address = reverse("admin:claims_claim_breakdown", args=[claim.pk])
    fragment = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert claim.number in fragment
    assert "<html" not in fragment
    assert client.get(address).headers["Location"] == reverse(
        "admin:claims_claim_change", args=[claim.pk]
    )
    waiting = approved_claim(person)
    address = reverse("admin:claims_claim_breakdown", args=[waiting.pk])
    assert client.get(address, headers={"HX-Request": "true"}).status_code == 404


def test_payments_are_summed_by_state(reader):
    person = treated(4)
    first, second = PaymentOrder.objects.filter(person=person).order_by("pk")
    PaymentOrder.objects.filter(pk=first.pk).update(state="paid", paid_on=date(2026, 10, 2))
    PaymentOrder.objects.filter(pk=second.pk).update(state="failed", failure="账号有误")
    found = told(reader, person, "payments")
    assert [(line.count, line.amount) for line in found.facts["sums"]] == [
        (1, first.amount),
        (1, second.amount),
    ]
    assert [event.on for event in found.events] == [date(2026, 10, 2)]


@pytest.mark.parametrize(("part", "permission"), PARTS.items())
def test_a_section_is_told_only_to_who_may_see_what_is_in_it(client, reader, part, permission):
    person = treated(2)
    client.force_login(make_user([name for name in SEE_ALL if name != permission]))
    html = client.get(page_of(person)).content.decode()
    assert f'data-part="{part}"' not in html
    assert f'data-part="{next(other for other in PARTS if other != part)}"' in html


def test_what_is_behind_a_figure_is_refused_to_who_may_not_see_results(client, reader):
    person = treated(1)
    claim = Claim.objects.get(person=person)
    client.force_login(make_user(["enrollment.view_person", "claims.view_claim"]))
    for name, args in (
        ("enrollment_person_movements", [person.pk, 2026, "basic.paid"]),
        ("claims_claim_breakdown", [claim.pk]),
    ):
        answer = client.get(reverse(f"admin:{name}", args=args), headers={"HX-Request": "true"})
        assert answer.status_code == 403
        assert claim.number not in answer.content.decode()
