"""What stops a claim at the door: pure rules over loaded facts.

Each rule yields a `Stop` with a code and figures; `claims.intake.messages` says it in the
reader's language. A STOP keeps the claim out; an OBJECTION lets it in, since the resident has a
right to a decision, but keeps it from approval; a NOTICE is shown and does neither.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from claims.benefit.scheme import Scheme
from claims.benefit.types import DETAIL_FIELDS, DETAILS, MATERNITY
from claims.outofarea.rules import Recorded
from enrollment.values.periods import Period

# Whoever is said to have given birth below or above these ages has the wrong papers.
MOTHERS_AGES = (10, 60)
# Days in hospital from which the year of one of the two dates is worth a second look.
LONG_STAY = 365

# Kinds of care with a day of admission; two of one person do not overlap.
STAYS = ("inpatient", MATERNITY)

# The fund pays first and recovers from the third party (社会保险法 §30, second paragraph).
ADVANCED = "third_party_unpaid"


class Severity(StrEnum):
    """Whether the claim is kept out, cannot be approved yet, or only says something."""

    STOP = "stop"
    OBJECTION = "objection"
    NOTICE = "notice"


@dataclass(frozen=True)
class Stop:
    """One finding: its code, the field to look at (empty: the whole claim) and figures."""

    code: str
    field: str
    figures: Mapping[str, object] = dataclasses.field(default_factory=dict)
    severity: Severity = Severity.STOP


@dataclass(frozen=True)
class EarlierClaim:
    """A claim that stands already; `division` is where its resident lives, empty for nowhere."""

    number: str
    state: str
    institution: str
    discharged_on: date
    admitted_on: date | None = None
    division: str = ""


@dataclass(frozen=True)
class SuspendedDays:
    """A suspension of the agreement in force, both ends inclusive."""

    period: Period
    document: str


@dataclass(frozen=True)
class Mother:
    """Who is said to have given birth; `usual` is the first and the last usual age, inclusive."""

    is_female: bool
    age: int
    usual: tuple[int, int] | None = None


@dataclass(frozen=True)
class CheckedClaim:
    """The facts of the claim that the rules read; amounts in yuan.

    `asks_filing` is true of a window claim from an institution outside the county.
    """

    kind: str
    discharged_on: date
    admitted_on: date | None
    filing: str
    asks_filing: bool
    total: Decimal
    in_policy: Decimal
    excluded_cause: str = ""
    detail: str = ""
    already_paid: Mapping[str, Decimal] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Surroundings:
    """What is known around the claim on its day of discharge.

    `enrolments` are the person's active periods of coverage of any year; `designated` says
    whether an agreement of the institution covers the day.
    """

    today: date
    enrolments: tuple[Period, ...]
    # The scheme in force; None while nobody has approved one.
    scheme: Scheme | None = None
    designated: bool = True
    suspension: SuspendedDays | None = None
    born_on: date | None = None
    same_invoice: EarlierClaim | None = None
    # The invoice at another institution; a claim of the same person, day and total.
    invoice_elsewhere: EarlierClaim | None = None
    same_bill: EarlierClaim | None = None
    overlapping: EarlierClaim | None = None
    has_account: bool = True
    # Kinds of paper that are still to be supplied.
    awaited: tuple[str, ...] = ()
    # How the hospital must still be asked: `phone`, `letter`; `refuted` when it said no.
    verification: str = ""
    # Of a special-outpatient claim without a certificate: what the resident holds instead.
    uncertified: tuple[str, ...] | None = None
    # What the record makes of a stay outside the county; None while claims do not follow it.
    filing: Recorded | None = None
    # Of a birth: the resident; None for other kinds of care.
    mother: Mother | None = None


def check_claim(claim: CheckedClaim, around: Surroundings) -> list[Stop]:
    """All findings, in the order of the page; empty when nothing is to be said."""
    return [
        *_coverage(claim, around),
        *_kind(claim, around.scheme),
        *_mother(around.mother),
        *_certificate(claim, around),
        *_institution(claim, around),
        *_filing(claim, around.filing),
        *_days(claim, around),
        *_amounts(claim),
        *_already_paid(claim, around.scheme),
        *_cause(claim),
        *_earlier(around),
        *_account(around),
        *_papers(around),
        *_verification(claim, around),
    ]


def only_stops(findings: list[Stop]) -> list[Stop]:
    """Those that keep the claim out."""
    return [finding for finding in findings if finding.severity is Severity.STOP]


# Objections that pass by waiting or asking; the others end in a return or a rejection.
PASSING = {"papers_awaited", "verification_phone", "verification_letter"}


def objections(findings: list[Stop]) -> list[Stop]:
    """Those that keep the claim from approval: stops, and objections."""
    return [finding for finding in findings if finding.severity is not Severity.NOTICE]


def coverage_gap(day: date, enrolments: tuple[Period, ...]) -> Stop | None:
    """Why the day is not covered, or None when it is.

    The nearest period of the same year explains most: a newborn or a late payer starts
    later. Without one, the year was not paid.
    """
    if any(day in period for period in enrolments):
        return None
    same_year = [period for period in enrolments if period.starts_on.year == day.year]
    if not same_year:
        return Stop("not_enrolled", "discharged_on", {"day": day, "year": day.year})
    period = same_year[0]
    return Stop(
        "outside_coverage",
        "discharged_on",
        {"day": day, "starts_on": period.starts_on, "ends_on": period.ends_on},
    )


def _coverage(claim: CheckedClaim, around: Surroundings) -> Iterator[Stop]:
    gap = coverage_gap(claim.discharged_on, around.enrolments)
    if gap is not None:
        yield gap


def _kind(claim: CheckedClaim, scheme: Scheme | None) -> Iterator[Stop]:
    """The kind is one that the scheme answers for, and tells what it has to."""
    if scheme is not None and claim.kind not in scheme.kinds:
        yield Stop("kind_without_benefit", "kind", {"scheme": scheme.name})
        return
    words = DETAILS.get(claim.kind, ())
    if claim.kind in DETAIL_FIELDS.values() and claim.detail not in words:
        yield Stop(f"{claim.kind}_untold", "detail")
    elif claim.detail and claim.detail not in words:
        yield Stop("detail_of_another_kind", "detail")


def _mother(mother: Mother | None) -> Iterator[Stop]:
    """A birth is claimed for a woman; an unusual age is a reason to look twice.

    One at which nobody gives birth is refused.
    """
    if mother is None:
        return
    youngest, oldest = MOTHERS_AGES
    if not mother.is_female:
        yield Stop("mother_is_male", "kind")
    elif not youngest <= mother.age <= oldest:
        yield Stop("mother_of_impossible_age", "kind", {"age": mother.age})
    elif mother.usual is not None and not mother.usual[0] <= mother.age <= mother.usual[1]:
        first, last = mother.usual
        figures = {"age": mother.age, "first": first, "last": last}
        yield Stop("mother_of_unusual_age", "kind", figures, Severity.NOTICE)


def _certificate(claim: CheckedClaim, around: Surroundings) -> Iterator[Stop]:
    """Special outpatient care is paid with a certificate of the disease (门诊慢特病资格)."""
    if around.uncertified is not None:
        figures = {"day": claim.discharged_on, "held": around.uncertified}
        yield Stop("certificate_missing", "diagnosis", figures)


def _institution(claim: CheckedClaim, around: Surroundings) -> Iterator[Stop]:
    if around.suspension is not None:  # 令2 §42: costs of a suspended institution are not paid
        period = around.suspension.period
        yield Stop(
            "suspended",
            "institution",
            {
                "starts_on": period.starts_on,
                "ends_on": period.ends_on,
                "document": around.suspension.document,
            },
        )
    elif not around.designated:
        yield Stop("not_designated", "institution", {"day": claim.discharged_on}, Severity.NOTICE)


def _filing(claim: CheckedClaim, recorded: Recorded | None) -> Iterator[Stop]:
    """Of a stay outside the county: what is on record, or what the window must say."""
    if recorded is not None and recorded.is_on_record:
        yield Stop("filing_by_record", "filing", {"fact": recorded.fact}, Severity.NOTICE)
    elif recorded is not None and not claim.asks_filing:
        yield Stop("filing_unrecorded", "filing", {"fact": recorded.fact}, Severity.NOTICE)
    elif claim.asks_filing and claim.kind == "inpatient":
        if claim.filing == "none":
            yield Stop("filing_missing", "filing")
        elif recorded is not None and claim.filing == "filed":
            yield Stop("filing_not_on_record", "filing", {"day": claim.discharged_on})
        elif recorded is not None and claim.filing == "referred":
            yield Stop("referral_by_paper", "filing", severity=Severity.NOTICE)


def _days(claim: CheckedClaim, around: Surroundings) -> Iterator[Stop]:
    if claim.discharged_on > around.today:
        yield Stop(
            "in_future", "discharged_on", {"day": claim.discharged_on, "today": around.today}
        )
    if claim.kind not in STAYS:
        return
    if claim.admitted_on is None:
        yield Stop("admission_missing", "admitted_on")
    elif claim.admitted_on > claim.discharged_on:
        yield Stop(
            "admitted_after_discharge",
            "admitted_on",
            {"admitted": claim.admitted_on, "discharged": claim.discharged_on},
        )
    elif around.born_on is not None and claim.admitted_on < around.born_on:
        figures = {"admitted": claim.admitted_on, "born": around.born_on}
        yield Stop("admitted_before_birth", "admitted_on", figures)
    elif (days := (claim.discharged_on - claim.admitted_on).days) > LONG_STAY:
        yield Stop("stay_long", "admitted_on", {"days": days}, Severity.NOTICE)


def _amounts(claim: CheckedClaim) -> Iterator[Stop]:
    if claim.total <= 0:
        yield Stop("total_not_positive", "total")
    elif claim.in_policy < 0:
        yield Stop("in_policy_negative", "total", {"in_policy": claim.in_policy})


def _already_paid(claim: CheckedClaim, scheme: Scheme | None) -> Iterator[Stop]:
    """Others have paid before no more than there was to pay, and the scheme's layers nothing."""
    for layer, amount in claim.already_paid.items():
        if amount < 0:
            yield Stop("already_negative", f"already_{layer}")
        elif amount and scheme is not None and layer not in scheme.outside:
            yield Stop("already_calculated", f"already_{layer}", {"scheme": scheme.name})
    basic = claim.already_paid.get("basic", Decimal(0))
    paid = sum(claim.already_paid.values(), Decimal(0))
    if paid > claim.total > 0:
        yield Stop("already_above_total", "total", {"paid": paid, "total": claim.total})
    elif basic > claim.in_policy >= 0:
        figures = {"paid": basic, "in_policy": claim.in_policy}
        yield Stop("already_basic_above_in_policy", "already_basic", figures)


