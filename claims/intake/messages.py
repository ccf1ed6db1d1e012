"""The rules' findings in words: what is wrong, with which record, and what to do."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from claims.benefit.parameters import Text
from claims.intake.models import Claim, ClaimState, ExcludedCause
from claims.intake.rules import Stop
from claims.papers.checklist import names_of
from claims.policies.language import reader_language
from enrollment.access.models import User
from enrollment.access.scope import covers
from enrollment.values.money import format_yuan


def say(stop: Stop, reader: User | None = None) -> str:
    """The sentence for one finding, in the active language.

    To a reader of some townships a claim of another one is not named. Raises KeyError for a
    code without a sentence.
    """
    elsewhere = _OF_ELSEWHERE.get(stop.code)
    if elsewhere is not None and reader is not None:
        place = stop.figures.get("division")
        if not covers(reader, str(place) if place else None):
            return elsewhere()
    return _SENTENCES[stop.code]() % _plain(stop.figures)


# Of a resident whom the reader may not see: neither number nor day, nor where.
_OF_ELSEWHERE: Mapping[str, Callable[[], str]] = {
    "same_invoice": lambda: _(
        "This invoice of the institution has been claimed before, by a claim of another township. "
        "Compare the invoice number; a real duplicate cannot be accepted."
    ),
    "invoice_elsewhere": lambda: _(
        "An invoice of this number has been claimed from another institution, by a claim of "
        "another township. Compare the institution with the invoice."
    ),
}


_SENTENCES: Mapping[str, Callable[[], str]] = {
    "not_enrolled": lambda: _(
        "Not covered on %(day)s: no enrolment of %(year)s is on record. Check the premium "
        "before anything is entered."
    ),
    "outside_coverage": lambda: _(
        "Not covered on %(day)s: the enrolment of that year runs from %(starts_on)s to %(ends_on)s."
    ),
    "suspended": lambda: _(
        "The institution's agreement is suspended from %(starts_on)s to %(ends_on)s "
        "(%(document)s): costs of these days are not paid (Order 2 §42)."
    ),
    "not_designated": lambda: _(
        "No agreement of this institution covers %(day)s: it is not designated on that day. "
        "Check why the resident was treated there."
    ),
    "filing_missing": lambda: _(
        "The institution is outside the county: say whether the stay was filed, referred or "
        "not filed."
    ),
    "certificate_missing": lambda: _(
        "No certificate of this disease holds on %(day)s (held that day: %(held)s). Compare the "
        "diagnosis, or let the resident apply for the certificate; until then the costs are "
        "general outpatient care."
    ),
    "filing_not_on_record": lambda: _(
        "No filing on record covers this hospital on %(day)s: enter the filing first, or choose "
        "“referred” with the referral paper, or “not filed”."
    ),
    "filing_by_record": lambda: _("By the filing on record the stay counts as: %(fact)s."),
    "filing_unrecorded": lambda: _("No filing on record: the stay counts as: %(fact)s."),
    "referral_by_paper": lambda: _(
        "No referral on record: keep the referral paper with the claim."
    ),
    "in_future": lambda: _("%(day)s lies in the future (today is %(today)s)."),
    "kind_without_benefit": lambda: _(
        "The benefit scheme in force, %(scheme)s, pays nothing for this kind of care. Choose "
        "another kind."
    ),
    "two_diseases_untold": lambda: _(
        "Say which disease the medicines are for: hypertension, diabetes or both."
    ),
    "maternity_untold": lambda: _(
        "Say how the child was born: natural birth or caesarean section."
    ),
    "mother_is_male": lambda: _(
        "By the identity number the resident is a man: a birth is claimed for the mother. Choose "
        "the right resident, or another kind of care."
    ),
    "mother_of_unusual_age": lambda: _(
        "The mother is %(age)s, births are usual from %(first)s to %(last)s: compare the identity "
        "card with the discharge record."
    ),
    "mother_of_impossible_age": lambda: _(
        "On the day of discharge the resident is %(age)s years old: a birth is claimed for the "
        "mother. Choose the right resident, or another kind of care."
    ),
    "detail_of_another_kind": lambda: _(
        "This disease or delivery does not belong to the kind of care. Choose again."
    ),
    "already_negative": lambda: _("What was paid before cannot be less than 0."),
    "already_calculated": lambda: _(
        "The benefit scheme in force, %(scheme)s, calculates this layer itself: leave it empty."
    ),
    "already_above_total": lambda: _(
        "Paid before: %(paid)s, more than the total of %(total)s. Compare both with the invoice."
    ),
    "already_basic_above_in_policy": lambda: _(
        "Basic insurance paid %(paid)s, more than the in-policy cost of %(in_policy)s. Compare "
        "both with the settlement slip of the hospital."
    ),
    "admission_missing": lambda: _("A stay in hospital needs its day of admission."),
    "admitted_after_discharge": lambda: _(
        "The admission (%(admitted)s) lies after the discharge (%(discharged)s)."
    ),
    "admitted_before_birth": lambda: _(
        "The admission (%(admitted)s) lies before the resident's birth (%(born)s): compare it "
        "with the discharge record. A newborn's stay begins on the day of birth at the earliest."
    ),
    "stay_long": lambda: _(
        "The stay lasted %(days)s days: compare both dates with the discharge record."
    ),
    "total_not_positive": lambda: _("The total must be more than 0."),
    "in_policy_negative": lambda: _(
        "The parts outside the policy add up to more than the total: the in-policy cost would "
        "be %(in_policy)s."
    ),
    "cause_excluded": lambda: _(
        "%(cause)s: the fund does not pay (Social Insurance Law §30). The claim can be entered, "
        "so that the resident gets a written decision, but not approved."
    ),
    "cause_advanced": lambda: _(
        "The third party does not pay or is unknown: the fund pays first and recovers from the "
        "third party (Social Insurance Law §30)."
    ),
    "same_invoice": lambda: _(
        "This invoice of the institution has been claimed before: claim %(number)s, discharge "
        "%(discharged_on)s, %(state)s. Compare the invoice number; a real duplicate cannot be "
        "accepted."
    ),
    "invoice_elsewhere": lambda: _(
        "An invoice of this number has been claimed from %(institution)s: claim %(number)s, "
        "discharge %(discharged_on)s, %(state)s. Compare the institution with the invoice."
    ),
    "same_bill": lambda: _(
        "The same day of discharge and the same total have been claimed for this resident: claim "
        "%(number)s, %(institution)s, %(state)s. Check that it is not the same bill."
    ),
    "same_invoice_race": lambda: _(
        "This invoice of the institution was entered by somebody else a moment ago. Look it "
        "up among the claims."
    ),
    "same_visit_race": lambda: _("This visit has been uploaded before."),
    "overlapping_stay": lambda: _(
        "The stay overlaps claim %(number)s: %(institution)s, %(admitted_on)s to "
        "%(discharged_on)s, %(state)s. Compare both days with the discharge record; a stay that "
        "was claimed already cannot be accepted again."
    ),
    "overlapping_stay_race": lambda: _(
        "The stay overlaps one that was entered by somebody else a moment ago. Look it up "
        "among the claims."
    ),
    "papers_missing": lambda: _(
        "Not handed in: %(papers)s. Tick what is there; tick “to be supplied” to give the "
        "resident the one-time notice of what is missing."
    ),
    "papers_awaited": lambda: _("To be supplied by the resident: %(papers)s."),
    "verification_phone": lambda: _(
        "No agreement, total %(total)s: a second person must ask the hospital by phone before "
        "the second review."
    ),
    "verification_letter": lambda: _(
        "No agreement, total %(total)s: a second person must ask the hospital by letter before "
        "the second review."
    ),
    "verification_refuted": lambda: _("The hospital does not confirm these papers."),
    "no_account": lambda: _(
        "No bank account of the resident is on record: it can be entered and approved, but "
        "not paid until the account is added."
    ),
}


def _plain(figures: Mapping[str, object]) -> dict[str, Any]:
    lang = reader_language()
    return {
        name: value.in_(lang) if isinstance(value, Text) else _figure(name, value)
        for name, value in figures.items()
    }


def _figure(name: str, value: object) -> object:
    if isinstance(value, Decimal):
        return format_yuan(value)
    if isinstance(value, date):
        return value.isoformat()
    words = _WORDS.get(name)
    return value if words is None else words(value)


def _listed(held: Any) -> str:
    return pgettext("between listed words", ", ").join(held) or _("none")


# Figures that are codes, or lists, in words.
_WORDS: Mapping[str, Callable[[Any], object]] = {
    "papers": lambda papers: names_of(papers) if isinstance(papers, tuple) else papers,
    "held": _listed,
    "fact": lambda fact: Claim.Filing(fact).label,
    "cause": lambda cause: capfirst(ExcludedCause(cause).label),
    "state": lambda state: ClaimState(state).label,
}
