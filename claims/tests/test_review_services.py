"""The reviews: every action in every state, by the right and the wrong person."""

from datetime import date, datetime
from decimal import Decimal
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import translation

from claims.intake.drafts import draft_of
from claims.intake.services import correct_claim
from claims.models import Claim, ClaimState, ClaimTransition
from claims.review.reasons import REASONS, reason_choices, reason_text
from claims.review.selectors import queue
from claims.review.services import (
    ApprovalRefused,
    approve,
    approve_many,
    pass_first,
    pass_first_many,
    reject_claim,
    release_claim,
    return_claim,
)
from claims.tests.factories import NOW, make_claim, make_clerk, make_resident, make_reviewer
from enrollment.tests.factories import make_bureau, make_institution, make_user
from enrollment.transitions.table import (
    NotPermitted,
    ReasonMissing,
    SecondPersonRequired,
    StateConflict,
    TransitionRefused,
)

ACTIONS = {
    "pass_first": lambda claim, actor: pass_first(claim, actor=actor, at=NOW),
    "approve": lambda claim, actor: approve(claim, actor=actor, at=NOW),
    "return": lambda claim, actor: return_claim(claim, actor=actor, at=NOW, note="缺发票"),
    "reject": lambda claim, actor: reject_claim(
        claim, actor=actor, at=NOW, note="工伤", reason="work_injury"
    ),
    "release": lambda claim, actor: release_claim(claim, actor=actor, at=NOW, note="已更正"),
}
ALLOWED = {
    ("submitted", "pass_first"): "checked",
    ("submitted", "return"): "returned",
    ("submitted", "reject"): "rejected",
    ("checked", "approve"): "approved",
    ("checked", "return"): "returned",
    ("checked", "reject"): "rejected",
    ("returned", "reject"): "rejected",
    ("held", "return"): "returned",
    ("held", "reject"): "rejected",
    ("held", "release"): "approved",
}


def unchanged(claim: Claim, state: str) -> bool:
    """Whether the refused action left state and log as they were."""
    claim.refresh_from_db()
    return (claim.state, claim.transitions.count()) == (state, 1)


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", ClaimState.values)
def test_every_action_in_every_state(db, state, action):
    claim, reviewer = make_claim(state), make_reviewer()
    target = ALLOWED.get((state, action))
    if target is None:
        with pytest.raises(StateConflict):
            ACTIONS[action](claim, reviewer)
        assert unchanged(claim, state)
        return
    ACTIONS[action](claim, reviewer)
    claim.refresh_from_db()
    row = claim.transitions.last()
    assert (claim.state, row.from_state, row.to_state) == (target, state, target)
    assert (row.actor, row.at) == (reviewer, NOW)


@pytest.mark.parametrize(("state", "action"), ALLOWED)
def test_without_the_permission_nothing_happens(db, state, action):
    claim = make_claim(state)
    with pytest.raises(NotPermitted):
        ACTIONS[action](claim, make_clerk())
    assert unchanged(claim, state)


@pytest.mark.parametrize(("state", "action"), [("submitted", "pass_first"), ("checked", "approve")])
def test_who_entered_the_claim_does_not_review_it(db, state, action):
    both = make_user(["claims.enter_claim", "claims.review_first", "claims.review_second"])
    claim = make_claim(state, entered_by=both)
    with pytest.raises(SecondPersonRequired):
        ACTIONS[action](claim, both)
    assert unchanged(claim, state)


def test_who_passed_the_first_review_does_not_approve(db):
    claim, first, second = make_claim(), make_reviewer(), make_reviewer()
    pass_first(claim, actor=first, at=NOW)
    with pytest.raises(SecondPersonRequired):
        approve(claim, actor=first, at=NOW)
    claim.refresh_from_db()
    assert (claim.state, claim.approved_on) == ("checked", None)
    approve(claim, actor=second, at=NOW)
    claim.refresh_from_db()
    assert (claim.state, claim.approved_on) == ("approved", date(2026, 11, 24))


