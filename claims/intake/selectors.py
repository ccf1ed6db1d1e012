"""What is known around claims that are being entered, corrected or approved."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import itemgetter

from django.db.models import Q
from django.utils import timezone

from claims.benefit.scheme import Scheme
from claims.benefit.types import MATERNITY, STANDING_KINDS
from claims.certificates.selectors import Qualifications
from claims.intake.drafts import ClaimDraft, draft_of
from claims.intake.models import LIVE, Claim
from claims.intake.mothers import Mothers
from claims.intake.rules import (
    STAYS,
    CheckedClaim,
    EarlierClaim,
    Mother,
    Stop,
    Surroundings,
    SuspendedDays,
    check_claim,
)
from claims.intake.stays import stays_overlap
from claims.outofarea.rules import Recorded
from claims.outofarea.selectors import Filings
from claims.papers.selectors import awaited_papers
from claims.policies.selectors import NoPolicyApproved, current_scheme
from claims.verification.rules import Answer, needed_method, standing
from claims.verification.selectors import Facts, ThresholdsByDay, answers_about
from enrollment.models import Agreement, Enrolment
from enrollment.values.periods import Period


@dataclass(frozen=True)
class Candidate:
    """A claim to be checked; `claim_id` is given when it exists already."""

    person_id: int
    draft: ClaimDraft
    has_account: bool = True
    claim_id: int | None = None
    # Uploads carry no filing and no papers: neither is asked of them.
    from_window: bool = True
    entered_on: date | None = None


def candidate_of(claim: Claim) -> Candidate:
    """A claim that exists, to be checked again; reads its institution.

    The account of the resident is not asked: an upload pays the institution, and a window
    claim has been warned about it at entry.
    """
    return Candidate(
        claim.person_id,
        draft_of(claim),
        claim_id=claim.pk,
        from_window=claim.source == Claim.Source.WINDOW,
        entered_on=timezone.localdate(claim.entered_at),
    )


def findings_for(candidates: Sequence[Candidate], *, today: date) -> list[list[Stop]]:
    """The rules' findings for each candidate, in the same order.

    Three statements whatever the number: enrolments, agreements with their suspensions,
    earlier claims. Window claims take one more for papers awaited where they exist already, and
    two for verifications where a hospital had no agreement. The scheme is one more, read when a
    claim is of a kind, or tells of payments, that not every scheme knows; certificates are two
    where a claim is of special outpatient care, filings two where a stay was outside the county,
    mothers two where a child was born.
    Candidates are not compared with each other.
    """
    scheme = _scheme_for(candidates)
    enrolments = _Enrolments(candidates)
    agreements = _Agreements({one.draft.institution.pk for one in candidates})
    earlier = _EarlierClaims(candidates)
    awaited = awaited_papers(
        [one.claim_id for one in candidates if one.from_window and one.claim_id]
    )
    enquiries = _Enquiries(candidates)
    benefits = _Benefits(candidates)
    found = []
    for one in candidates:
        draft = one.draft
        designated, suspension = agreements.on(draft.institution.pk, draft.discharged_on)
        around = Surroundings(
            today=today,
            enrolments=tuple(enrolments.periods.get(one.person_id, ())),
            scheme=scheme,
            designated=designated,
            suspension=suspension,
            born_on=enrolments.born_on.get(one.person_id),
            same_invoice=earlier.same_invoice(one),
            invoice_elsewhere=earlier.invoice_elsewhere(one),
            same_bill=earlier.same_bill(one),
            overlapping=earlier.overlapping(one),
            has_account=one.has_account,
            awaited=awaited.get(one.claim_id or 0, ()),
            verification="" if designated else enquiries.needed(one, today),
            uncertified=benefits.uncertified(one),
            filing=benefits.filing(one),
            mother=benefits.mother(one),
        )
        found.append(check_claim(_checked(draft, one.from_window), around))
    return found


class _Benefits:
    """Certificates, filings, mothers; each read only where a claim depends on them."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        special = {one.person_id for one in candidates if _is_special(one.draft)}
        outside = {one.person_id for one in candidates if one.draft.depends_on_filing}
        self._qualifications = Qualifications(special) if special else None
        self._filings = Filings(outside) if outside else None
        births = {one.person_id for one in candidates if one.draft.kind == MATERNITY}
        self._mothers = Mothers(births) if births else None

    def mother(self, one: Candidate) -> Mother | None:
        """Who is said to have given birth."""
        if self._mothers is None or one.draft.kind != MATERNITY:
            return None
        return self._mothers.of(one.person_id, one.draft.discharged_on)

    def uncertified(self, one: Candidate) -> tuple[str, ...] | None:
        """What is held instead of the certificate that the claim lacks; None: nothing lacks."""
        draft = one.draft
        if self._qualifications is None or not _is_special(draft):
            return None
        found = self._qualifications.of(one.person_id, draft.diagnosis, draft.discharged_on)
        return found.held if found.is_missing else None

    def filing(self, one: Candidate) -> Recorded | None:
        """What the record makes of a stay outside the county."""
        draft = one.draft
        if self._filings is None or not draft.depends_on_filing:
            return None
        return self._filings.recorded(
            one.person_id, draft.institution, draft.discharged_on, draft.filing
        )


