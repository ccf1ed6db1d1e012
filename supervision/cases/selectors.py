"""Which cases wait for whom."""

from django.db.models import QuerySet

from enrollment.access.models import User
from supervision.cases.models import Case, CaseState


def to_decide_by(cases: QuerySet[Case], user: User) -> QuerySet[Case]:
    """Notified cases of the queryset in whose notice and investigation the user had no hand."""
    others = cases.filter(state=CaseState.NOTIFIED).exclude(officer=user)
    return others.exclude(second_officer=user).exclude(transitions__actor=user)
