"""The search box finds cases, recoveries and fines by their document numbers."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from enrollment.search.finders import finders_for
from enrollment.tests.factories import make_bureau, make_user
from supervision.models import Fine, Recovery
from supervision.penalties.services import decide_penalty
from supervision.tests.helpers import AT, TODAY, make_notified, supervisor

pytestmark = pytest.mark.django_db
SEE = ["supervision.view_case", "supervision.view_recovery", "supervision.view_fine"]


@pytest.fixture
def reader(client):
    make_bureau()
    user = make_user(SEE)
    client.force_login(user)
    return user


def page_of(record):
    return reverse(f"admin:supervision_{record._meta.model_name}_change", args=[record.pk])


def goes_to(client, term):
    return client.post("/search/", {"q": term}).headers["Location"]


def decided():
    """A case with its recovery and its fine."""
    case = decide_penalty(
        make_notified(),
        recovery=Decimal("1000.00"),
        fine=Decimal("2000.00"),
        defence="当事人书面放弃陈述、申辩。",
        heard_on=TODAY,
        actor=supervisor(),
        at=AT,
    )
    return [case, Recovery.objects.get(), Fine.objects.get()]


def in_keyboard_brackets(number):
    return number.replace("〔", "[").replace("〕", "]")


@pytest.mark.parametrize("write", [str, in_keyboard_brackets])
def test_document_numbers_are_found_in_whatever_brackets(client, reader, write):
    case, recovery, fine = decided()
    assert goes_to(client, write(case.number)) == page_of(case)
    # The decision is one document, with what goes to the fund and what to the treasury.
    assert recovery.number == fine.number
    page = client.post("/search/", {"q": write(fine.number)}, follow=True)
    found = {group.finder.key: [hit.url for hit in group.hits] for group in page.context["groups"]}
    assert found == {"recoveries": [page_of(recovery)], "fines": [page_of(fine)]}


@pytest.mark.parametrize("missing", SEE)
def test_who_may_not_see_a_kind_does_not_find_it(reader, missing):
    key = {"view_case": "cases", "view_recovery": "recoveries", "view_fine": "fines"}
    hidden = key[missing.partition(".")[2]]
    user = make_user([name for name in SEE if name != missing])
    assert hidden in {finder.key for finder in finders_for(reader)}
    assert hidden not in {finder.key for finder in finders_for(user)}


def test_each_finder_makes_one_statement_by_indexes(reader):
    for finder in finders_for(reader):
        with CaptureQueriesContext(connection) as captured:
            finder.find("医保案〔2026〕1号", reader)
        (query,) = captured
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("EXPLAIN " + query["sql"])
            plan = "\n".join(line for (line,) in cursor.fetchall())
            cursor.execute("SET LOCAL enable_seqscan = on")
        assert "Seq Scan" not in plan, (finder.key, plan)
