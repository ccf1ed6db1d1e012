"""The page on which an operator takes note of a failure."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.desk.actions import ActionView, Fact
from enrollment.failures.models import FailedJob
from enrollment.failures.names import job_name
from enrollment.failures.services import note_failure


class RemedyForm(forms.Form):
    """What was done."""

    remedy = forms.CharField(
        label=gettext_lazy("What was done"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "data-focus": ""}),
        help_text=gettext_lazy("Such as: disk freed, job run again by hand."),
    )


class NoteFailureView(ActionView):
    """Take note of a failed job."""

    queryset = FailedJob.objects.all()
    title = gettext_lazy("Take note of a failed job")
    submit_label = gettext_lazy("Take note")
    form_class = RemedyForm

    def get_facts(self, obj: FailedJob) -> Sequence[Fact]:
        """Which job, when, why."""
        return [
            Fact(gettext_lazy("Job"), job_name(obj.task)),
            Fact(gettext_lazy("Failed at"), f"{timezone.localtime(obj.failed_at):%Y-%m-%d %H:%M}"),
            Fact(gettext_lazy("Kind of error"), obj.kind),
            Fact(gettext_lazy("What the portal said"), obj.detail),
            Fact(gettext_lazy("Number in the journal"), obj.task_id),
        ]

    def get_refusal(self, obj: FailedJob) -> str:
        """Once is enough."""
        return _("Somebody has taken note of it already.") if obj.noted_at else ""

    def perform(self, obj: FailedJob, data: dict[str, Any]) -> str:
        """Take note."""
        note_failure(obj, actor=self.actor, at=timezone.now(), remedy=data["remedy"])
        return _("Noted.")

    def get_back_url(self, obj: FailedJob) -> str:
        """What else waits."""
        return reverse("admin:enrollment_failedjob_changelist") + "?state=open"
