"""Upload, what the file would change, confirm."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from enrollment.access.requests import staff_of
from enrollment.handfiles import storage
from enrollment.handfiles.proposals import MAX_ROWS, HandFile, Proposal
from enrollment.sheets import SheetRefused
from enrollment.sheets.blank import blank_workbook, workbook_response


class FileForm(forms.Form):
    """The spreadsheet."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=gettext_lazy(
            "XLSX or CSV (UTF-8 or GB18030), header in the first row, at most 5 MB. Numbers of "
            "many digits must be text."
        ),
    )

    def clean_file(self) -> Any:
        """Bounded."""
        file = self.cleaned_data["file"]
        if file.size > storage.MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB: split it."))
        return file


def view_for(kind: HandFile) -> Callable[..., HttpResponse]:
    """The page of a kind of file: GET asks for it, POST shows it or enters it.

    `?blank` gives the empty spreadsheet.
    """

    def page(request: HttpRequest) -> HttpResponse:
        form = FileForm(request.POST or None, request.FILES or None)
        if "blank" in request.GET:
            name = f"{kind.title}.xlsx"
            return workbook_response(blank_workbook(str(kind.title)[:31], kind.columns), name)
        if request.method != "POST":
            return _page(request, kind, form=FileForm())
        try:
            if "token" in request.POST:
                return _confirm(request, kind)
            if form.is_valid():
                return _show(request, kind, form.cleaned_data["file"])
        except SheetRefused as refused:
            form = FileForm() if "token" in request.POST else form
            if form.is_bound:
                form.add_error("file", str(refused))
            else:
                messages.error(request, str(refused))
        return _page(request, kind, form=form)

    return page


def _show(request: HttpRequest, kind: HandFile, file: Any) -> HttpResponse:
    user = staff_of(request)
    path = storage.keep(file.name, file.chunks())
    try:
        proposal = kind.work(path, user, timezone.now(), True)
    except BaseException:
        storage.drop(path)
        raise
    if proposal.faults or not proposal.changes:
        storage.drop(path)
        return _page(request, kind, form=FileForm(), proposal=proposal)
    token = storage.token_for(path, proposal.fingerprint, user.pk, kind.code)
    return _page(request, kind, proposal=proposal, token=token)


def _confirm(request: HttpRequest, kind: HandFile) -> HttpResponse:
    user = staff_of(request)
    shown = storage.pending(request.POST["token"], user.pk, kind.code)
    at = timezone.now()
    now = kind.work(shown.path, user, at, True)
    if now.fingerprint != shown.fingerprint:
        messages.warning(
            request, _("The records have changed meanwhile: look at the changes again.")
        )
        if now.faults or not now.changes:
            storage.drop(shown.path)
            return _page(request, kind, form=FileForm(), proposal=now)
        token = storage.token_for(shown.path, now.fingerprint, user.pk, kind.code)
        return _page(request, kind, proposal=now, token=token)
    done = kind.work(shown.path, user, at, False)
    storage.drop(shown.path)
    if done.faults:
        return _page(request, kind, form=FileForm(), proposal=done)
    count = len(done.changes)
    messages.success(
        request,
        ngettext("%(count)d change was entered.", "%(count)d changes were entered.", count)
        % {"count": count},
    )
    return redirect(kind.back)


def _page(
    request: HttpRequest,
    kind: HandFile,
    form: forms.Form | None = None,
    proposal: Proposal | None = None,
    token: str = "",
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": kind.title,
        "kind": kind,
        "form": form,
        "proposal": proposal,
        "token": token,
        "max_rows": MAX_ROWS,
        "columns": [(column.title, column.required) for column in kind.columns],
    }
    response = render(request, "handfiles/page.html", context)
    response["Cache-Control"] = "no-store"
    return response
