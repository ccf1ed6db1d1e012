"""Lists, queues, the claim's page and its actions, as reviewers see them."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.intake.models import WITH_RESULT
from claims.models import Claim, ClaimState
from claims.review import bulk
from claims.tests.factories import make_claim, make_clerk, make_resident, make_reviewer
from enrollment.tests.factories import make_bureau, make_institution, make_person, make_user

LIST = "/claims/claim/"


@pytest.fixture
def reviewer(client, db):
    make_bureau()
    user = make_reviewer()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return user


def page_of(claim):
    return reverse("admin:claims_claim_change", args=[claim.pk])


def action_of(claim, action):
    return reverse(f"admin:claims_claim_{action}", args=[claim.pk])


def listed(client, **query):
    """The numbers on the list."""
    rows = client.get(LIST, query).context["cl"].result_list
    return [claim.number for claim in rows]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_list_has_nine_columns_and_a_bounded_number_of_statements(client, reviewer, language):
    client.cookies["django_language"] = language
    for _n in range(3):
        make_claim()
    with CaptureQueriesContext(connection) as few:
        page = client.get(LIST)
    assert len(page.context["cl"].list_display) == 10  # with the box to choose by
    for _n in range(12):
        make_claim()
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) == len(few) <= 14


def test_claims_are_found_by_number_invoice_visit_and_resident(client, reviewer):
    person = make_resident(name="彭大山")
    mine = make_claim(person=person, invoice_no="FP77", visit_no="V88")
    make_claim()
    for term in (mine.number, "fp77", "V88", "彭大", person.id_number[-4:], person.id_number):
        assert listed(client, q=term) == [mine.number]
    assert listed(client, q="无此人") == []
    assert client.get(LIST, {"q": "a\0b"}).status_code == 200


def test_the_queues_leave_out_what_the_reviewer_had_a_hand_in(client, reviewer):
    waiting = make_claim("checked")
    mine = make_claim("checked", entered_by=reviewer)
    held = make_claim("held")
    assert listed(client, queue="second") == [waiting.number]
    assert listed(client, queue="held") == [held.number]
    assert mine.number in listed(client, state__exact="checked")
    assert listed(client, queue="first") == []


def test_the_desk_counts_each_queue_by_its_list(client, reviewer):
    make_claim()
    make_claim("checked")
    make_claim("checked", entered_by=reviewer)
    queues = {queue.key: queue for queue in client.get("/").context["queues"]}
    assert {key: queue.count for key, queue in queues.items()} == {
        "claims_first": 1,
        "claims_second": 1,
        "claims_held": 0,
    }
    for queue in queues.values():
        assert len(client.get(queue.url).context["cl"].result_list) == queue.count


def test_a_clerk_sees_what_was_returned_to_them(client, db):
    clerk = make_clerk()
    client.force_login(clerk)
    mine = make_claim(ClaimState.RETURNED, entered_by=clerk)
    make_claim(ClaimState.RETURNED)
    assert [(queue.key, queue.count) for queue in client.get("/").context["queues"]] == [
        ("claims_returned", 1),
        ("claims_mine", 0),
    ]
    assert listed(client, queue="returned") == [mine.number]
    page = client.get(page_of(mine)).content.decode()
    assert reverse("admin:claims_window_correct", args=[mine.pk]) in page


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("state", [s for s in ClaimState.values if s not in WITH_RESULT])
def test_the_page_of_a_claim_in_each_state(client, reviewer, state, language):
    client.cookies["django_language"] = language
    claim = make_claim(state, held_reason="金额不符" if state == "held" else "")
    with CaptureQueriesContext(connection) as statements:
        answer = client.get(page_of(claim))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert len(statements) <= 24
    assert ("6,525.00" in page) == (state != "rejected")  # what would have been paid is not
    assert claim.person.masked_id in page
    assert claim.person.id_number not in page
    assert claim.person.account_no not in page
    assert 'name="_save"' not in page


def test_what_cannot_be_done_is_shown_with_its_reason(client, reviewer):
    mine = make_claim("checked", entered_by=reviewer)
    page = client.get(page_of(mine)).content.decode()
    assert action_of(mine, "approve") not in page
    assert "must be done by someone other than" in page
    other = make_claim("checked")
    assert action_of(other, "approve") in client.get(page_of(other)).content.decode()


def test_the_page_shows_what_stops_the_claim_now(client, reviewer):
    claim = make_claim("checked")
    claim.person.enrolments.update(status="withdrawn")
    assert "no enrolment of 2026" in client.get(page_of(claim)).content.decode()
    answer = client.post(action_of(claim, "approve"))
    assert "no enrolment of 2026" in answer.content.decode()
    claim.refresh_from_db()
    assert (claim.state, claim.approved_on) == ("checked", None)


def test_after_an_action_the_next_of_the_queue_opens(client, reviewer):
    first, second = make_claim("checked"), make_claim("checked")
    mine = make_claim("checked", entered_by=reviewer)
    assert client.post(action_of(first, "approve")).headers["Location"] == page_of(second)
    assert client.post(action_of(second, "approve")).headers["Location"] == page_of(second)
    states = dict(Claim.objects.values_list("pk", "state"))
    assert [states[claim.pk] for claim in (first, second, mine)] == [
        "approved", "approved", "checked",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "action", "form", "target"),
    [
        ("submitted", "pass_first", {}, "checked"),
        ("submitted", "return", {"note": "缺章"}, "returned"),
        ("checked", "return", {"note": "缺章"}, "returned"),
        ("checked", "reject", {"note": "工伤", "reason": "work_injury"}, "rejected"),
        ("held", "release", {"note": "已核对"}, "approved"),
    ],
)
def test_each_action_asks_first(client, reviewer, state, action, form, target):  # noqa: PLR0917
    claim = make_claim(state)
    page = client.get(action_of(claim, action))
    assert page.status_code == 200
    assert claim.number in page.content.decode()
    claim.refresh_from_db()
    assert claim.state == state
    client.post(action_of(claim, action), form)
    claim.refresh_from_db()
    assert claim.state == target
    assert claim.transitions.last().note == form.get("note", "")


@pytest.mark.parametrize(
    ("state", "action", "form"),
    [
        ("submitted", "return", {"note": " "}),
        ("submitted", "return", {"note": "长" * 501}),
        ("checked", "reject", {"note": "x"}),
        ("checked", "reject", {"note": "x", "reason": "because"}),
        ("checked", "reject", {"reason": "abroad"}),
        ("approved", "approve", {}),
        ("settled", "reject", {"note": "x", "reason": "abroad"}),
        ("checked", "pass_first", {}),
        ("checked", "return", {"note": "a\0b"}),
    ],
)
def test_a_malformed_or_late_action_changes_nothing(client, reviewer, state, action, form):
    claim = make_claim(state)
    assert client.post(action_of(claim, action), form).status_code == 200
    claim.refresh_from_db()
    assert (claim.state, claim.transitions.count()) == (state, 1)


@pytest.mark.parametrize("action", ["pass_first", "approve", "return", "reject", "release"])
def test_without_the_permission_an_action_is_closed(client, db, action):
    claim = make_claim("checked")
    client.force_login(make_user(["claims.enter_claim"]))
    assert client.post(action_of(claim, action), {"note": "x"}).status_code == 403
    claim.refresh_from_db()
    assert (claim.state, claim.transitions.count()) == ("checked", 1)


@pytest.mark.parametrize("path", ["add/", "{pk}/delete/"])
def test_no_claim_is_added_or_deleted_by_hand(client, reviewer, path):
    claim = make_claim()
    answer = client.post(LIST + path.format(pk=claim.pk), {"post": "yes"})
    assert answer.status_code == 403
    assert Claim.objects.count() == 1
    client.post(page_of(claim), {"number": "1", "state": "approved"})
    claim.refresh_from_db()
    assert claim.state == "submitted"


def test_many_claims_are_approved_on_a_page_that_says_how_much(client, reviewer):
    institution = make_institution()
    fine = [make_claim("checked", institution=institution) for _n in range(3)]
    mine = make_claim("checked", entered_by=reviewer, institution=institution)
    form = {
        "action": "approve_selected",
        "_selected_action": [claim.pk for claim in [*fine, mine]],
    }
    page = client.post(LIST, form).content.decode()
    assert "40,000.00" in page
    assert Claim.objects.filter(state="approved").count() == 0
    page = client.post(LIST, form | {"confirmed": "1"}).content.decode()
    assert "3 claims done, 30,000.00 in all." in page
    assert "1 claim stays as it is" in page
    assert mine.number in page
    assert set(Claim.objects.filter(state="approved")) == set(fine)


def test_of_many_claims_the_first_are_listed_and_the_others_counted(client, reviewer, monkeypatch):
    monkeypatch.setattr(bulk, "SHOWN", 2)
    monkeypatch.setattr(bulk, "LISTED", 1)
    mine = [make_claim("checked", entered_by=reviewer) for _n in range(3)]
    form = {"action": "approve_selected", "_selected_action": [claim.pk for claim in mine]}
    page = client.post(LIST, form).content.decode()
    assert [claim.number in page for claim in mine] == [True, True, False]
    assert "and 1 more" in page
    page = client.post(LIST, form | {"confirmed": "1"}).content.decode()
    assert "3 claims stay as they are" in page
    assert sum(claim.number in page for claim in mine) == 1
    assert "and 2 more" in page


def test_each_finding_against_a_claim_has_a_line_of_its_own(client, reviewer):
    claim = make_claim("checked", person=make_person(), excluded_cause="abroad")
    form = {
        "action": "approve_selected",
        "_selected_action": [claim.pk],
        "confirmed": "1",
    }
    page = client.post(LIST, form).content.decode()
    (cell,) = re.findall(rf"{claim.number}</a></td><td>(.*?)</td>", page, re.DOTALL)
    lines = cell.split("<br>")
    assert len(lines) >= 2
    assert all(line.strip() for line in lines)


def test_bulk_steps_are_offered_to_reviewers_only(client, db):
    claim = make_claim("checked")
    client.force_login(make_clerk())
    form = {"action": "approve_selected", "_selected_action": [claim.pk], "confirmed": "1"}
    client.post(LIST, form)
    claim.refresh_from_db()
    assert (claim.state, claim.transitions.count()) == ("checked", 1)


@pytest.mark.parametrize(
    ("queue", "offered"),
    [
        ("", ["pass_first_selected", "approve_selected"]),
        ("first", ["pass_first_selected"]),
        ("second", ["approve_selected"]),
        ("held", []),
    ],
)
def test_a_queue_offers_the_bulk_step_that_moves_its_claims(client, reviewer, queue, offered):
    for state in ("submitted", "checked", "held"):
        make_claim(state)
    page = client.get(LIST, {"queue": queue} if queue else {})
    form = page.context["action_form"]  # None: nothing to choose
    steps = form.fields["action"].choices if form else []
    assert [name for name, _label in steps if name] == offered


def test_an_unknown_queue_or_claim_is_no_error_page(client, reviewer):
    assert client.get(LIST, {"queue": "elsewhere"}).status_code in (200, 302)
    assert client.get("/claims/claim/999999/change/").status_code in (302, 404)
    assert client.get("/claims/claim/999999/approve/").status_code == 404


def test_an_upload_names_the_institution_as_payee(client, reviewer):
    claim = make_claim("checked", source="upload", visit_no="V1", person=make_person(account_no=""))
    claim.person.enrolments.create(
        year=2026, category="ordinary", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31)
    )
    page = client.get(page_of(claim)).content.decode()
    assert "Paid to the institution" in page


@pytest.mark.parametrize(
    ("state", "action"), [(ClaimState.SUBMITTED, "pass_first"), (ClaimState.CHECKED, "approve")]
)
def test_a_claim_corrected_after_it_was_opened_is_looked_at_again(client, reviewer, state, action):
    """Both reviews decide of the version that stood on the reviewer's screen."""
    claim = make_claim(state=state)
    button = next(
        one
        for one in client.get(page_of(claim)).context["object_actions"]
        if action_of(claim, action) in one.url
    )
    Claim.objects.filter(pk=claim.pk).update(version=2)
    form = client.get(button.url).context["form"]
    answer = client.post(action_of(claim, action), {"seen_version": form["seen_version"].value()})
    assert "corrected after you opened it" in answer.content.decode()
    claim.refresh_from_db()
    assert claim.state == state
    fresh = client.get(action_of(claim, action)).context["form"]["seen_version"].value()
    assert client.post(action_of(claim, action), {"seen_version": fresh}).status_code == 302
    claim.refresh_from_db()
    assert claim.state != state


def test_of_many_claims_the_corrected_one_stays(client, reviewer):
    claims = [make_claim(state=ClaimState.CHECKED) for _n in range(2)]
    chosen = {"action": "approve_selected", "_selected_action": [one.pk for one in claims]}
    page = client.post(LIST, chosen)
    seen = re.search(r'name="seen" value="([^"]+)"', page.content.decode()).group(1)
    Claim.objects.filter(pk=claims[0].pk).update(version=2)
    answer = client.post(LIST, {**chosen, "confirmed": "1", "seen": seen})
    assert "corrected after you opened it" in answer.content.decode()
    states = [Claim.objects.get(pk=one.pk).state for one in claims]
    assert states == [ClaimState.CHECKED, ClaimState.APPROVED]
