"""Attaching scans, showing one, removing one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from claims.attachments.content import LARGEST, PDF, ContentRefused, check_content
from claims.attachments.messages import say_refused
from claims.attachments.models import ClaimAttachment
from claims.attachments.services import (
    AlteredScan,
    attach_scan,
    plain_name,
    read_scan,
    remove_scan,
    why_not_attach,
)
from claims.intake.models import Claim
from claims.papers.checklist import needed_papers
from claims.papers.models import PaperKind
from enrollment.access.scope import visible_to
from enrollment.audit.services import log_readings
from enrollment.desk.actions import ActionView, Fact, ReasonForm
from enrollment.desk.tags import Tone

AT_ONCE = 20


class FilesInput(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each within the bounds; an empty one is refused by its name, with others."""

    widget = FilesInput

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Let empty files through to the form."""
        super().__init__(*args, allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files; ValidationError without any, or with too many or too large ones."""
        given = (data or [None]) if isinstance(data, list | tuple) else [data]
        files = [super(FilesField, self).clean(one, initial) for one in given]
        if len(files) > AT_ONCE:
            raise forms.ValidationError(_("At most %(limit)d files at once.") % {"limit": AT_ONCE})
        return files


class ScansForm(forms.Form):
    """Which paper, and its files."""

    kind = forms.ChoiceField(label=gettext_lazy("Paper"), choices=PaperKind.choices)
    scans = FilesField(
        label=gettext_lazy("Files"),
        help_text=gettext_lazy("PDF, JPEG or PNG, at most 10 MB each; several at once."),
        widget=FilesInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png", "multiple": True}),
    )

    def __init__(self, *args: Any, kinds: Sequence[str], **kwargs: Any) -> None:
        """Offer the papers of the claim's checklist; others may not be asked for."""
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(one.value, one.label) for one in PaperKind if one in kinds]

    def clean_scans(self) -> list[tuple[str, bytes]]:
        """Name and content of each; all are looked at before any is kept."""
        found, refused = [], []
        for file in self.cleaned_data["scans"]:
            content = file.read(LARGEST + 1)
            found.append((file.name or "", content))
            try:
                check_content(content)
            except ContentRefused as error:
                said = {"file": plain_name(file.name or ""), "why": say_refused(error.code)}
                refused.append(_("%(file)s: %(why)s") % said)
        if refused:
            raise forms.ValidationError(refused)
        return found


class AttachView(ActionView):
    """Attach scans to a claim."""

    queryset = Claim.objects.select_related("person", "institution")
    title = gettext_lazy("Attach scans")
    submit_label = gettext_lazy("Attach")

    def get_form(self, obj: Claim) -> forms.Form:
        """With the papers of this claim, or what its resident was asked for at the entry."""
        kinds = list(obj.papers.values_list("kind", flat=True))
        kinds = kinds or list(needed_papers(obj.person, timezone.localdate(obj.entered_at)))
        return ScansForm(kinds=kinds, **self.get_form_kwargs(obj))

    def get_facts(self, obj: Claim) -> list[Fact]:
        """Whose papers they are."""
        return [
            Fact(gettext_lazy("Claim"), obj.number),
            Fact(gettext_lazy("Resident"), obj.person.name),
            Fact(gettext_lazy("Institution"), obj.institution.name),
        ]

    def get_refusal(self, obj: Claim) -> str:
        """Decided claims keep their scans."""
        return str(why_not_attach(obj, self.actor) or "")

    def perform(self, obj: Claim, data: dict[str, Any]) -> str:
        """One service call per file; the service looks at each again."""
        for name, content in data["scans"]:
            attach_scan(
                obj,
                kind=data["kind"],
                name=name,
                content=content,
                actor=self.actor,
                at=timezone.now(),
            )
        done = len(data["scans"])
        return ngettext("%(count)d scan attached.", "%(count)d scans attached.", done) % {
            "count": done
        }

    def get_back_url(self, obj: Claim) -> str:
        """The claim itself."""
        return reverse("admin:claims_claim_change", args=[obj.pk])


class RemoveView(ActionView):
    """Take a scan off the claim."""

    queryset = ClaimAttachment.objects.filter(removed_at__isnull=True).select_related("claim")
    title = gettext_lazy("Remove the scan")
    submit_label = gettext_lazy("Remove the scan")
    explanation = gettext_lazy("The file is destroyed; the log keeps who removed it and why.")
    form_class = ReasonForm
    tone = Tone.RED

    def get_facts(self, obj: ClaimAttachment) -> list[Fact]:
        """Which one."""
        return [
            Fact(gettext_lazy("Claim"), obj.claim.number),
            Fact(gettext_lazy("Paper"), obj.get_kind_display()),
            Fact(gettext_lazy("File"), obj.original_name),
        ]

    def get_refusal(self, obj: ClaimAttachment) -> str:
        """Decided claims keep their scans."""
        return str(why_not_attach(obj.claim, self.actor) or "")

    def perform(self, obj: ClaimAttachment, data: dict[str, Any]) -> str:
        """Call the service."""
        remove_scan(obj, actor=self.actor, at=timezone.now(), reason=data["reason"])
        return _("The scan is removed.")

    def get_back_url(self, obj: ClaimAttachment) -> str:
        """The claim itself."""
        return reverse("admin:claims_claim_change", args=[obj.claim_id])


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The scan itself, for whoever may see scans; never run, never cached, never sniffed."""
    scans = visible_to(ClaimAttachment.objects.filter(removed_at__isnull=True), request.user)
    scan = get_object_or_404(scans, pk=pk)
    try:
        content = read_scan(scan)
    except AlteredScan:
        text = _("This file is gone or was altered after it was attached. Tell the operator.")
        return HttpResponse(text, status=410, content_type="text/plain; charset=utf-8")
    log_readings(request, scan)
    answer = HttpResponse(content, content_type=scan.content_type)
    answer["Content-Disposition"] = content_disposition_header(False, scan.original_name) or ""
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    # The browser's own PDF reader does not start inside a sandbox.
    sandbox = "" if scan.content_type == PDF else "; sandbox"
    answer["Content-Security-Policy"] = f"default-src 'none'; frame-ancestors 'none'{sandbox}"
    return answer
