"""The checklist of papers: what is asked, what is awaited, what that keeps back."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from claims.intake.services import ClaimStopped, submit_claim
from claims.models import Claim, ClaimPaper, ClaimState
from claims.papers.checklist import BY_LAW, needed_papers
from claims.papers.services import receive_papers
from claims.review.services import ApprovalRefused, approve
from claims.tests.factories import (
    NOW,
    make_claim,
    make_clerk,
    make_draft,
    make_resident,
    make_reviewer,
)
from enrollment.tests.factories import id_number, make_bureau, make_institution
from enrollment.transitions.table import NotPermitted, StateConflict, TransitionRefused

CHILD = id_number(born_on=date(2015, 6, 1), serial=77)


def submit(handed_in, *, to_supply=False, **fields):
    return submit_claim(
        make_draft(),
        person=make_resident(**fields),
        actor=make_clerk(),
        at=NOW,
        handed_in=handed_in,
        to_supply=to_supply,
    )


def test_four_papers_and_an_identity_document_are_asked_no_more(db):
    person = make_resident()
    assert needed_papers(person, NOW.date()) == (*BY_LAW, "identity")


def test_an_account_is_asked_only_where_none_is_on_record_guardians_papers_of_minors(db):
    assert "account" in needed_papers(make_resident(account_no=""), NOW.date())
    child = make_resident(id_number=CHILD)
    assert "guardian" in needed_papers(child, NOW.date())
    assert "guardian" not in needed_papers(child, date(2033, 6, 1))


@pytest.mark.parametrize("missing", ["invoice", "cost_list", "diagnosis", "records", "identity"])
def test_a_missing_paper_keeps_the_claim_out_unless_it_is_to_be_supplied(db, missing):
    given = [kind for kind in (*BY_LAW, "identity") if kind != missing]
    with translation.override("en"), pytest.raises(ClaimStopped, match="Not handed in: "):
        submit(given)
    assert (Claim.objects.count(), ClaimPaper.objects.count()) == (0, 0)
    claim = submit(given, to_supply=True)
    assert [paper.kind for paper in claim.papers.filter(handed_in_on=None)] == [missing]
    assert claim.papers.exclude(handed_in_on=None).count() == 4


def test_without_a_list_everything_needed_came_in(db):
    claim = submit_claim(make_draft(), person=make_resident(), actor=make_clerk(), at=NOW)
    assert claim.papers.count() == 5
    assert not claim.papers.filter(handed_in_on=None).exists()


def test_awaited_papers_keep_the_claim_from_approval_until_they_come_in(db):
    claim = submit([], to_supply=True)
    Claim.objects.filter(pk=claim.pk).update(state=ClaimState.CHECKED)
    claim.refresh_from_db()
    with translation.override("en"), pytest.raises(ApprovalRefused) as refused:
        approve(claim, actor=make_reviewer(), at=NOW)
    assert "To be supplied by the resident" in str(refused.value)
    assert "Return or reject" not in str(refused.value)
    clerk = make_clerk()
    receive_papers(claim, ["invoice", "records"], actor=clerk, at=NOW)
    with pytest.raises(ApprovalRefused):
        approve(claim, actor=make_reviewer(), at=NOW)
    receive_papers(claim, ["cost_list", "diagnosis", "identity"], actor=clerk, at=NOW, note="邮寄")
    logged = claim.transitions.last()
    assert (logged.action, logged.to_state, logged.actor) == ("receive_papers", "checked", clerk)
    assert logged.note.endswith("邮寄")
    assert approve(claim, actor=make_reviewer(), at=NOW).state == ClaimState.APPROVED


def test_papers_are_taken_by_the_window_and_only_while_awaited(db):
    claim = submit(["invoice"], to_supply=True)
    with pytest.raises(NotPermitted):
        receive_papers(claim, ["records"], actor=make_reviewer(), at=NOW)
    with pytest.raises(TransitionRefused):
        receive_papers(claim, ["invoice"], actor=make_clerk(), at=NOW)
    Claim.objects.filter(pk=claim.pk).update(state=ClaimState.REJECTED)
    with pytest.raises(StateConflict):
        receive_papers(claim, ["records"], actor=make_clerk(), at=NOW)
    assert claim.papers.filter(handed_in_on=None).count() == 4
    assert claim.transitions.count() == 1


@pytest.fixture
def window(client, db):
    make_bureau()
    client.force_login(make_clerk())
    client.cookies["django_language"] = "en"
    return client


def test_the_window_shows_what_is_asked_and_what_may_not_be(window):
    page = window.get(f"/window/?person={make_resident().pk}").content.decode()
    assert page.count('name="papers"') == 5
    assert 'value="guardian"' not in page
    assert "May not be asked for" in page
    assert "§31" in page
    page = window.get(f"/window/?person={make_resident(id_number=CHILD).pk}").content.decode()
    assert 'value="guardian"' in page


def test_the_window_refuses_without_papers_and_keeps_the_ticks(window):
    hospital, person = make_institution(), make_resident()
    form = {
        "person": person.pk,
        "institution": hospital.code,
        "kind": "inpatient",
        "admitted_on": "20260901",
        "discharged_on": "20260908",
        "diagnosis": "肺炎",
        "invoice_no": "1",
        "total": "100",
        "papers": ["invoice", "records"],
    }
    page = window.post("/window/", form).content.decode()
    assert "Not handed in: " in page
    assert page.count("checked") == 2
    assert window.post("/window/", form | {"papers": ["passport"]}).status_code == 200
    assert Claim.objects.count() == 0
    assert window.post("/window/", form | {"to_supply": "on"}).status_code == 302
    claim = Claim.objects.get()
    page = window.get(reverse("admin:claims_claim_change", args=[claim.pk])).content.decode()
    assert "to be supplied" in page
    url = reverse("admin:claims_claim_papers", args=[claim.pk])
    assert url in page
    assert window.post(url, {"kinds": ["invoice"]}).status_code == 200  # handed in before
    window.post(url, {"kinds": ["cost_list", "diagnosis", "identity"]})
    assert not claim.papers.filter(handed_in_on=None).exists()
    assert "All papers of this claim are in." in window.get(url).content.decode()


def test_a_paper_that_a_colleague_registered_meanwhile_is_said_to_be_in(window):
    claim = submit(["invoice"], to_supply=True)
    receive_papers(claim, ["records"], actor=make_clerk(), at=NOW)
    window.cookies["django_language"] = "en"
    url = reverse("admin:claims_claim_papers", args=[claim.pk])
    page = window.post(url, {"kinds": ["records", "diagnosis"]}).content.decode()
    assert "A paper that you ticked is registered by now" in page
    assert "Select a valid choice" not in page
    assert claim.papers.filter(handed_in_on=None).count() == 3


def test_others_do_not_take_papers(window):
    claim = make_claim()
    window.force_login(make_reviewer())
    url = reverse("admin:claims_claim_papers", args=[claim.pk])
    assert window.post(url, {"kinds": ["invoice"]}).status_code == 403
