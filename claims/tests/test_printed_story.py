"""What opens behind a resident's figures comes at once for the paper, bounded and said so."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import AccumulatorMovement, Claim
from claims.stories import views
from claims.tests.night import approved_claim, covered_person
from claims.tests.stories import SEE_ALL, page_of, treated
from enrollment.models import RecordReading
from enrollment.tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_2026")]
HTMX = {"HX-Request": "true"}


def address_of(person):
    return reverse("admin:enrollment_person_printed", args=[person.pk])


def parts(client, person):
    """The answer's parts by the place each belongs to."""
    answer = client.get(address_of(person), headers=HTMX).content.decode()
    pieces = re.split(r'<div data-into="([^"]+)">', answer)[1:]
    return dict(zip(pieces[::2], pieces[1::2], strict=True))


def test_each_part_has_its_place_on_the_page(client, reader):
    person = treated(3)
    waiting = approved_claim(person)
    page = client.get(page_of(person)).content.decode()
    assert f'data-printed="{address_of(person)}"' in page
    found = parts(client, person)
    for place in found:
        assert f'id="{place}"' in page, place
    settled = Claim.objects.filter(person=person).exclude(pk=waiting.pk)
    assert {f"behind-{claim.pk}" for claim in settled} <= set(found)
    assert f"behind-{waiting.pk}" not in found
    for claim in settled:
        assert claim.number in found[f"behind-{claim.pk}"]
    counters = AccumulatorMovement.objects.filter(person=person, year=2026)
    moved = [place for place in found if place.startswith("moved-")]
    assert len(moved) == counters.exclude(amount=0).values("counter").distinct().count()


def test_many_claims_are_cut_and_the_paper_says_so(client, reader, monkeypatch):
    monkeypatch.setattr(views, "PRINTED", 2)
    person = treated(4)
    found = parts(client, person)
    newest = Claim.objects.filter(person=person).order_by("-discharged_on", "-id")[:2]
    behind = {place for place in found if place.startswith("behind-")}
    assert behind == {f"behind-{claim.pk}" for claim in newest}
    assert "Only the calculations of the newest 2 claims are printed" in found["printed-note"]
    client.cookies["django_language"] = "zh-hans"
    assert "仅打印最近 2 笔报销的计算过程" in parts(client, person)["printed-note"]


def test_what_is_whole_says_nothing_of_a_cut(client, reader):
    assert "printed-note" not in parts(client, treated(2))


def test_one_paper_is_one_reading_and_a_few_statements_a_claim(client, reader):
    few, many = treated(2), treated(6)
    RecordReading.objects.all().delete()
    counts = []
    for person in (few, many):
        client.get(address_of(person), headers=HTMX)
        with CaptureQueriesContext(connection) as captured:
            client.get(address_of(person), headers=HTMX)
        counts.append(len(captured))
    assert RecordReading.objects.filter(person=many).count() == 2
    assert counts[1] - counts[0] <= 4 * 6


def test_without_scripts_it_is_the_residents_page(client, reader):
    person = treated(1)
    assert client.get(address_of(person)).headers["Location"] == page_of(person)


def test_who_may_not_see_results_has_no_parts(client, reader):
    person = treated(1)
    client.force_login(make_user([one for one in SEE_ALL if "settled" not in one]))
    assert "data-printed" not in client.get(page_of(person)).content.decode()
    assert client.get(address_of(person), headers=HTMX).status_code == 403


def test_a_resident_without_claims_fetches_nothing(client, reader):
    person = covered_person()
    assert "data-printed" not in client.get(page_of(person)).content.decode()
    assert parts(client, person) == {}