def _is_special(draft: ClaimDraft) -> bool:
    return draft.kind == Claim.Kind.SPECIAL_OUTPATIENT


def _checked(draft: ClaimDraft, asks_filing: bool) -> CheckedClaim:
    """The facts of a draft that the rules read."""
    return CheckedClaim(
        kind=draft.kind,
        discharged_on=draft.discharged_on,
        admitted_on=draft.admitted_on,
        filing=draft.filing,
        asks_filing=asks_filing and not draft.institution.in_county,
        total=draft.total,
        in_policy=draft.in_policy,
        excluded_cause=draft.excluded_cause,
        detail=draft.detail,
        already_paid=draft.already_paid,
    )


def _scheme_for(candidates: Sequence[Candidate]) -> Scheme | None:
    """The scheme in force where a rule asks for it; None before one is approved."""
    drafts = (one.draft for one in candidates)
    if all(draft.kind in STANDING_KINDS and not draft.already_paid for draft in drafts):
        return None
    with suppress(NoPolicyApproved):
        return current_scheme()
    return None


class _Enrolments:
    """Active enrolments of the candidates' years, and birthdays of whoever has one; one statement.

    Whoever has none is kept out for that, whenever born.
    """

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self.periods: defaultdict[int, list[Period]] = defaultdict(list)
        self.born_on: dict[int, date] = {}
        rows = Enrolment.objects.filter(
            person_id__in={one.person_id for one in candidates},
            year__in={one.draft.discharged_on.year for one in candidates},
            status=Enrolment.Status.ACTIVE,
        ).values_list("person_id", "starts_on", "ends_on", "person__born_on")
        for person_id, first, last, born_on in rows:
            self.periods[person_id].append(Period(first, last))
            self.born_on[person_id] = born_on


class _Agreements:
    """Agreements with their suspensions, in one statement."""

    def __init__(self, institution_ids: set[int]) -> None:
        self._agreements: defaultdict[int, list[Period]] = defaultdict(list)
        self._suspensions: defaultdict[int, list[SuspendedDays]] = defaultdict(list)
        rows = Agreement.objects.filter(institution_id__in=institution_ids).values_list(
            "institution_id",
            "starts_on",
            "ends_on",
            "suspensions__starts_on",
            "suspensions__ends_on",
            "suspensions__document",
        )
        for institution_id, first, last, off_first, off_last, document in rows.order_by("id"):
            self._agreements[institution_id].append(Period(first, last))
            if off_first is not None:
                self._suspensions[institution_id].append(
                    SuspendedDays(Period(off_first, off_last), document)
                )

    def on(self, institution_id: int, day: date) -> tuple[bool, SuspendedDays | None]:
        """Whether an agreement covers the day, and the suspension in force."""
        designated = any(day in period for period in self._agreements.get(institution_id, ()))
        for suspended in self._suspensions.get(institution_id, ()):
            if day in suspended.period:
                return designated, suspended
        return designated, None


