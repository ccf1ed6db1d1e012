"""Two people correct one returned claim: both versions are shown, and one chooses."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.drafts.models import WindowDraft
from claims.drafts.services import save_draft
from claims.intake.drafts import draft_of
from claims.intake.services import VersionConflict, correct_claim
from claims.models import Claim, ClaimState
from claims.review.services import return_claim
from claims.tests.factories import NOW, make_claim, make_clerk, make_draft, make_reviewer
from enrollment.models import User
from enrollment.tests.factories import make_bureau


@pytest.fixture
def claim(db):
    make_bureau()
    return make_claim(
        ClaimState.RETURNED, total=Decimal("10000.00"), diagnosis="肺炎", invoice_no="F1"
    )


def form_of(claim, **fields):
    """The correction page's form as it was opened, with what its clerk has changed."""
    return {
        "version": "1",
        "institution": claim.institution.code,
        "kind": "inpatient",
        "admitted_on": "20260901",
        "discharged_on": "20260908",
        "diagnosis": "肺炎",
        "invoice_no": "F1",
        "total": "10000",
        "excluded": "600",
        "over_limit": "0",
        "first_self_pay": "200",
    } | fields


def corrected_by_another(claim, *, returned=True, **fields):
    """Somebody else corrects it first; a reviewer sends it back again."""
    facts = {**draft_of(claim).values(), **fields}
    other = make_clerk(full_name="田同事")
    correct_claim(claim, make_draft(**facts), actor=other, at=timezone.now(), seen_version=1)
    if returned:
        claim.refresh_from_db()
        return_claim(claim, actor=make_reviewer(), at=timezone.now(), note="再核")


@pytest.fixture
def post(client, claim):
    client.force_login(make_clerk())
    client.cookies["django_language"] = "en"
    url = reverse("admin:claims_window_correct", args=[claim.pk])
    return lambda form: client.post(url, form)


def test_the_service_refuses_an_older_version(claim):
    corrected_by_another(claim, total=Decimal("9000.00"))
    with pytest.raises(VersionConflict):
        correct_claim(claim, make_draft(), actor=make_clerk(), at=NOW, seen_version=1)
    claim.refresh_from_db()
    assert (claim.total, claim.version) == (Decimal("9000.00"), 2)


def test_both_versions_and_what_was_before_are_shown(claim, post):
    corrected_by_another(claim, total=Decimal("9000.00"), diagnosis="支气管炎")
    page = post(form_of(claim, total="8000", invoice_no="F2")).content.decode()
    assert "田同事 corrected this claim" in page
    for text in ("10,000.00", "9,000.00", "8,000.00", "支气管炎", "F2"):
        assert text in page
    # What only one has changed is chosen already; what both have is not.
    assert '<input type="radio" name="take_diagnosis" value="theirs" checked>' in page
    assert '<input type="radio" name="take_invoice_no" value="mine" checked>' in page
    assert page.count('name="take_total"') == 2
    assert 'name="take_total" value="mine" checked' not in page
    assert 'name="take_total" value="theirs" checked' not in page
    claim.refresh_from_db()
    assert (claim.total, claim.version) == (Decimal("9000.00"), 2)


@pytest.mark.parametrize(("taken", "total"), [("mine", "8000.00"), ("theirs", "9000.00")])
def test_the_chosen_version_of_each_field_stands(claim, post, taken, total):
    corrected_by_another(claim, total=Decimal("9000.00"), diagnosis="支气管炎")
    mine = form_of(claim, total="8000", invoice_no="F2") | {"version": "2", "seen": "1"}
    choices = {"take_diagnosis": "theirs", "take_invoice_no": "mine"}
    undecided = post(mine | choices)
    assert undecided.status_code == 200
    assert "Choose what shall stand" in undecided.content.decode()
    assert post(mine | choices | {"take_total": taken}).status_code == 302
    claim.refresh_from_db()
    assert (claim.total, claim.diagnosis, claim.invoice_no) == (Decimal(total), "支气管炎", "F2")
    assert (claim.state, claim.version) == (ClaimState.CHECKED, 3)


def test_a_claim_that_is_under_review_again_is_only_compared(claim, client, post):
    corrected_by_another(claim, returned=False, total=Decimal("9000.00"))
    for _attempt in range(2):
        page = post(form_of(claim, total="8000")).content.decode()
        assert "田同事 submitted this claim again at" in page
        assert "9,000.00" in page
        assert "8,000.00" in page
        assert "take_total" not in page
        assert "Submit again" not in page
    claim.refresh_from_db()
    assert (claim.total, claim.state) == (Decimal("9000.00"), ClaimState.CHECKED)
    # It stays the clerk's until the clerk discards it.
    url = reverse("admin:claims_window_correct", args=[claim.pk])
    assert "8,000.00" in client.get(url).content.decode()
    assert WindowDraft.objects.get().facts["total"] == "8000"
    answer = client.post(reverse("admin:claims_window_draft_discard"), {"claim": claim.pk})
    assert answer["Location"] == reverse("admin:claims_claim_change", args=[claim.pk])
    assert not WindowDraft.objects.exists()


def test_what_says_the_same_is_not_kept(claim, post):
    corrected_by_another(claim, returned=False, total=Decimal("9000.00"))
    kept = draft_of(Claim.objects.get(pk=claim.pk))
    same = form_of(claim, total="9000", invoice_no=kept.invoice_no, diagnosis=kept.diagnosis)
    assert post(same).status_code == 302
    assert not WindowDraft.objects.exists()


def test_a_left_over_draft_opens_the_comparison_of_a_claim_returned_again(claim, client, post):
    clerk = User.objects.get(pk=client.session["_auth_user_id"])
    typed = form_of(claim, total="8000")
    save_draft(clerk, claim.person, typed, at=timezone.now(), claim=claim)
    corrected_by_another(claim, total=Decimal("9000.00"))
    url = reverse("admin:claims_window_correct", args=[claim.pk])
    page = client.get(url).content.decode()
    assert "田同事 corrected this claim" in page
    assert page.count('name="take_total"') == 2
    assert "Discard and begin anew" in page
    # A half-typed form is compared as well, and cannot pass over the other's version.
    undecided = post(typed | {"version": "2", "seen": "1"}).content.decode()
    assert "Choose which version stands: Total cost" in undecided
    wrong = post(typed | {"version": "2", "seen": "1", "total": "x"}).content.decode()
    assert 'name="take_total"' in wrong
    claim.refresh_from_db()
    assert (claim.total, claim.version) == (Decimal("9000.00"), 2)


@pytest.mark.parametrize("state", ["submitted", "checked", "approved", "rejected"])
def test_a_claim_that_is_not_returned_opens_no_form(client, db, state):
    make_bureau()
    client.force_login(make_clerk())
    client.cookies["django_language"] = "en"
    claim = make_claim(ClaimState(state))
    answer = client.get(reverse("admin:claims_window_correct", args=[claim.pk]))
    assert answer["Location"] == reverse("admin:claims_claim_change", args=[claim.pk])
    page = client.get(answer["Location"]).content.decode()
    assert "only a returned claim can be corrected" in page
    assert str(claim.get_state_display()) in page
