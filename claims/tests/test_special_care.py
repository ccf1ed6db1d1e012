"""Applications for special diseases: every step in its window, by its people, or refused."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from claims.certificates.services import Grant, carry_over, revoke_certificate
from claims.models import ApplicationState, PanelVote, SpecialApplication, SpecialCertificate
from claims.specialcare.filing import supply_papers
from claims.specialcare.services import (
    OutsideWindow,
    Vote,
    issue_certificate,
    pass_first_review,
    record_votes,
    refuse_application,
    return_for_papers,
    withdraw_application,
)
from claims.specialcare.states import APPLICATION_TRANSITIONS
from claims.tests.factories import make_resident
from claims.tests.special import (
    CANCER,
    FILER,
    agreed,
    check_certificates,
    checked,
    disease,
    filed,
    hospital,
    issued,
    make_certificate,
    moment,
    someone,
    votes,
)
from enrollment.tests.factories import make_person, make_user
from enrollment.transitions.table import (
    NotPermitted,
    ReasonMissing,
    SecondPersonRequired,
    StateConflict,
    TransitionRefused,
)

pytestmark = pytest.mark.django_db


def test_the_whole_way_from_the_window_to_the_certificate():
    certificate = issued()
    application = certificate.application
    assert application.state == ApplicationState.ISSUED
    assert [row.action for row in application.transitions.all()] == [
        "file", "pass_first", "agree", "issue",
    ]  # fmt: skip
    assert len({row.actor_id for row in application.transitions.all()}) == 4
    assert certificate.starts_on == date(2026, 12, 28)
    assert certificate.ends_on is None
    assert certificate.document == application.number
    assert [vote.agrees for vote in application.votes.all()] == [True, True, True]


def test_a_validity_in_months_ends_the_day_before():
    certificate = issued(disease=disease(CANCER), diagnosis="C80.x00")
    assert (certificate.starts_on, certificate.ends_on) == (date(2026, 12, 28), date(2031, 12, 27))


def test_an_application_may_be_filed_on_any_day():
    for day in ("2026-11-02", "2026-12-11", "2026-12-31"):
        assert filed(day=day).state == ApplicationState.FILED


STEPS = {
    "pass_first": (filed, "review_special", "2026-12-11", pass_first_review, {}),
    "return": (filed, "review_special", "2026-12-15", return_for_papers, {"note": "缺报告"}),
    "agree": (checked, "judge_special", "2026-12-16", record_votes, {"votes": votes()}),
    "issue": (agreed, "recheck_special", "2026-12-26", issue_certificate, {}),
    "refuse": (
        agreed, "recheck_special", "2026-12-31", refuse_application,
        {"reason": "evidence", "note": "复核"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("action", "day", "is_open"),
    [
        ("pass_first", "2026-12-10", False),
        ("pass_first", "2026-12-11", True),
        ("pass_first", "2026-12-15", True),
        ("pass_first", "2026-12-16", False),
        ("return", "2026-12-10", False),
        ("return", "2026-12-16", False),
        ("agree", "2026-12-15", False),
        ("agree", "2026-12-16", True),
        ("agree", "2026-12-25", True),
        ("agree", "2026-12-26", False),
        ("issue", "2026-12-25", False),
        ("issue", "2026-12-26", True),
        ("issue", "2026-12-31", True),
        ("issue", "2027-01-01", False),
        ("refuse", "2026-12-25", False),
        ("refuse", "2027-01-01", False),
        # A later quarter serves as well.
        ("issue", "2027-03-31", True),
    ],
)
def test_each_step_keeps_to_its_window(action, day, is_open):
    make, permission, _day, service, given = STEPS[action]
    application = make()
    before = application.state
    actor = someone(permission)
    if is_open:
        service(application, actor=actor, at=moment(day), **given)
        application.refresh_from_db()
        assert application.state == APPLICATION_TRANSITIONS[action].target
        return
    with pytest.raises(OutsideWindow, match=r"20\d\d-\d\d-\d\d"):
        service(application, actor=actor, at=moment(day), **given)
    application.refresh_from_db()
    assert application.state == before
    assert not SpecialCertificate.objects.exists()


def test_a_closed_window_names_the_next_one():
    with pytest.raises(OutsideWindow, match=r"2026-11-24.*2026-12-11.*2026-12-15"):
        pass_first_review(filed(), actor=someone("review_special"), at=moment("2026-11-24"))


@pytest.mark.parametrize("action", STEPS)
@pytest.mark.parametrize("state", ApplicationState.values)
def test_every_state_and_action(action, state):
    make, permission, day, service, given = STEPS[action]
    application = make()
    if state == ApplicationState.ISSUED:
        return  # needs its certificate; the last step of the table leaves it
    SpecialApplication.objects.filter(pk=application.pk).update(state=state)
    application.refresh_from_db()
    if state in APPLICATION_TRANSITIONS[action].sources:
        service(application, actor=someone(permission), at=moment(day), **given)
        return
    with pytest.raises(StateConflict):
        service(application, actor=someone(permission), at=moment(day), **given)
    assert not SpecialCertificate.objects.exists()
    assert not PanelVote.objects.filter(application=application, recorded_at=moment(day)).exists()


@pytest.mark.parametrize("action", STEPS)
def test_without_the_permission_nothing_happens(action):
    make, _permission, day, service, given = STEPS[action]
    application = make()
    with pytest.raises(NotPermitted):
        service(application, actor=someone("file_special"), at=moment(day), **given)


def test_nobody_takes_two_steps_of_one_application():
    all_of_it = someone("file_special", "review_special", "judge_special", "recheck_special")
    own = filed(actor=all_of_it)
    with pytest.raises(SecondPersonRequired):
        pass_first_review(own, actor=all_of_it, at=moment("2026-12-11"))
    passed = pass_first_review(filed(), actor=all_of_it, at=moment("2026-12-11"))
    with pytest.raises(SecondPersonRequired):
        record_votes(passed, votes(), actor=all_of_it, at=moment("2026-12-16"))
    judged = record_votes(checked(), votes(), actor=all_of_it, at=moment("2026-12-16"))
    with pytest.raises(SecondPersonRequired):
        issue_certificate(judged, actor=all_of_it, at=moment("2026-12-26"))
    assert not SpecialCertificate.objects.exists()


def test_missing_papers_are_noted_and_come_in_later():
    application = filed(papers=("identity", "diagnosis"))
    assert application.state == ApplicationState.RETURNED
    clerk = make_user(FILER)
    with pytest.raises(TransitionRefused, match="检查检验报告"):
        supply_papers(application, ["records"], actor=clerk, at=moment("2026-12-01"))
    supplied = supply_papers(
        application, ["records", "reports"], actor=clerk, at=moment("2026-12-01")
    )
    assert supplied.state == ApplicationState.FILED
    assert set(supplied.papers) == {"identity", "diagnosis", "records", "reports"}


def test_the_first_review_returns_for_papers_with_what_is_missing():
    application = filed()
    reviewer = someone("review_special")
    with pytest.raises(ReasonMissing):
        return_for_papers(application, note=" ", actor=reviewer, at=moment("2026-12-11"))
    returned = return_for_papers(
        application, note="请补交动态血压报告", actor=reviewer, at=moment("2026-12-11")
    )
    assert returned.state == ApplicationState.RETURNED
    again = supply_papers(returned, [], actor=make_user(FILER), at=moment("2026-12-12"))
    assert again.state == ApplicationState.FILED


@pytest.mark.parametrize(
    ("level", "enough"), [("township", False), ("county", True), ("city", True)]
)
def test_evidence_comes_from_a_hospital_of_the_level_that_the_disease_asks_for(level, enough):
    if enough:
        assert filed(hospital=hospital(level)).pk
        return
    with pytest.raises(TransitionRefused, match="县级"):
        filed(hospital=hospital(level))
    assert not SpecialApplication.objects.exists()


def test_what_stands_against_an_application():
    person = make_resident()
    with pytest.raises(NotPermitted):
        filed(person, actor=make_user())
    with pytest.raises(TransitionRefused, match="不在保"):
        filed(make_person())
    filed(person)
    with pytest.raises(TransitionRefused, match="TM"):
        filed(person)
    holder = make_resident()
    held = make_certificate(holder)
    with pytest.raises(TransitionRefused, match=held.number):
        filed(holder)
    gone = disease(CANCER)
    gone.ends_on = date(2026, 11, 1)
    gone.save()
    with pytest.raises(TransitionRefused, match="恶性肿瘤"):
        filed(holder, disease=gone)


@pytest.mark.parametrize(
    ("agree", "against", "state"),
    [(3, 0, "agreed"), (2, 1, "agreed"), (1, 2, "refused"), (0, 3, "refused"), (3, 2, "agreed")],
)
def test_more_than_half_of_the_panel_decide(agree, against, state):
    decided = record_votes(
        checked(),
        votes(agree, against),
        reason="below_standard",
        actor=someone("judge_special"),
        at=moment("2026-12-18"),
    )
    assert decided.state == state
    assert decided.votes.count() == agree + against
    last = decided.transitions.last()
    assert last.reason == ("" if state == "agreed" else "below_standard")
    assert f"{agree}" in last.note


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (votes(2, 0), "至少 3"),
        (votes(2, 2), "票数相同"),
        ([Vote("张医生", True), Vote("李医生", True), Vote(" 张医生 ", True)], "出现两次"),
    ],
)
def test_a_panel_that_decides_nothing(given, error):
    application = checked()
    with pytest.raises(TransitionRefused, match=error):
        record_votes(application, given, actor=someone("judge_special"), at=moment("2026-12-18"))
    application.refresh_from_db()
    assert application.state == ApplicationState.CHECKED
    assert not application.votes.exists()


def test_a_panel_that_declines_says_why():
    application = checked()
    with pytest.raises(ReasonMissing):
        record_votes(
            application, votes(0, 3), actor=someone("judge_special"), at=moment("2026-12-18")
        )
    assert not application.votes.exists()


def test_a_renewal_continues_the_day_after():
    person = make_resident()
    earlier = make_certificate(person, disease=disease(CANCER), ends_on=date(2026, 12, 31))
    later = issued(person=person, disease=disease(CANCER), diagnosis="C80.x00", renews=earlier)
    assert (later.starts_on, later.ends_on) == (date(2027, 1, 1), date(2031, 12, 31))
    with pytest.raises(TransitionRefused, match="续"):
        filed(person, disease=disease(CANCER), renews=earlier)
    other = make_certificate(disease=disease(CANCER))
    with pytest.raises(TransitionRefused, match=other.number):
        filed(make_resident(), disease=disease(CANCER), renews=other)
    unending = make_certificate(ends_on=None)
    with pytest.raises(TransitionRefused, match=unending.number):
        filed(unending.person, renews=unending)


def test_an_application_is_withdrawn_on_any_day_but_not_once_agreed():
    clerk = make_user(FILER)
    for make in (filed, checked):
        gone = withdraw_application(make(), note="本人", actor=clerk, at=moment("2026-11-24"))
        assert gone.state == ApplicationState.WITHDRAWN
    with pytest.raises(StateConflict):
        withdraw_application(agreed(), note="本人", actor=clerk, at=moment("2026-12-19"))


def test_a_certificate_is_revoked_from_a_day_by_another_person():
    certificate = issued()
    own = certificate.issued_by
    own.user_permissions.set(someone("revoke_certificate").user_permissions.all())
    recheck = type(own).objects.get(pk=own.pk)  # with fresh permissions
    facts = {"reason": "recovered", "note": "复查指标正常", "at": moment("2027-02-01")}
    with pytest.raises(SecondPersonRequired):
        revoke_certificate(certificate, revoked_from=date(2027, 2, 1), actor=recheck, **facts)
    head = someone("revoke_certificate")
    with pytest.raises(TransitionRefused, match="2026-12-28"):
        revoke_certificate(certificate, revoked_from=date(2026, 12, 27), actor=head, **facts)
    gone = revoke_certificate(certificate, revoked_from=date(2027, 2, 1), actor=head, **facts)
    assert gone.holds_on(date(2027, 1, 31))
    assert not gone.holds_on(date(2027, 2, 1))
    with pytest.raises(StateConflict):
        revoke_certificate(gone, revoked_from=date(2027, 3, 1), actor=head, **facts)


@pytest.mark.parametrize(
    ("day", "holds"),
    [("2025-12-31", False), ("2026-01-01", True), ("2026-12-31", True), ("2027-01-01", False)],
)
def test_a_certificate_holds_on_its_first_and_last_day(day, holds):
    assert make_certificate().holds_on(date.fromisoformat(day)) == holds


def test_two_certificates_of_a_disease_do_not_share_a_day():
    person = make_resident()
    make_certificate(person)
    with pytest.raises(TransitionRefused):
        make_certificate(person, starts_on=date(2026, 12, 31), ends_on=None)
    make_certificate(person, starts_on=date(2027, 1, 1), ends_on=None)
    make_certificate(person, disease=disease(CANCER))
    assert SpecialCertificate.objects.filter(person=person).count() == 3


def test_earlier_certificates_are_carried_over_only_from_before_claims_are_checked():
    officer = someone("carry_certificate")
    at = moment("2026-08-01")

    def carry(starts_on, actor=officer):
        grant = Grant(disease(), date.fromisoformat(starts_on), None, "慢特〔2024〕12号")
        return carry_over(make_resident(), grant, actor=actor, at=at)

    with pytest.raises(NotPermitted):
        carry("2024-01-01", actor=make_user())
    with pytest.raises(TransitionRefused):
        carry("2026-08-02")
    assert carry("2026-08-01").pk
    check_certificates("2026-07-01")
    assert carry("2026-07-01").pk
    with pytest.raises(TransitionRefused, match="2026-07-01"):
        carry("2026-07-02")


def test_the_database_keeps_logs_votes_and_certificates():
    certificate = issued()
    application = certificate.application
    for change in (
        lambda: application.transitions.update(note="x"),
        lambda: application.votes.all().delete(),
        lambda: certificate.transitions.all().delete(),
        lambda: SpecialCertificate.objects.update(ends_on=date(2030, 1, 1)),
        lambda: SpecialApplication.objects.update(state="agreed"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
