"""Keeping and removing a filter from the list it belongs to."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from enrollment.access.requests import staff_of
from enrollment.exports.running import screen_of
from enrollment.savedfilters.models import SavedFilter
from enrollment.savedfilters.services import save_filter


@require_POST
def keep(request: HttpRequest, label: str) -> HttpResponse:
    """Keep what narrows the list now; back to the list."""
    screen = screen_of(label)
    if not screen.has_view_or_change_permission(request):
        raise PermissionDenied(_("You may not see this list."))
    try:
        saved = save_filter(
            actor=staff_of(request),
            label=label,
            name=request.POST.get("name", "").replace("\0", "").strip(),
            query=request.GET,
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(f"{_address(label)}?{request.GET.urlencode()}")
    messages.success(request, _("The filter “%(name)s” is kept.") % {"name": saved.name})
    return redirect(f"{_address(label)}?{saved.query}")


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one's own; back to the list."""
    saved = get_object_or_404(SavedFilter, pk=pk, owner=staff_of(request))
    saved.delete()
    messages.success(request, _("The filter “%(name)s” is removed.") % {"name": saved.name})
    return redirect(_address(saved.list))


def _address(label: str) -> str:
    opts = screen_of(label).opts
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
