"""A claim of another township is not named to who works for one of them."""

import pytest
from django.utils import timezone, translation

from claims.intake.messages import say
from claims.intake.selectors import candidate_of, findings_for
from claims.tests.factories import make_claim, make_resident, make_reviewer
from enrollment.tests.factories import OTHER_TOWNSHIP, TOWNSHIP, make_divisions, make_institution


@pytest.fixture
def claims(db):
    """The invoice of a claim here, claimed before there."""
    make_divisions()
    elsewhere = make_claim(
        person=make_resident(division_id=OTHER_TOWNSHIP),
        institution=make_institution(name="彼处医院"),
        invoice_no="F123",
    )
    here = make_claim(person=make_resident(division_id=TOWNSHIP), invoice_no="F123")
    return here, elsewhere


def told(claim, reader):
    (found,) = findings_for([candidate_of(claim)], today=timezone.localdate())
    with translation.override("en"):
        return [say(one, reader) for one in found if one.code == "invoice_elsewhere"]


@pytest.mark.parametrize("divisions", [[], [TOWNSHIP, OTHER_TOWNSHIP]])
def test_who_may_see_it_is_told_which(claims, divisions):
    here, elsewhere = claims
    (text,) = told(here, make_reviewer(divisions=divisions))
    assert elsewhere.number in text
    assert "彼处医院" in text


def test_who_may_not_is_told_that_there_is_one(claims):
    here, elsewhere = claims
    (text,) = told(here, make_reviewer(divisions=[TOWNSHIP]))
    assert "a claim of another township" in text
    assert elsewhere.number not in text
    assert "彼处医院" not in text


def test_nor_on_the_page_of_the_claim(claims, client):
    here, elsewhere = claims
    client.force_login(make_reviewer(divisions=[TOWNSHIP]))
    page = client.get(f"/claims/claim/{here.pk}/change/")
    assert page.status_code == 200
    assert elsewhere.number not in page.text
    assert "彼处医院" not in page.text
