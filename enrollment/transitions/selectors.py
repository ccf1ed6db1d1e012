"""Which records wait for somebody, by the same rule that `why_not` asks of each."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from enrollment.access.models import User
from enrollment.transitions.table import Step


def not_handled_by(records: QuerySet[Any], step: Step, log: type[Any], user: User) -> QuerySet[Any]:
    """Without the records of which the separation of duties keeps the user from the step."""
    if not step.not_by:
        return records
    own = log._default_manager.filter(subject=OuterRef("pk"), actor=user, action__in=step.not_by)
    return records.filter(~Exists(own))
