"""The page of a new agreement."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.designation.admin_forms import AgreementForm
from enrollment.designation.selectors import agreement_lines
from enrollment.desk.actions import ActionView, Fact
from enrollment.institutions.models import Institution
from enrollment.institutions.services import sign_agreement


class SignAgreementView(ActionView):
    """A further agreement of an institution."""

    queryset = Institution.objects.all()
    title = gettext_lazy("Enter an agreement")
    submit_label = gettext_lazy("Enter the agreement")
    explanation = gettext_lazy(
        "Services in the period count as those of a designated institution. Agreements of one "
        "institution may not share a day."
    )
    form_class = AgreementForm

    def get_facts(self, obj: Institution) -> Sequence[Fact]:
        """Which institution, and its latest agreement."""
        lines = agreement_lines(obj, timezone.localdate())
        return [
            Fact(gettext_lazy("Institution"), obj.name),
            Fact(gettext_lazy("Code"), obj.code),
            Fact(gettext_lazy("Latest agreement"), str(lines[0].row) if lines else ""),
        ]

    def perform(self, obj: Institution, data: dict[str, Any]) -> str:
        """Enter it."""
        agreement = sign_agreement(obj, **data, actor=self.actor)
        return _("The agreement %(period)s is entered.") % {"period": agreement}

    def get_back_url(self, obj: Institution) -> str:
        """The institution."""
        return reverse("admin:enrollment_institution_change", args=[obj.pk])