def test_whoever_handled_it_before_a_return_does_not_approve_after_it(db):
    """Others took the same steps since: their names do not hide the earlier ones."""
    make_bureau(clerk_check_is_first_review=False)
    first, second, clerk = make_reviewer(), make_reviewer(), make_clerk()
    claim = make_claim(entered_by=clerk)
    pass_first(claim, actor=first, at=NOW)
    return_claim(claim, actor=second, at=NOW, note="发票号有误")
    correct_claim(claim, draft_of(claim), note="已更正", actor=make_clerk(), at=NOW)
    claim.refresh_from_db()
    pass_first(claim, actor=second, at=NOW)
    for before in (first, second):
        assert not queue("second", before).filter(pk=claim.pk).exists()
        with pytest.raises(SecondPersonRequired):
            approve(claim, actor=before, at=NOW)
    third = make_reviewer()
    assert queue("second", third).filter(pk=claim.pk).exists()
    approve(claim, actor=third, at=NOW)


def test_the_day_of_approval_is_a_day_in_shanghai(db):
    claim = make_claim("checked")
    late = datetime(2026, 11, 23, 17, 0, tzinfo=ZoneInfo("UTC"))
    approve(claim, actor=make_reviewer(), at=late)
    claim.refresh_from_db()
    assert claim.approved_on == date(2026, 11, 24)


@pytest.mark.parametrize("note", ["", "  "])
@pytest.mark.parametrize(
    ("state", "act"),
    [
        ("submitted", return_claim),
        ("held", release_claim),
        ("checked", lambda claim, **given: reject_claim(claim, reason="abroad", **given)),
    ],
)
def test_a_step_back_needs_a_note(db, state, act, note):
    claim = make_claim(state)
    with pytest.raises(ReasonMissing):
        act(claim, actor=make_reviewer(), at=NOW, note=note)
    assert unchanged(claim, state)


@pytest.mark.parametrize("reason", ["", "because"])
def test_a_rejection_needs_a_legal_reason(db, reason):
    claim = make_claim()
    with pytest.raises(ReasonMissing):
        reject_claim(claim, actor=make_reviewer(), at=NOW, note="x", reason=reason)
    assert unchanged(claim, "submitted")


def test_a_rejection_keeps_its_reason(db):
    claim = make_claim()
    reject_claim(
        claim, actor=make_reviewer(), at=NOW, note="单位未参加工伤保险", reason="work_injury"
    )
    row = claim.transitions.last()
    assert (row.action, row.reason, row.note) == ("reject", "work_injury", "单位未参加工伤保险")


def test_every_reason_names_its_article():
    assert [code for code, _words in reason_choices()] == list(REASONS)
    with translation.override("en"):
        assert all("§" in str(reason.article) for reason in REASONS.values())
    assert reason_text("gone") == "gone"


def test_a_reason_bears_the_readers_brackets():
    with translation.override("zh-hans"):
        assert reason_text("third_party") == (
            "应当由第三人负担（《社会保险法》第三十条第一款第二项）"
        )
    with translation.override("en"):
        assert (
            reason_text("third_party") == "A third party is liable (Social Insurance Law §30 (2))"
        )


def test_returning_a_held_claim_takes_its_approval_back(db):
    claim = make_claim("held", approved_on=date(2026, 11, 20), held_reason="x")
    return_claim(claim, actor=make_reviewer(), at=NOW, note="重新核对")
    claim.refresh_from_db()
    assert (claim.approved_on, claim.held_reason) == (None, "")


def test_a_released_claim_keeps_its_approval(db):
    claim = make_claim("held", approved_on=date(2026, 11, 20), held_reason="x")
    release_claim(claim, actor=make_reviewer(), at=NOW, note="已核对")
    claim.refresh_from_db()
    assert (claim.state, claim.approved_on, claim.held_reason) == (
        "approved", date(2026, 11, 20), "",
    )  # fmt: skip


def test_approval_asks_coverage_again(db):
    claim = make_claim("checked")
    claim.person.enrolments.update(status="withdrawn")
    with pytest.raises(ApprovalRefused):
        approve(claim, actor=make_reviewer(), at=NOW)
    assert unchanged(claim, "checked")
    assert claim.approved_on is None


