"""Which cases wait for whom."""

from django.db.models import Q, QuerySet

from enrollment.access.models import User
from supervision.cases.models import Case, CaseState
from supervision.inspections.models import Finding


def to_decide_by(cases: QuerySet[Case], user: User) -> QuerySet[Case]:
    """Notified cases of the queryset in whose notice and investigation the user had no hand."""
    others = cases.filter(state=CaseState.NOTIFIED).exclude(officer=user)
    others = others.exclude(second_officer=user).exclude(transitions__actor=user)
    return others.exclude(pk__in=Finding.objects.filter(found_by(user)).values("case"))


def found_by(user: User) -> Q:
    """Findings of visits by the user, or entered by them."""
    mine = Q(visit__inspector=user) | Q(visit__second_inspector=user)
    return (mine | Q(entered_by=user)) & Q(case__isnull=False)
