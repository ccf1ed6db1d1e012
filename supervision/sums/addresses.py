"""What is behind an amount: the address of its rows, for who may open them, else nothing."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from enrollment.access.models import User
from supervision.cases.models import Case
from supervision.inspections.models import Visit
from supervision.penalties.models import Fine, Recovery

Address = Callable[[Any, User], str]


def listed(model: str, user: User, **narrowed_by: Any) -> str:
    """The list of a model's records so narrowed: `listed("finding", user, case=7)`."""
    if not user.has_perm(f"supervision.view_{model}"):
        return ""
    query = "&".join(f"{name}__id__exact={key}" for name, key in narrowed_by.items())
    return f"{reverse(f'admin:supervision_{model}_changelist')}?{query}"


def behind_visit(visit: Visit, user: User) -> str:
    """The findings of the visit."""
    return listed("finding", user, visit=visit.pk)


def behind_loss(case: Case, user: User) -> str:
    """The findings whose losses are the case's."""
    return listed("finding", user, case=case.pk)


def behind_recovery(case: Case, user: User) -> str:
    """The recovery that the case decided; nothing where it decided none."""
    return listed("recovery", user, case=case.pk) if case.decided_recovery else ""


def behind_fine(case: Case, user: User) -> str:
    """The fine that the case decided; nothing where it decided none."""
    return listed("fine", user, case=case.pk) if case.decided_fine else ""


def behind_order(row: Recovery | Fine, user: User) -> str:
    """The order itself; under the agreement the findings whose losses it recovers."""
    if isinstance(row, Recovery) and row.basis == Recovery.Basis.AGREEMENT:
        return listed("finding", user, recovery=row.pk)
    return order_page(row, user)


def decided_in(row: Recovery | Fine, user: User) -> str:
    """Where the amount comes from: the case that decided it, or the findings it recovers."""
    if row.case_id is None:
        return listed("finding", user, recovery=row.pk)
    if not user.has_perm("supervision.view_case"):
        return ""
    return reverse("admin:supervision_case_change", args=[row.case_id])


def written_decision(row: Recovery | Fine, user: User) -> str:
    """The paper that orders it: the decision of its case, or the one under the agreement."""
    if row.case_id is not None:
        if not user.has_perm("supervision.view_case"):
            return ""
        return reverse("admin:supervision_case_decision", args=[row.case_id, "page"])
    if not user.has_perm("supervision.view_recovery"):
        return ""
    return reverse("admin:supervision_recovery_decision", args=[row.pk, "page"])


def behind_receipts(row: Recovery | Fine, user: User) -> str:
    """The receipts of a recovery or a fine, on its page."""
    page = order_page(row, user)
    return f"{page}#receipts" if page else ""


def order_page(row: Recovery | Fine, user: User) -> str:
    """The page of a recovery or a fine, which says what is decided, received and outstanding."""
    model = row._meta.model_name
    if not user.has_perm(f"supervision.view_{model}"):
        return ""
    return reverse(f"admin:supervision_{model}_change", args=[row.pk])
