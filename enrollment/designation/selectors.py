"""How an institution stands on a day, for many at once; and its agreements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    OuterRef,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.utils.translation import gettext_lazy as _

from enrollment.desk.tags import Label, Tone
from enrollment.institutions.models import Agreement, Institution, Suspension


class Standing(TextChoices):
    """How the agreement of an institution stands on a day."""

    IN_FORCE = "in_force", _("in force")
    SUSPENDED = "suspended", _("suspended")
    LATER = "later", _("begins later")
    EXPIRED = "expired", _("expired")
    NONE = "none", _("no agreement")


STANDING_TONES: dict[str, Tone] = {
    Standing.IN_FORCE: Tone.GREEN,
    Standing.SUSPENDED: Tone.RED,
    Standing.LATER: Tone.AMBER,
    Standing.EXPIRED: Tone.NEUTRAL,
    Standing.NONE: Tone.NEUTRAL,
}


# An agreement that ends within so many days is to be renewed.
ENDING_DAYS = 60
ENDING = "ending"


@dataclass(frozen=True)
class AgreementLine:
    """An agreement on the institution's page, with its suspensions."""

    row: Agreement
    label: Label
    tone: Tone
    suspensions: Sequence[Suspension]


def with_standing(institutions: QuerySet[Institution], day: date) -> QuerySet[Institution]:
    """Annotate `standing` (a code of `Standing`) and `agreement_ends_on` for the day."""
    own = Agreement.objects.filter(institution=OuterRef("pk"))
    current = own.filter(starts_on__lte=day, ends_on__gte=day)
    suspended = Suspension.objects.filter(
        agreement__institution=OuterRef("pk"), starts_on__lte=day, ends_on__gte=day
    )
    return institutions.annotate(
        standing=Case(
            When(Exists(suspended), then=Value(Standing.SUSPENDED.value)),
            When(Exists(current), then=Value(Standing.IN_FORCE.value)),
            When(Exists(own.filter(starts_on__gt=day)), then=Value(Standing.LATER.value)),
            When(Exists(own), then=Value(Standing.EXPIRED.value)),
            default=Value(Standing.NONE.value),
            output_field=CharField(),
        ),
        agreement_ends_on=Subquery(
            own.order_by("-ends_on").values("ends_on")[:1], output_field=DateField()
        ),
    )


def ending_soon(standing: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Those of `with_standing` that are designated today and whose last agreement soon ends."""
    return standing.filter(
        standing__in=[Standing.IN_FORCE, Standing.SUSPENDED],
        agreement_ends_on__lte=day + timedelta(days=ENDING_DAYS),
    )


def agreement_lines(institution: Institution, day: date) -> list[AgreementLine]:
    """The agreements, the latest first; two statements."""
    rows = institution.agreements.prefetch_related("suspensions__ordered_by")
    return [_line(row, day) for row in rows.order_by("-starts_on")]


def _line(row: Agreement, day: date) -> AgreementLine:
    suspensions = list(row.suspensions.all())
    if row.ends_on < day:
        standing = Standing.EXPIRED
    elif row.starts_on > day:
        standing = Standing.LATER
    elif any(one.starts_on <= day <= one.ends_on for one in suspensions):
        standing = Standing.SUSPENDED
    else:
        standing = Standing.IN_FORCE
    return AgreementLine(row, standing.label, STANDING_TONES[standing], suspensions)
