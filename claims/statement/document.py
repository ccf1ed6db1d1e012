"""The benefit statement as a document to print."""

from django.utils.translation import gettext as _

from claims.intake.models import Claim
from claims.intake.quote import settled_quote
from claims.results.selectors import results_of
from enrollment.printing.documents import Document
from enrollment.values.capitals import in_capitals
from enrollment.values.money import format_yuan

KIND = "benefit_statement"


def statement_of(claim: Claim) -> Document:
    """The statement in the reader's language, from the frozen breakdown and its stored steps.

    Raises SettledClaim.DoesNotExist for a claim that is not settled. Once the bank has paid,
    the statement says when, and after a correction what stands and how it came to that: each time
    the next version of the paper.
    """
    quote = settled_quote(claim)
    results = results_of(claim.settled) if quote.correction else []
    paid = claim.orders.filter(state="paid").order_by("id").last()
    return Document(
        kind=KIND,
        number=claim.number,
        title=_("Benefit statement"),
        template="claims/statement.html",
        context={
            "claim": claim,
            "quote": quote,
            "results": results,
            "paid_in_capitals": in_capitals(quote.paid),
            "paid_on": paid.paid_on if paid else None,
        },
        summary=(
            (_("Resident"), claim.person.name),
            (_("Total cost"), format_yuan(quote.total)),
            (_("Total paid"), format_yuan(quote.paid)),
            (_("Personal share"), format_yuan(quote.personal)),
        ),
    )
