"""One review step for many claims of a list: a page that says how many and how much."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.intake.drafts import draft_of
from claims.intake.models import Claim
from claims.intake.quote import Quote, quote_claim
from claims.policies.selectors import current_scheme
from claims.review.services import BulkReview, approve_many, pass_first_many
from enrollment.access.models import User
from enrollment.desk.seen import seen_input, seen_of
from enrollment.desk.tags import Label
from enrollment.values.money import ZERO, format_yuan

# Refused claims that the page lists one by one.
LISTED = 100
# Chosen claims that the page shows before they are confirmed.
SHOWN = 50
Service = Callable[..., BulkReview]


@admin.action(description=gettext_lazy("Pass the first review of the chosen claims"))
def pass_first_selected(
    _model_admin: Any, request: HttpRequest, queryset: QuerySet[Claim]
) -> HttpResponse | None:
    """First review of the chosen claims."""
    return _confirmed(
        request,
        queryset,
        action="pass_first_selected",
        title=gettext_lazy("First review of many claims"),
        submit_label=gettext_lazy("Pass the first review"),
        service=pass_first_many,
    )


@admin.action(description=gettext_lazy("Approve the chosen claims"))
def approve_selected(
    _model_admin: Any, request: HttpRequest, queryset: QuerySet[Claim]
) -> HttpResponse | None:
    """Second review of the chosen claims."""
    return _confirmed(
        request,
        queryset,
        action="approve_selected",
        title=gettext_lazy("Approve many claims"),
        submit_label=gettext_lazy("Approve"),
        service=approve_many,
    )


def _confirmed(
    request: HttpRequest,
    queryset: QuerySet[Claim],
    *,
    action: str,
    title: Label,
    submit_label: Label,
    service: Service,
) -> HttpResponse | None:
    """Show count and sum; on confirmation do it and say what was refused."""
    actor = request.user
    if not isinstance(actor, User):
        raise TypeError("a review needs a member of staff")
    context = {**admin.site.each_context(request), "title": title}
    chosen = queryset.order_by()
    if "confirmed" not in request.POST:
        sums = chosen.aggregate(count=Count("pk"), total=Sum("total"))
        return render(
            request,
            "claims/bulk_review.html",
            {
                **context,
                "action": action,
                "submit_label": submit_label,
                "count": sums["count"],
                "total": sums["total"] or ZERO,
                "claims": _shown(chosen),
                "unshown": max(sums["count"] - SHOWN, 0),
                "seen": seen_input(_versions(chosen)),
                "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
                "across": request.POST.get("select_across", "0"),
                "back": request.get_full_path(),
            },
        )
    pks = list(chosen.values_list("pk", flat=True))
    seen = {int(pk): int(version) for pk, version in (seen_of(request.POST) or {}).items()}
    result = service(pks, actor=actor, at=timezone.now(), seen=seen)
    done = ngettext(
        "%(count)d claim done, %(total)s in all.",
        "%(count)d claims done, %(total)s in all.",
        result.done,
    ) % {"count": result.done, "total": format_yuan(result.total)}
    if not result.refused:
        messages.success(request, done)
        return None
    return render(
        request,
        "claims/bulk_refused.html",
        {
            **context,
            "title": _("Not every claim could be done"),
            "done": done,
            "refused": result.refused[:LISTED],
            "count": len(result.refused),
            "unlisted": max(len(result.refused) - LISTED, 0),
            "back": request.get_full_path(),
        },
    )


def _shown(chosen: QuerySet[Claim]) -> list[tuple[Claim, Quote]]:
    """The first claims, each with what it would be paid; a few statements for each."""
    claims = chosen.select_related("person", "institution").order_by("pk")[:SHOWN]
    scheme = current_scheme()
    return [(claim, quote_claim(claim.person_id, draft_of(claim), scheme)) for claim in claims]


def _versions(claims: QuerySet[Claim]) -> dict[str, str]:
    """Which version of each claim the page is about."""
    return {str(pk): str(version) for pk, version in claims.values_list("pk", "version")}
