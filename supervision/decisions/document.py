"""A decided case and a recovery under the agreement as documents to print."""

from decimal import Decimal

from django.utils.translation import gettext as _

from enrollment.bureau.selectors import (
    competent_court,
    current_bureau,
    reviewing_government,
)
from enrollment.printing.documents import Document
from enrollment.printing.words import figure, long_day, long_days
from enrollment.values.capitals import in_capitals
from enrollment.values.money import format_yuan, round_fen
from supervision.articles.wording import quote, range_label
from supervision.cases.models import Case
from supervision.decisions.terms import terms_on
from supervision.inspections.models import Finding
from supervision.penalties.models import Recovery
from supervision.statutes.fines import governing_article
from supervision.statutes.types import Article, FineKind

PENALTY_KIND = "penalty_decision"
AGREEMENT_KIND = "agreement_decision"


def penalty_decision(case: Case) -> Document:
    """The decision of a decided case: fine and recovery apart, article, terms, remedies.

    Raises ValueError for a case that is not decided.
    """
    decided_on = case.decided_on
    if decided_on is None or case.decided_fine is None or case.decided_recovery is None:
        raise ValueError(f"{case} is not decided")
    bureau, terms = current_bureau(), terms_on(decided_on)
    article = governing_article(case.article_code, case.act_from, case.act_to)
    known = article if isinstance(article, Article) else None
    decision = case.transitions.filter(action="decide").select_related("actor").last()
    return Document(
        kind=PENALTY_KIND,
        number=_number(case),
        title=_title(case.decided_fine),
        template="supervision/papers/penalty.html",
        context={
            "case": case,
            "findings": _findings(case.findings),
            "quote": quote(known) if known else "",
            "range": range_label(known.fine) if known else "",
            "by_multiple": known is not None and known.fine.kind is FineKind.MULTIPLE,
            "multiple": _multiple(case.decided_fine, case.loss),
            "fine_in_capitals": in_capitals(case.decided_fine),
            "recovery_in_capitals": in_capitals(case.decided_recovery),
            "act": long_days(case.act_from, case.act_to),
            "heard_on": long_day(case.heard_on) if case.heard_on else "",
            "notified_on": long_day(case.notified_on) if case.notified_on else "",
            "decided_on": long_day(decided_on),
            "decided_by": decision.actor if decision else None,
            "terms": terms,
            "surcharge": "" if terms.surcharge is None else figure(terms.surcharge),
            "government": reviewing_government(bureau),
            "court": competent_court(bureau),
        },
        summary=(
            (_("Institution"), case.institution.name),
            (_("Recovery to the fund"), format_yuan(case.decided_recovery)),
            (_("Fine to the treasury"), format_yuan(case.decided_fine)),
            (_("Decided on"), decided_on.isoformat()),
        ),
    )


def agreement_decision(recovery: Recovery) -> Document:
    """The decision to recover under the agreement; it knows no fine."""
    return Document(
        kind=AGREEMENT_KIND,
        number=recovery.number,
        title=_("Decision under the agreement"),
        template="supervision/papers/agreement.html",
        context={
            "recovery": recovery,
            "findings": _findings(recovery.findings),
            "amount_in_capitals": in_capitals(recovery.amount),
            "decided_on": long_day(recovery.decided_on),
        },
        summary=(
            (_("Institution"), recovery.institution.name),
            (_("Recovery to the fund"), format_yuan(recovery.amount)),
            (_("Decided on"), recovery.decided_on.isoformat()),
        ),
    )


def _number(case: Case) -> str:
    """The decision's number; a decision without money carries the case's."""
    for side in ("fine", "recovery"):
        row = getattr(case, side, None)
        if row is not None:
            return str(row.number)
    return case.number


def _title(fine: Decimal) -> str:
    return _("Administrative penalty decision") if fine else _("Decision to impose no penalty")


def _multiple(fine: Decimal, loss: Decimal) -> str:
    """The fine as a multiple of the loss, exact or marked as rounded; empty without a loss."""
    if not loss or not fine:
        return ""
    times = round_fen(fine / loss)
    text = f"{times.normalize():f}"
    return text if times * loss == fine else _("about %(times)s") % {"times": text}


def _findings(findings: "object") -> list[Finding]:
    """Findings with the visit that made them and its inspectors, oldest first."""
    rows: list[Finding] = list(
        findings.select_related(  # type: ignore[attr-defined]
            "visit__inspector", "visit__second_inspector"
        ).order_by("pk")
    )
    return rows
