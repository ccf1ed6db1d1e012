"""Starting an export and fetching its file."""

from io import BufferedReader
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from enrollment.access.requests import staff_of
from enrollment.exports.models import Export
from enrollment.exports.running import list_for, path_of, screen_of, why_not_fetch
from enrollment.exports.services import start_export


@require_POST
def start(request: HttpRequest, label: str, kind: str) -> HttpResponseBase:
    """Write the list that the address narrows; a long one in the background."""
    actor = staff_of(request)
    if kind not in Export.Format.values:
        raise PermissionDenied(_("You may not export this list."))
    try:
        export = start_export(request, label, kind, actor=actor, at=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        opts = screen_of(label).opts
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        return redirect(f"{address}?{urlencode(list(request.GET.items()))}")
    if export.state == Export.State.SENT:
        path = path_of(export)
        stream = path.open("rb")
        # The open file can still be read; nothing is left behind.
        path.unlink()
        return _sent(export, stream)
    messages.success(
        request,
        _("The list is long: it is being written in the background. You may go on working."),
    )
    return redirect("admin:enrollment_export_changelist")


@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of one's own finished export, while one may still see the list."""
    actor = staff_of(request)
    export = get_object_or_404(Export, pk=pk, actor=actor, state=Export.State.READY)
    list_for(export.list, "", actor)
    refused = why_not_fetch(export, actor)
    if refused:
        raise PermissionDenied(refused)
    path = path_of(export)
    if not path.exists():
        Export.objects.filter(pk=export.pk).update(state=Export.State.EXPIRED)
        messages.error(request, _("The file has been deleted. Export the list again."))
        return redirect("admin:enrollment_export_changelist")
    return _sent(export, path.open("rb"))


def _sent(export: Export, stream: BufferedReader) -> FileResponse:
    """Named after the list and the day."""
    screen = screen_of(export.list)
    name = str(screen.list_label or screen.opts.verbose_name_plural)
    day = timezone.localdate(export.created_at)
    filename = f"{name}-{day:%Y%m%d}-{export.pk}.{export.format}"
    response = FileResponse(stream, as_attachment=True, filename=filename)
    response["Cache-Control"] = "no-store"
    return response
