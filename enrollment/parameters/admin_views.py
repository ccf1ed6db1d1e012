"""The page on which a second person approves a figure."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from enrollment.desk.actions import ActionView, Fact
from enrollment.parameters.models import LegalParameter
from enrollment.parameters.services import approve_parameter, why_not_approve


class ApproveParameterView(ActionView):
    """A proposed value comes into force."""

    queryset = LegalParameter.objects.select_related("entered_by")
    title = gettext_lazy("Approve the value")
    submit_label = gettext_lazy("Approve the value")
    explanation = gettext_lazy(
        "Compare value, first day and source with the document. From its first day on everything "
        "is calculated with it."
    )

    def get_facts(self, obj: LegalParameter) -> Sequence[Fact]:
        """The value beside the one that it follows."""
        before = (
            LegalParameter.objects.in_force()
            .filter(code=obj.code, starts_on__lt=obj.starts_on)
            .order_by("-starts_on")
            .first()
        )
        return [
            Fact(gettext_lazy("Parameter"), obj.get_code_display()),
            Fact(gettext_lazy("Value"), f"{obj.value.normalize():f}"),
            Fact(gettext_lazy("Value before"), f"{before.value.normalize():f}" if before else ""),
            Fact(gettext_lazy("Valid from"), obj.starts_on.isoformat()),
            Fact(pgettext_lazy("document", "Source"), obj.source),
            Fact(gettext_lazy("Entered by"), str(obj.entered_by or "")),
        ]

    def get_refusal(self, obj: LegalParameter) -> str:
        """Not one's own, not twice."""
        return why_not_approve(obj, self.actor)

    def perform(self, obj: LegalParameter, data: dict[str, Any]) -> str:
        """Approve it."""
        row = approve_parameter(obj, actor=self.actor, at=timezone.now())
        return _("%(parameter)s holds from %(day)s.") % {
            "parameter": row,
            "day": row.starts_on.isoformat(),
        }

    def get_back_url(self, obj: LegalParameter) -> str:
        """The value's page."""
        return reverse("admin:enrollment_legalparameter_change", args=[obj.pk])