def test_many_claims_pass_each_under_its_own_rules(db):
    reviewer, institution = make_reviewer(), make_institution()
    fine = [make_claim(institution=institution) for _n in range(3)]
    mine = make_claim(entered_by=reviewer, institution=institution)
    settled = make_claim("settled", institution=institution)
    everything = [*fine, mine, settled]
    done = pass_first_many([claim.pk for claim in everything], actor=reviewer, at=NOW)
    assert (done.done, done.total) == (3, Decimal("30000.00"))
    assert {number for number, _why in done.refused} == {mine.number, settled.number}
    states = dict(Claim.objects.values_list("number", "state"))
    assert [states[claim.number] for claim in everything] == [
        "checked", "checked", "checked", "submitted", "settled",
    ]  # fmt: skip
    assert ClaimTransition.objects.filter(action="pass_first", actor=reviewer).count() == 3
    again = approve_many([claim.pk for claim in everything], actor=reviewer, at=NOW)
    assert (again.done, len(again.refused)) == (0, 5)


def test_many_approvals_ask_coverage_again_and_set_the_day(db):
    fine, lapsed = make_claim("checked"), make_claim("checked")
    lapsed.person.enrolments.update(status="withdrawn")
    done = approve_many([fine.pk, lapsed.pk], actor=make_reviewer(), at=NOW)
    assert (done.done, [number for number, _why in done.refused]) == (1, [lapsed.number])
    fine.refresh_from_db()
    assert (fine.state, fine.approved_on) == ("approved", date(2026, 11, 24))
    assert unchanged(lapsed, "checked")


def test_statements_do_not_grow_with_the_number(db, django_assert_max_num_queries):
    reviewer, institution = make_reviewer(), make_institution()
    ids = [make_claim("checked", institution=institution).pk for _n in range(30)]
    with django_assert_max_num_queries(14):
        assert approve_many(ids, actor=reviewer, at=NOW).done == 30


def test_without_permission_every_claim_is_refused(db):
    claim = make_claim()
    done = pass_first_many([claim.pk], actor=make_clerk(), at=NOW)
    assert (done.done, len(done.refused)) == (0, 1)
    assert unchanged(claim, "submitted")


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_on_one_claim():
    """One wins; the other is told, and nothing doubles."""
    claim, barrier = make_claim("checked", person=make_resident()), Barrier(2)
    reviewers = [make_reviewer(), make_reviewer()]
    outcomes: list[object] = []

    def act(n: int) -> None:
        mine = Claim.objects.get(pk=claim.pk)
        barrier.wait()
        try:
            if n:
                approve(mine, actor=reviewers[n], at=NOW)
            else:
                reject_claim(mine, actor=reviewers[n], at=NOW, note="x", reason="abroad")
            outcomes.append("done")
        except TransitionRefused as refusal:
            outcomes.append(type(refusal))
        finally:
            connection.close()

    threads = [Thread(target=act, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == sorted(["done", str(StateConflict)])
    assert claim.transitions.count() == 2


@pytest.mark.parametrize("cause", ["work_injury", "third_party", "public_health", "abroad"])
def test_an_excluded_cause_keeps_the_claim_from_approval_and_is_its_rejection(db, cause):
    claim = make_claim(ClaimState.CHECKED, excluded_cause=cause)
    with translation.override("en"), pytest.raises(ApprovalRefused, match="§30"):
        approve(claim, actor=make_reviewer(), at=NOW)
    assert unchanged(claim, ClaimState.CHECKED)
    assert approve_many([claim.pk], actor=make_reviewer(), at=NOW).done == 0
    reject_claim(claim, actor=make_reviewer(), at=NOW, note="见病历", reason=claim.excluded_cause)
    assert claim.transitions.last().reason == cause


def test_what_a_third_party_does_not_pay_is_advanced(db):
    claim = make_claim(ClaimState.CHECKED, excluded_cause="third_party_unpaid")
    assert approve(claim, actor=make_reviewer(), at=NOW).state == ClaimState.APPROVED