def is_excluded(cause: str) -> bool:
    """Whether the fund does not pay for the cause at all (社会保险法 §30); false for none."""
    return cause not in ("", ADVANCED)


def _cause(claim: CheckedClaim) -> Iterator[Stop]:
    if claim.excluded_cause == ADVANCED:
        yield Stop("cause_advanced", "excluded_cause", severity=Severity.NOTICE)
    elif is_excluded(claim.excluded_cause):
        yield Stop(
            "cause_excluded",
            "excluded_cause",
            {"cause": claim.excluded_cause},
            severity=Severity.OBJECTION,
        )


def _earlier(around: Surroundings) -> Iterator[Stop]:
    if around.same_invoice is not None:
        yield Stop("same_invoice", "invoice_no", dataclasses.asdict(around.same_invoice))
    if around.overlapping is not None:
        yield Stop("overlapping_stay", "admitted_on", dataclasses.asdict(around.overlapping))
    told = (around.same_invoice, around.overlapping)
    if around.same_bill is not None and around.same_bill not in told:
        yield Stop("same_bill", "total", dataclasses.asdict(around.same_bill), Severity.NOTICE)
    elsewhere = around.invoice_elsewhere
    if elsewhere is not None and elsewhere not in (*told, around.same_bill):
        yield Stop(
            "invoice_elsewhere", "invoice_no", dataclasses.asdict(elsewhere), Severity.NOTICE
        )


def _account(around: Surroundings) -> Iterator[Stop]:
    if not around.has_account:
        yield Stop("no_account", "", severity=Severity.NOTICE)


def _papers(around: Surroundings) -> Iterator[Stop]:
    if around.awaited:
        yield Stop("papers_awaited", "", {"papers": around.awaited}, Severity.OBJECTION)


def _verification(claim: CheckedClaim, around: Surroundings) -> Iterator[Stop]:
    if around.verification:
        code = f"verification_{around.verification}"
        yield Stop(code, "", {"total": claim.total}, Severity.OBJECTION)
