"""What window and reviewers do with one bill, each as themselves and at their hour."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from claims.intake.drafts import ClaimDraft, draft_of
from claims.intake.models import Claim
from claims.intake.selectors import candidate_of, findings_for
from claims.intake.services import correct_claim, submit_claim
from claims.review.services import approve, pass_first, reject_claim, return_claim
from claims.verification.services import Enquiry, record_verification
from config.demo.county.benefits import Benefits
from config.demo.county.illness import Illness
from enrollment.models import Institution, Person, User
from enrollment.privacy.crypto import digest

Staff = Mapping[str, User]


class Hall:
    """Two clerks and two reviewers who take turns.

    Each step is given the hour at which it happens; nobody reviews what they passed before.
    """

    def __init__(self, staff: Staff, benefits: Benefits) -> None:
        self._staff = staff
        self._benefits = benefits
        self._institutions = {one.code: one for one in Institution.objects.all()}
        self._turn = 0

    def enter(self, illness: Illness, *, at: datetime) -> Claim:
        """A clerk enters the bill; the two take turns."""
        self._turn += 1
        clerk = self._staff["clerk1" if self._turn % 2 else "clerk2"]
        person = Person.objects.get(id_digest=digest(illness.resident.id_number, "id"))
        self._benefits.before(illness, person)
        return submit_claim(self._draft(illness), person=person, actor=clerk, at=at)

    def review(self, claim: Claim, *, at: datetime) -> Claim:
        """First review; whoever's turn it is not does the second."""
        return pass_first(claim, actor=self._reviewer(claim, first=True), at=at)

    def approve(self, claim: Claim, *, at: datetime) -> Claim:
        """Second review; before it, what a hospital without agreement must be asked."""
        self._verify(claim, at=at - timedelta(minutes=5))
        return approve(claim, actor=self._reviewer(claim, first=False), at=at)

    def give_back(self, claim: Claim, note: str, *, at: datetime) -> Claim:
        """A reviewer returns the claim to the window."""
        return return_claim(claim, actor=self._reviewer(claim, first=True), at=at, note=note)

    def correct(self, claim: Claim, note: str, *, at: datetime) -> Claim:
        """The clerk who entered the claim sends it again."""
        draft = draft_of(claim)
        return correct_claim(claim, draft, actor=claim.entered_by, at=at, note=note)

    def reject(self, claim: Claim, reason: str, note: str, *, at: datetime) -> Claim:
        """A reviewer rejects the claim for a legal reason."""
        reviewer = self._reviewer(claim, first=True)
        return reject_claim(claim, actor=reviewer, at=at, note=note, reason=reason)

    def carry(self, illness: Illness, *, at: datetime) -> Claim:
        """The whole way from the window to the approval within some hours."""
        claim = self.enter(illness, at=at)
        self.review(claim, at=at + timedelta(minutes=70))
        return self.approve(claim, at=at + timedelta(minutes=160))

    def _verify(self, claim: Claim, *, at: datetime) -> None:
        """The other clerk asks the hospital, where the claim's amount needs it."""
        (found,) = findings_for([candidate_of(claim)], today=at.date())
        needed = {"verification_phone": "phone", "verification_letter": "letter"}
        for method in (needed[one.code] for one in found if one.code in needed):
            enquiry = Enquiry(
                method=method,
                counterpart="病案室",
                reference="0744-0000000" if method == "phone" else "医保函〔演示〕1号",
                answered_on=at.date(),
                result="confirmed",
            )
            other = "clerk2" if claim.entered_by == self._staff["clerk1"] else "clerk1"
            record_verification(claim, enquiry, actor=self._staff[other], at=at)

    def _reviewer(self, claim: Claim, *, first: bool) -> User:
        return self._staff["reviewer1" if claim.pk % 2 == first else "reviewer2"]

    def _draft(self, illness: Illness) -> ClaimDraft:
        return ClaimDraft(
            institution=self._institutions[illness.institution],
            kind=illness.kind,
            detail=illness.detail,
            filing=illness.filing,
            admitted_on=illness.admitted_on,
            discharged_on=illness.discharged_on,
            diagnosis=illness.diagnosis,
            invoice_no=illness.invoice_no,
            total=illness.total,
            excluded=illness.excluded,
            over_limit=illness.over_limit,
            first_self_pay=illness.first_self_pay,
        )
