"""What is on record behind the settled year: certificates, applications, filings, births."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from django.utils import timezone

from claims.certificates.models import CertificateState, SpecialCertificate
from claims.certificates.selectors import Qualifications
from claims.diseases.models import ReviewCalendar
from claims.diseases.selectors import Windows
from claims.diseases.windows import Stage, WindowRule
from claims.intake.models import Claim, ClaimState
from claims.intake.selectors import candidate_of, findings_for
from claims.outofarea.models import AreaFiling, FilingKind, FilingRule, FilingState
from claims.outofarea.selectors import Filings
from claims.specialcare.models import ApplicationState, ApplicationTransition, SpecialApplication
from claims.specialcare.states import STAGE_OF
from config.demo.county.clock import hour
from config.demo.county.loading import Scale, load_county
from config.demo.records.filings import FarStay, Plan
from config.demo.records.office import Office
from config.demo.year.months import Month
from enrollment.values.workdays import WorkCalendar

ON = date(2026, 11, 24)
FIRST = date(2025, 11, 1)  # of the twelve months that were paid before the last days
FEW = Scale(residents=900, days=3)
CALENDAR = WorkCalendar(frozenset({2025, 2026}), {date(2026, 10, 1): False})
MONTHS_OF = {"long_term": None, "referral": 6, "emergency": 1}
RULE = WindowRule(
    date(2023, 1, 1),
    (3, 6, 9, 12),
    {Stage.FIRST_REVIEW: (11, 15), Stage.PANEL: (16, 25), Stage.RECHECK: (26, 31)},
)


@pytest.mark.django_db
def test_the_year_is_checked_and_everything_it_rests_on_is_on_record():
    """One test, since the county takes longer to load than all of it to look at."""
    loaded = load_county(on=ON, seed=1, scale=FEW, password="a-password-for-tests")
    assert loaded.proved
    for rules in (ReviewCalendar, FilingRule):
        assert rules.objects.get(checks_claims=True).starts_on == FIRST
    every_kind_is_settled_and_nothing_held_for_want_of_a_record()
    each_special_claim_has_its_certificate()
    certificates_run_end_are_renewed_and_taken_back()
    applications_stand_in_every_state_each_step_in_its_window()
    filings_stand_in_every_kind_and_state_and_agree_with_the_claims()
    births_are_of_women_and_no_woman_bears_twice()


def settled(kind):
    return Claim.objects.filter(kind=kind, state=ClaimState.SETTLED).select_related("institution")


def every_kind_is_settled_and_nothing_held_for_want_of_a_record():
    before_the_last_days = Claim.objects.filter(entered_at__lt=hour(date(2026, 9, 1), 0))
    kinds = Counter(before_the_last_days.values_list("kind", "state"))
    assert {kind for kind, _state in kinds} == set(Claim.Kind.values)
    assert {state for _kind, state in kinds} <= {ClaimState.SETTLED, ClaimState.REVERSED}
    held = Claim.objects.get(state=ClaimState.HELD)  # by the suspension of the last evening
    assert held.kind == Claim.Kind.INPATIENT


def each_special_claim_has_its_certificate():
    claims = list(settled(Claim.Kind.SPECIAL_OUTPATIENT))
    found = Qualifications({claim.person_id for claim in claims})
    assert len(claims) > 60
    for claim in claims:
        qualification = found.of(claim.person_id, claim.diagnosis, claim.discharged_on)
        assert qualification.is_asked
        assert qualification.certificate is not None
    medicines = settled(Claim.Kind.TWO_DISEASES).filter(discharged_on__lt=date(2026, 9, 1))
    patients = set(medicines.values_list("person_id", flat=True))
    carried = SpecialCertificate.objects.filter(document__startswith="慢特", starts_on__lt=FIRST)
    issued_on_the_first = carried.filter(issued_at__date__lt=FIRST)
    assert len(patients) > 15
    assert not patients & set(issued_on_the_first.values_list("person_id", flat=True))


def certificates_run_end_are_renewed_and_taken_back():
    certificates = SpecialCertificate.objects.all()
    states = Counter(certificates.values_list("state", flat=True))
    assert set(states) == set(CertificateState.values)
    actions = Counter(certificates.values_list("transitions__action", flat=True))
    assert set(actions) == {"carry_over", "issue", "revoke"}
    ended = [one for one in certificates if one.ends_on and one.ends_on < FIRST]
    assert ended
    renewals = SpecialApplication.objects.filter(renews__isnull=False)
    assert renewals
    for one in renewals:
        assert one.certificate.starts_on == one.renews.ends_on + timedelta(1)
    for one in certificates.filter(state=CertificateState.REVOKED):
        visits = Claim.objects.filter(
            person=one.person,
            kind=Claim.Kind.SPECIAL_OUTPATIENT,
            discharged_on__gte=one.revoked_from,
        )
        assert not visits.exists()


def applications_stand_in_every_state_each_step_in_its_window():
    applications = SpecialApplication.objects.order_by("pk")
    states = Counter(applications.values_list("state", flat=True))
    assert set(states) == set(ApplicationState.values)
    windows = Windows()
    steps = ApplicationTransition.objects.filter(action__in=STAGE_OF)
    months = set()
    for step in steps:
        day = timezone.localdate(step.at)
        months.add((day.year, day.month))
        assert windows.why_closed(STAGE_OF[step.action], day) == ""
    assert months == {(2025, 12), (2026, 3), (2026, 6), (2026, 9)}
    for application in applications:
        actors = [
            step.actor_id for step in application.transitions.all() if step.action in STAGE_OF
        ]
        assert len({*actors, application.filed_by_id}) == len(actors) + 1


def filings_stand_in_every_kind_and_state_and_agree_with_the_claims():
    filings = AreaFiling.objects.all()
    assert set(filings.values_list("kind", flat=True)) == set(FilingKind.values)
    assert set(filings.values_list("state", flat=True)) == set(FilingState.values)
    numbers = [filing.letter_no for filing in filings if filing.letter_no]
    assert len(numbers) == len(set(numbers))
    stays = settled(Claim.Kind.INPATIENT).filter(institution__in_county=False)
    stays = stays.filter(discharged_on__lt=date(2026, 9, 1))
    recorded = Filings({stay.person_id for stay in stays})
    seen = Counter()
    for stay in stays:
        who = (stay.person_id, stay.institution, stay.discharged_on)
        is_on_record = recorded.covering(*who) is not None
        assert recorded.effective(*who, stay.filing) == stay.filing
        assert stay.source == "window" or is_on_record == (stay.filing != "unfiled")
        seen[stay.filing, is_on_record] += 1
    assert set(seen) == {
        ("filed", True),
        ("referred", True),
        ("referred", False),
        ("unfiled", False),
    }
    elsewhere = filings.filter(kind=FilingKind.LONG_TERM).exclude(
        person__claims__kind=Claim.Kind.INPATIENT
    )
    assert elsewhere.exists()


def births_are_of_women_and_no_woman_bears_twice():
    births = list(settled(Claim.Kind.MATERNITY))
    assert len(births) > 5
    assert len({birth.person_id for birth in births}) == len(births)
    for found in findings_for([candidate_of(birth) for birth in births], today=ON):
        assert not [one for one in found if one.code.startswith("mother")]


def far(nth, filing, admitted, days, *, paper=False, institution="H43010000001"):
    first = admitted.toordinal()
    return FarStay(nth, institution, filing, paper, first, first + days)


def planned(stays, *, seed=1, last=date(2026, 10, 31)):
    office = Office(CALENDAR, [RULE])
    others = iter(range(1000, 9000))
    return Plan(office, MONTHS_OF, last=last, rng=Random(seed)).behind(stays, others)


def test_who_lives_elsewhere_has_filed_before_the_first_stay_and_once():
    stays = [
        far(1, "filed", date(2026, 6, 1), 9),
        far(1, "filed", date(2026, 2, 1), 9, institution="H43010000002"),
    ]
    for seed in range(20):
        (filing,) = planned(stays, seed=seed)
        assert (filing.kind, filing.area, filing.institution) == ("long_term", "4301", "")
        assert filing.filed_on <= filing.starts_on < date(2026, 2, 1)
        assert filing.ends_on is None
        assert all(filing.covers(stay) for stay in stays)
        assert filing.withdrawn_from is None or filing.withdrawn_from > date(2026, 6, 10)


def test_a_referral_covers_later_stays_in_the_hospital_until_it_ends():
    stays = [far(2, "referred", date(2026, 1, 5) + timedelta(40 * nth), 7) for nth in range(7)]
    for seed in range(20):
        filings = planned(stays, seed=seed)
        assert all(any(one.covers(stay) for one in filings) for stay in stays)
        assert len(filings) < len(stays)
        for one in filings:
            assert CALENDAR.is_working_day(one.filed_on)
            if one.kind == "referral":
                assert one.filed_on == one.starts_on
            else:
                assert one.kind == "emergency"
                assert CALENDAR.left(one.starts_on, one.filed_on) <= 5


def test_unfiled_stays_leave_no_record_and_some_letters_come_with_the_claim():
    assert planned([far(3, "unfiled", date(2026, 5, 4), 5)]) == []
    on_paper = [far(nth, "referred", date(2026, 5, 4), 5, paper=True) for nth in range(50)]
    assert len(planned(on_paper)) == 30
    reported = [far(nth, "referred", date(2026, 5, 4), 5) for nth in range(50)]
    assert len(planned(reported)) == 50


def test_some_who_filed_were_not_ill_and_some_came_home():
    stays = [far(nth, "filed", date(2026, 3, 2), 5) for nth in range(40)]
    filings = planned(stays)
    assert len(filings) == 50
    assert len({one.nth for one in filings}) == 50
    assert 2 <= sum(one.withdrawn_from is not None for one in filings) <= 10
    assert [one.filed_on for one in filings] == sorted(one.filed_on for one in filings)


def test_quarters_hold_the_working_days_of_their_windows():
    office = Office(CALENDAR, [RULE])
    quarter = office.quarter_of(2026, 9)
    assert quarter.first_review == [date(2026, 9, 11), date(2026, 9, 14), date(2026, 9, 15)]
    assert quarter.recheck == [date(2026, 9, 28), date(2026, 9, 29), date(2026, 9, 30)]
    assert office.quarter_of(2026, 10) is None
    months = [
        Month(date(2026, month, 1), date(2026, month, 28), date(2026, month + 1, 10))
        for month in (2, 3, 4, 6)
    ]
    assert [found.panel[0] for found in office.quarters(months)] == [date(2026, 3, 16)]


def test_the_office_is_closed_on_holidays_and_at_weekends():
    office = Office(CALENDAR, [])
    assert office.on_or_after(date(2026, 10, 1)) == date(2026, 10, 2)
    assert office.on_or_before(date(2026, 10, 1)) == date(2026, 9, 30)
    assert office.on_or_after(date(2026, 10, 3)) == date(2026, 10, 5)
    assert office.on_or_before(date(2026, 10, 4)) == date(2026, 10, 2)
