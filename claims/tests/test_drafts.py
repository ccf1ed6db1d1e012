"""Drafts: kept while typed, found again, gone when submitted, seen by their clerk alone."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from claims.drafts.models import WindowDraft
from claims.drafts.services import find_draft, save_draft, version_of
from claims.drafts.tasks import forget_drafts_task
from claims.intake.services import correct_claim
from claims.models import Claim, ClaimState
from claims.tests.factories import (
    NOW,
    make_claim,
    make_clerk,
    make_draft,
    make_resident,
    make_reviewer,
)
from enrollment.models import Institution
from enrollment.tests.factories import make_bureau, make_institution

SAVE = "/window/draft/save/"
DISCARD = "/window/draft/discard/"


@pytest.fixture
def clerk(client, db):
    make_bureau()
    user = make_clerk()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return user


def typed(clerk, person, **fields):
    return {
        "clerk": clerk.pk,
        "person": person.pk,
        "institution": "芙蓉",
        "kind": "inpatient",
        "discharged_on": "09",
        "diagnosis": "肺",
        "total": "12,3",
        "papers": ["invoice", "records"],
    } | fields


def test_what_is_typed_is_kept_as_it_stands_and_stands_there_again(client, clerk):
    person = make_resident(name="彭大山")
    answer = client.post(SAVE, typed(clerk, person))
    assert "Saved as a draft at" in answer.json()["text"]
    page = client.get(f"/window/?person={person.pk}").content.decode()
    assert "You continue where you left" in page
    for text in ("芙蓉", "09", "肺", "12,3"):
        assert f'value="{text}"' in page
    assert page.count("checked") == 2
    page = client.get("/window/").content.decode()
    assert "My drafts" in page
    assert "彭大山" in page
    assert 'data-queue="claims_drafts"' in client.get("/").content.decode()


def test_saving_again_replaces_and_an_emptied_form_is_no_draft(client, clerk):
    person = make_resident()
    client.post(SAVE, typed(clerk, person))
    client.post(SAVE, typed(clerk, person, total="99"))
    assert WindowDraft.objects.get().facts["total"] == "99"
    empty = {"clerk": clerk.pk, "person": person.pk, "kind": "inpatient", "filing": "none"}
    assert client.post(SAVE, empty).json() == {"text": "", "mark": ""}
    assert not WindowDraft.objects.exists()


ONE, OTHER = "0" * 11 + "1", "0" * 11 + "2"


def saved(client, form, mark, seen=""):
    return client.post(SAVE, form | {"mark": mark, "draft_mark": seen})


def test_a_second_page_does_not_write_over_the_first(client, clerk):
    form = typed(clerk, make_resident())
    assert saved(client, form, f"{ONE}.1").json()["mark"] == f"{ONE}.1"
    # The page's next save may leave before the answer to the one before has come.
    assert saved(client, form | {"total": "7"}, f"{ONE}.2").status_code == 200
    late = saved(client, form | {"total": "1"}, f"{ONE}.1")
    assert (late.status_code, late.json()["newer"]) == (409, True)
    other = saved(client, form | {"total": "9"}, f"{OTHER}.1")
    assert other.status_code == 409
    assert "Another window saved other entries at" in other.json()["text"]
    assert WindowDraft.objects.get().facts["total"] == "7"
    # Who chooses what stands on their page goes on from what is stored.
    assert (
        saved(client, form | {"total": "9"}, f"{OTHER}.2", other.json()["mark"]).status_code == 200
    )
    assert WindowDraft.objects.get().facts["total"] == "9"


def test_a_page_goes_on_from_the_draft_that_it_shows(client, clerk):
    person = make_resident()
    form = typed(clerk, person)
    saved(client, form, f"{ONE}.4")
    page = client.get(f"/window/?person={person.pk}").text
    assert f'name="draft_mark" value="{ONE}.4"' in page
    assert saved(client, form | {"total": "8"}, f"{OTHER}.1", f"{ONE}.4").status_code == 200
    refused = client.post("/window/", form | {"draft_mark": f"{OTHER}.1"}).text
    assert f'name="draft_mark" value="{OTHER}.1"' in refused


def test_what_was_discarded_stays_discarded(client, clerk):
    person = make_resident()
    form = typed(clerk, person)
    saved(client, form, f"{ONE}.1")
    client.post(DISCARD, {"person": person.pk})
    late = saved(client, form, f"{ONE}.2", f"{ONE}.1")
    assert late.status_code == 409
    assert "submitted or discarded in another window" in late.json()["text"]
    assert "newer" not in late.json()
    assert not WindowDraft.objects.exists()


@pytest.mark.parametrize("mark", ["x.1", "0" * 12, f"{ONE}.", f"{ONE}.1234567", "１" * 12 + ".1"])
def test_a_mark_that_is_none_is_no_mark(client, clerk, mark):
    form = typed(clerk, make_resident())
    saved(client, form, f"{ONE}.1")
    assert saved(client, form | {"total": "6"}, mark).json()["mark"] == ""


def test_a_colleague_sees_nothing_of_it(client, clerk):
    person = make_resident(name="彭大山")
    client.post(SAVE, typed(clerk, person))
    other = make_clerk()
    client.force_login(other)
    assert "彭大山" not in client.get("/window/").content.decode()
    assert "continue where" not in client.get(f"/window/?person={person.pk}").content.decode()
    # The page of the first clerk still types after the second has logged in at the same machine.
    assert client.post(SAVE, typed(clerk, person)).status_code == 409
    client.post(SAVE, typed(other, person, total="5"))
    client.post(DISCARD, {"person": person.pk})
    assert WindowDraft.objects.get().clerk == clerk


def test_submitting_ends_the_draft_and_a_late_save_brings_no_ghost(client, clerk):
    person, hospital = make_resident(), make_institution()
    form = typed(
        clerk,
        person,
        institution=hospital.code,
        admitted_on="20260901",
        discharged_on="20260908",
        diagnosis="肺炎",
        invoice_no="f 12",
        total="100",
        papers=["invoice", "cost_list", "diagnosis", "records", "identity"],
    )
    client.post(SAVE, form)
    assert client.post("/window/", form | {"total": ""}).status_code == 200
    assert WindowDraft.objects.count() == 1  # an error loses nothing
    assert client.post("/window/", form).status_code == 302
    assert client.post(SAVE, form).json() == {"text": "", "mark": ""}
    assert not WindowDraft.objects.exists()
    client.post(SAVE, form | {"invoice_no": "F13"})
    assert WindowDraft.objects.count() == 1


def test_the_correction_of_a_returned_claim_has_a_draft_of_its_own(client, clerk):
    claim = make_claim(ClaimState.RETURNED, entered_by=clerk)
    url = reverse("admin:claims_window_correct", args=[claim.pk])
    form = typed(clerk, claim.person, claim=claim.pk, version=1)
    client.post(SAVE, form)
    page = client.get(url).content.decode()
    assert 'value="12,3"' in page
    assert "continue where" not in client.get(f"/window/?person={claim.person_id}").content.decode()
    assert f"correction of {claim.number}" in client.get("/window/").content.decode()
    draft = make_draft(institution=claim.institution)
    correct_claim(claim, draft, actor=make_clerk(), at=NOW)
    claim.refresh_from_db()
    kept = find_draft(clerk, claim.person_id, claim)
    assert version_of(kept.facts) == 1 < claim.version
    client.post(SAVE, form | {"total": "7"})
    assert WindowDraft.objects.get().facts["total"] == "12,3"


@pytest.mark.parametrize("is_returned", [True, False])
def test_an_institution_that_was_renamed_meanwhile_is_not_asked_for_again(
    client, clerk, is_returned
):
    place = make_institution(name="芙蓉镇卫生院")
    claim = make_claim(ClaimState.RETURNED, entered_by=clerk, institution=place)
    form = typed(clerk, claim.person, institution=f"{place.code} {place.name}")
    url = f"/window/?person={claim.person_id}"
    if is_returned:
        form |= {"claim": claim.pk, "version": 1}
        url = reverse("admin:claims_window_correct", args=[claim.pk])
    client.post(SAVE, form)
    Institution.objects.filter(pk=place.pk).update(name="芙蓉镇中心卫生院")
    page = client.get(url).content.decode()
    assert f'value="{place.code} 芙蓉镇中心卫生院"' in page
    assert "芙蓉镇卫生院" not in page.partition('<form id="claim"')[2]


@pytest.mark.parametrize(
    "wrong",
    [{"person": "999999"}, {"person": ""}, {"person": "x"}, {"claim": "999999"}, {"person": "1\0"}],
)
def test_a_draft_of_nobody_is_refused(client, clerk, wrong):
    assert client.post(SAVE, typed(clerk, make_resident()) | wrong).status_code == 404
    assert not WindowDraft.objects.exists()


def test_what_a_form_cannot_hold_is_cut(db):
    clerk, person = make_clerk(), make_resident()
    facts = {"total": "9" * 5000, "diagnosis": "a\0b", "papers": ["x" * 99] * 99, "state": "paid"}
    draft = save_draft(clerk, person, facts, at=NOW)
    assert len(draft.facts["total"]) == 200
    assert draft.facts["diagnosis"] == "ab"
    assert draft.facts["papers"] == ["x" * 20] * 20
    assert "state" not in draft.facts


def test_without_the_permission_nothing_is_kept(client, db):
    person, reviewer = make_resident(), make_reviewer()
    client.force_login(reviewer)
    assert client.post(SAVE, typed(reviewer, person)).status_code == 403
    assert client.post(DISCARD, {"person": person.pk}).status_code == 403
    assert client.get(SAVE).status_code in (403, 405)
    assert not WindowDraft.objects.exists()
    assert not Claim.objects.exists()


def test_saving_takes_a_bounded_number_of_statements(client, clerk, django_assert_max_num_queries):
    person = make_resident()
    with django_assert_max_num_queries(15):
        client.post(SAVE, typed(clerk, person, invoice_no="1"))


def test_the_night_forgets_what_nobody_touched_for_thirty_days(clerk):
    def saved(days):
        at = timezone.now() - timedelta(days=days)
        return save_draft(clerk, make_resident(), {"total": "1"}, at=at)

    kept = saved(settings.DRAFT_DAYS)
    saved(settings.DRAFT_DAYS + 1)
    assert forget_drafts_task() == 1
    assert WindowDraft.objects.get() == kept
