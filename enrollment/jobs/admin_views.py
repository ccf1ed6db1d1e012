"""Handing a roll in, its progress, starting it again, what comes back."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.access.models import User
from enrollment.desk.actions import ActionView, ConfirmForm, Fact, confirm_action
from enrollment.desk.tags import Label
from enrollment.jobs import files, services
from enrollment.jobs.admin_forms import ModeForm, RollForm
from enrollment.jobs.models import ImportJob
from enrollment.jobs.selectors import has_checked_file, has_rejects_file, job_progress
from enrollment.roll.columns import COLUMNS
from enrollment.sheets import SheetRefused
from enrollment.sheets.blank import blank_workbook, workbook_response
from enrollment.transitions.table import TransitionRefused

_REFUSALS = (TransitionRefused, SheetRefused)


def hand_in(request: HttpRequest) -> HttpResponse:
    """Upload a roll; on to its job."""
    form = RollForm(request.POST or None, request.FILES or None)
    made: list[ImportJob] = []

    def perform(data: dict[str, Any]) -> str:
        file = data["file"]
        made.append(
            services.hand_in_roll(
                file.chunks(),
                name=file.name,
                size=file.size,
                year=data["year"],
                mode=form.chosen_mode,
                actor=_actor(request),
                at=timezone.now(),
            )
        )
        return _("The roll was handed in. You may leave this page: the work goes on without it.")

    response = confirm_action(
        request,
        title=gettext_lazy("Hand in a roll"),
        form=form,
        perform=perform,
        back_url=reverse("admin:enrollment_importjob_changelist"),
        submit_label=gettext_lazy("Hand in"),
        explanation=gettext_lazy(
            "Residents, households, identities and enrolments of the year are brought in line "
            "with the roll. An empty cell changes nothing. Who is not in the roll is left as is: "
            "neither enrolled nor taken off by it."
        ),
        refusals=_REFUSALS,
    )
    if made:
        return redirect("admin:enrollment_importjob_change", made[0].pk)
    return response


def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the job is, asked for again and again by its page.

    The page says in which state it shows the job; it is loaded anew when that has changed.
    """
    job = get_object_or_404(ImportJob, pk=pk)
    context = {"progress": job_progress(job, timezone.now())}
    response = render(request, "jobs/progress.html", context)
    if not job.is_open or request.GET.get("state", job.state) != job.state:
        response["HX-Refresh"] = "true"
    return response


class _JobView(ActionView):
    """An action on one job."""

    queryset = ImportJob.objects.all()
    refusals = _REFUSALS

    def get_facts(self, obj: ImportJob) -> Sequence[Fact]:
        """File, year, rows."""
        return [
            Fact(gettext_lazy("File"), obj.file_name),
            Fact(gettext_lazy("Benefit year"), obj.year),
            Fact(gettext_lazy("Rows"), f"{obj.read:,}"),
            Fact(gettext_lazy("Newly enrolled"), f"{obj.created:,}"),
            Fact(gettext_lazy("Changed"), f"{obj.updated:,}"),
            Fact(gettext_lazy("Rejected"), f"{obj.rejected:,}"),
        ]

    def get_back_url(self, obj: ImportJob) -> str:
        """The job's page."""
        return reverse("admin:enrollment_importjob_change", args=[obj.pk])


class StartAgainView(_JobView):
    """Give an interrupted job to a worker once more."""

    title = gettext_lazy("Start the import again")
    submit_label = gettext_lazy("Start again")
    explanation = gettext_lazy(
        "Nothing of the interrupted import was written: it begins again with the first row."
    )
    form_class = ConfirmForm

    def get_facts(self, obj: ImportJob) -> Sequence[Fact]:
        """File, year, when it was begun."""
        return [
            Fact(gettext_lazy("File"), obj.file_name),
            Fact(gettext_lazy("Benefit year"), obj.year),
            Fact(gettext_lazy("Times started"), f"{obj.starts}"),
        ]

    def get_refusal(self, obj: ImportJob) -> Label:
        """Only what nobody works on."""
        if not obj.is_open:
            return gettext_lazy("This import has ended: upload the file again.")
        return ""

    def perform(self, obj: ImportJob, data: dict[str, Any]) -> str:
        """Send it."""
        services.start_again(obj, actor=self.actor)
        return _("The import was given to a worker again.")


class ImportCheckedView(_JobView):
    """Import a file that was checked before."""

    title = gettext_lazy("Import the checked file")
    submit_label = gettext_lazy("Import")
    form_class = ModeForm
    _made: ImportJob | None = None

    def get_refusal(self, obj: ImportJob) -> Label:
        """The file must still be there."""
        if has_checked_file(obj):
            return ""
        return gettext_lazy("The checked file is not kept any more: upload it again.")

    def get_back_url(self, obj: ImportJob) -> str:
        """The new job's page once there is one."""
        return super().get_back_url(self._made or obj)

    def perform(self, obj: ImportJob, data: dict[str, Any]) -> str:
        """Make the job."""
        self._made = services.import_checked(
            obj, mode=data["mode"], actor=self.actor, at=timezone.now()
        )
        return _("The import was given to a worker. You may leave this page.")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """On to the new job."""
        response = super().post(request, **kwargs)
        if self._made is not None:
            return redirect(self.get_back_url(self._made))
        return response


def rejects(request: HttpRequest, pk: int) -> HttpResponse:
    """The workbook of rejected rows, for who may import rolls."""
    job = get_object_or_404(ImportJob, pk=pk)
    if job.is_open or not has_rejects_file(job):
        raise Http404(_("The workbook is no longer kept: check the file again."))
    name = _("rejected-%(job)s.xlsx") % {"job": job.pk}
    return workbook_response(files.rejects_of(job).read_bytes(), name)


def template(_request: HttpRequest) -> HttpResponse:
    """An empty roll: the headers, every column as text."""
    return workbook_response(blank_workbook("名册", COLUMNS), _("roll-template.xlsx"))


def _actor(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("an action needs a member of staff")
    return request.user