class _Enquiries:
    """Verifications at hospitals; read only when one is asked for."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._claim_ids = [one.claim_id for one in candidates if one.claim_id]
        self._thresholds: ThresholdsByDay | None = None
        self._answers: dict[tuple[int, Facts], list[Answer]] | None = None

    def needed(self, one: Candidate, today: date) -> str:
        """What the claim of a hospital without agreement still needs; empty for nothing."""
        if not one.from_window:
            return ""
        self._thresholds = self._thresholds or ThresholdsByDay()
        draft = one.draft
        method = needed_method(draft.total, self._thresholds.on(one.entered_on or today))
        if not method or one.claim_id is None:
            return method
        if self._answers is None:
            self._answers = answers_about(self._claim_ids)
        facts = (draft.institution.pk, draft.invoice_no, draft.total)
        return standing(method, self._answers.get((one.claim_id, facts), ()))


_Bill = tuple[int, date, Decimal]  # person, last day, total


class _EarlierClaims:
    """Live claims with one of the invoices, or bills or stays of one of the persons.

    One statement.
    """

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._by_invoice: dict[str, dict[int, tuple[int, EarlierClaim]]] = defaultdict(dict)
        self._bills: defaultdict[_Bill, list[tuple[int, EarlierClaim]]] = defaultdict(list)
        self._stays: defaultdict[int, list[tuple[int, Period, EarlierClaim]]] = defaultdict(list)
        wanted = Q(
            person_id__in={one.person_id for one in candidates},
            discharged_on__in={one.draft.discharged_on for one in candidates},
            total__in={one.draft.total for one in candidates},
        )
        invoices = {one.draft.invoice_no for one in candidates} - {""}
        if invoices:
            wanted |= ~Q(invoice_no="") & Q(invoice_no__in=invoices)
        stays = [one for one in candidates if one.draft.kind in STAYS]
        if stays:
            bounds = [one.draft.discharged_on for one in stays]
            bounds += [one.draft.admitted_on for one in stays if one.draft.admitted_on]
            wanted |= Q(
                person_id__in={one.person_id for one in stays},
                kind__in=STAYS,
                discharged_on__gte=min(bounds),
                admitted_on__lte=max(bounds),
            )
        rows = Claim.objects.filter(LIVE & wanted).values_list(
            "pk",
            "person_id",
            "institution_id",
            "institution__name",
            "number",
            "state",
            "invoice_no",
            "kind",
            "admitted_on",
            "discharged_on",
            "total",
            "person__division__code",
        )
        for pk, person, institution, *about, invoice, kind, first, last, total, place in rows:
            name, number, state = about
            earlier = EarlierClaim(number, state, name, last, first, place or "")
            if invoice:
                self._by_invoice[invoice][institution] = (pk, earlier)
            self._bills[person, last, total].append((pk, earlier))
            if kind in STAYS and first is not None:
                self._stays[person].append((pk, Period(first, last), earlier))

    def same_invoice(self, one: Candidate) -> EarlierClaim | None:
        """Another claim with the same invoice of the same institution."""
        found = self._by_invoice.get(one.draft.invoice_no, {}).get(one.draft.institution.pk)
        return found[1] if found and found[0] != one.claim_id else None

    def invoice_elsewhere(self, one: Candidate) -> EarlierClaim | None:
        """Another claim with the same invoice number, of another institution."""
        found = self._by_invoice.get(one.draft.invoice_no, {})
        others = (found[key] for key in sorted(found) if key != one.draft.institution.pk)
        return next((earlier for pk, earlier in others if pk != one.claim_id), None)

    def same_bill(self, one: Candidate) -> EarlierClaim | None:
        """Another claim of the person with the same last day and total."""
        bills = self._bills.get((one.person_id, one.draft.discharged_on, one.draft.total), ())
        return next(
            (earlier for pk, earlier in sorted(bills, key=itemgetter(0)) if pk != one.claim_id),
            None,
        )

    def overlapping(self, one: Candidate) -> EarlierClaim | None:
        """Another stay of the person that shares more than a day of transfer."""
        first, last = one.draft.admitted_on, one.draft.discharged_on
        if one.draft.kind not in STAYS or first is None or first > last:
            return None
        stay = Period(first, last)
        for pk, other, earlier in self._stays.get(one.person_id, ()):
            if pk != one.claim_id and stays_overlap(stay, other):
                return earlier
        return None
