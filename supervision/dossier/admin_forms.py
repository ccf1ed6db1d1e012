"""The forms of a case's steps; a fine is checked at its field against the law."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enrollment.desk.widgets import DayField, YuanField
from enrollment.values.money import format_yuan
from supervision.articles.wording import explain, range_label
from supervision.cases.models import Case
from supervision.cases.services import judge_fine
from supervision.statutes.fines import governing_article
from supervision.statutes.types import Article, OnlyIf

# Five days to ask for a hearing (处罚法 §64); as working days they never take more than a
# week outside public holidays, and the officer may set a later day.
HEARING_DAYS = 7
ZERO = Decimal(0)


class FineForm(forms.Form):
    """Amounts of a case: the recovery within its loss, the fine within its article."""

    recovery = YuanField(label=_("Recovery to the fund (yuan)"), min_value=ZERO)
    fine = YuanField(label=_("Fine to the treasury (yuan)"), min_value=ZERO)
    exemption_ground = forms.CharField(
        label=_("Ground of exemption"),
        max_length=300,
        required=False,
        help_text=_(
            "Only when there is no fine in spite of a loss (Administrative Penalty Law, "
            "article 33)."
        ),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        """`case` gives the limits."""
        super().__init__(*args, **kwargs)
        self.case = case
        recovery, fine = self.fields["recovery"], self.fields["fine"]
        recovery.help_text = _("At most the loss, %(loss)s.") % {"loss": format_yuan(case.loss)}
        fine.help_text = _("%(low)s to %(high)s by the article (%(range)s).") % {
            "low": format_yuan(case.min_fine),
            "high": format_yuan(case.max_fine),
            "range": self._range(),
        }
        # The answer of the law replaces the help text while one types.
        fine.widget.attrs |= {
            "hx-get": reverse("admin:supervision_case_fine_check", args=[case.pk]),
            "hx-trigger": "input changed delay:300ms",
            "hx-target": "next .help",
            "hx-include": "closest form",
        }

    def clean(self) -> dict[str, Any]:
        """The recovery within the loss, the fine within the article."""
        data = super().clean() or {}
        recovery, fine = data.get("recovery"), data.get("fine")
        if recovery is not None and recovery > self.case.loss:
            self.add_error(
                "recovery",
                _("The recovery cannot exceed the loss of the case, %(loss)s.")
                % {"loss": format_yuan(self.case.loss)},
            )
        if fine is not None:
            decision = judge_fine(
                self.case,
                fine,
                refused_to_correct=data.get("refused_to_correct", self.case.refused_to_correct),
                exemption_ground=data.get("exemption_ground", ""),
            )
            if not decision.allowed:
                self.add_error("fine", explain(decision, self.case.act_from, self.case.act_to))
        return data

    def _range(self) -> str:
        found = governing_article(self.case.article_code, self.case.act_from, self.case.act_to)
        return range_label(found.fine) if isinstance(found, Article) else ""


class NotifyForm(FineForm):
    """The notice before a decision (事先告知书)."""

    facts = forms.CharField(
        label=_("Facts, reasons and basis"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    refused_to_correct = forms.BooleanField(
        label=_("The party was ordered to correct and refused"), required=False
    )
    defence_until = DayField(
        label=_("The party may be heard until"),
        ahead=True,
        help_text=_(
            "Statement, defence and, where the law gives it, a hearing: at least five working days."
        ),
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)
    field_order = (
        "facts",
        "recovery",
        "refused_to_correct",
        "fine",
        "exemption_ground",
        "defence_until",
        "note",
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        """The earlier notice, or the findings, as a start."""
        again = case.notified_on is not None
        initial = {
            "facts": case.facts or "\n".join(str(f.description) for f in case.findings.all()),
            "recovery": case.notified_recovery if again else case.loss,
            "fine": case.notified_fine,
            "exemption_ground": case.exemption_ground,
            "refused_to_correct": case.refused_to_correct,
            "defence_until": timezone.localdate() + timedelta(days=HEARING_DAYS),
            **kwargs.pop("initial", {}),
        }
        super().__init__(*args, case=case, initial=initial, **kwargs)
        self.fields["note"].required = again
        if again:
            self.fields["note"].label = _("Why notified again")
        found = governing_article(case.article_code, case.act_from, case.act_to)
        if not (isinstance(found, Article) and found.fine.only_if is OnlyIf.REFUSED):
            del self.fields["refused_to_correct"]


class DecideForm(FineForm):
    """The decision (处罚决定)."""

    defence = forms.CharField(
        label=_("Statement and defence of the party"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What it put forward and how that was considered, or that it made none."),
    )
    heard_on = DayField(
        label=_("Heard on"),
        required=False,
        help_text=_("The day on which it was heard or gave up its right."),
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)
    field_order = ("defence", "heard_on", "recovery", "fine", "exemption_ground", "note")

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        """What was notified as a start."""
        initial = {
            "recovery": case.notified_recovery,
            "fine": case.notified_fine,
            "exemption_ground": case.exemption_ground,
        }
        super().__init__(*args, case=case, initial=initial, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Nothing above the notice."""
        data = super().clean()
        for name, limit in (
            ("recovery", self.case.notified_recovery),
            ("fine", self.case.notified_fine),
        ):
            amount = data.get(name)
            if amount is not None and limit is not None and amount > limit:
                self.add_error(
                    name,
                    _("The party was notified of %(limit)s: notify again before deciding more.")
                    % {"limit": format_yuan(limit)},
                )
        return data


class SuspendForm(forms.Form):
    """From when to when, and why."""

    starts_on = DayField(label=_("Suspended from"), ahead=True)
    ends_on = DayField(label=_("Suspended to"), ahead=True)
    reason = forms.CharField(label=_("Reason"), max_length=200)
