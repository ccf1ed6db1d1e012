"""The record of an inspection on site (现场检查笔录) as a document to print."""

from django.utils.translation import gettext as _

from enrollment.printing.documents import Document
from enrollment.printing.words import long_day
from enrollment.values.money import ZERO, format_yuan
from supervision.inspections.models import Visit

KIND = "inspection_record"


def record_of(visit: Visit) -> Document:
    """The record in the reader's language; a finding entered later makes the next version."""
    findings = list(visit.findings.order_by("pk"))
    loss = sum((finding.loss for finding in findings), ZERO)
    return Document(
        kind=KIND,
        number=f"JC{visit.visited_on:%Y%m%d}-{visit.pk}",
        title=_("Record of an inspection on site"),
        template="supervision/papers/inspection.html",
        context={
            "visit": visit,
            "visited_on": long_day(visit.visited_on),
            "findings": findings,
            "loss": loss,
        },
        summary=(
            (_("Institution"), visit.institution.name),
            (_("Day of the visit"), visit.visited_on.isoformat()),
            (_("Findings"), str(len(findings))),
            (_("Loss of the fund"), format_yuan(loss)),
        ),
    )
