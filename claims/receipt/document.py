"""The receipt as a document to print."""

from django.utils.translation import gettext as _

from claims.intake.deadlines import guessed_years
from claims.intake.models import Claim
from claims.receipt.barcode import code128
from enrollment.printing.documents import Document
from enrollment.values.money import format_yuan

KIND = "acceptance_receipt"


def receipt_of(claim: Claim) -> Document:
    """The receipt in the reader's language; papers that come in later give the next version.

    Three statements.
    """
    papers = list(claim.papers.all())
    return Document(
        kind=KIND,
        number=claim.number,
        title=_("Acceptance receipt"),
        template="claims/receipt.html",
        context={
            "claim": claim,
            "guessed": guessed_years(claim),
            "barcode": code128(claim.number),
            "handed_in": [paper for paper in papers if paper.handed_in_on],
            "missing": [paper for paper in papers if not paper.handed_in_on],
        },
        summary=(
            (_("Resident"), claim.person.name),
            (_("Total cost"), format_yuan(claim.total)),
            (_("Due on"), claim.due_on.isoformat() if claim.due_on else "—"),
        ),
    )
