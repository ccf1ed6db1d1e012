"""The list of cases, and the case on one page."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enrollment.access.models import User
from enrollment.access.requests import staff_of
from enrollment.desk.actions import Fact
from enrollment.desk.admin import ObjectAction, money_column, tag_column
from enrollment.desk.filters import DayRangeFilter, TurnFilter
from enrollment.desk.steps import offer
from enrollment.desk.tags import Label, Tone, money_link, record_link, words_listed
from supervision.articles.wording import code_and_title, quote, range_label
from supervision.cases.clocks import Clocks, clock_tag
from supervision.cases.models import AFTER_DECISION, Case, CaseState, CaseTransition
from supervision.cases.selectors import to_decide_by
from supervision.cases.services import why_not_now
from supervision.penalties.receipts import why_not_receive
from supervision.penalties.selectors import CaseMoney, Due, money_of
from supervision.penalties.suspensions import why_not_suspend
from supervision.statutes.fines import governing_article, limitation_ends_on
from supervision.statutes.types import Article
from supervision.sums.addresses import behind_fine, behind_loss, behind_recovery, order_page
from supervision.sums.columns import SummedAdmin

CASE_TONES: dict[str, Tone] = {
    CaseState.FILED: Tone.AMBER,
    CaseState.NOTIFIED: Tone.AMBER,
    CaseState.DECIDED: Tone.BLUE,
    CaseState.EXECUTED: Tone.GREEN,
    CaseState.CLOSED: Tone.NEUTRAL,
    CaseState.TERMINATED: Tone.NEUTRAL,
}
# What the log calls a step.
STEP_LABELS: dict[str, Label] = {
    "open": _("Filed"),
    "notify": _("Party notified"),
    "notify_again": _("Party notified again"),
    "decide": _("Decided"),
    "execute": _("Everything received"),
    "suspend": _("Agreement suspended"),
    "terminate": _("Terminated"),
    "close": _("Closed"),
}


class CaseTurnFilter(TurnFilter):
    """Cases that wait for the person's decision."""

    def waiting(self, queryset: QuerySet[Case], user: User) -> QuerySet[Case]:
        """As on the desk."""
        return to_decide_by(queryset, user)


@admin.register(Case)
class CaseAdmin(SummedAdmin):
    """Penalty cases by state; services write them, this page shows them."""

    bounded_list = True
    list_display = (
        "number",
        "institution",
        "item",
        money_column("loss", _("Loss of the fund")),
        money_column("decided_recovery", _("Recovery")),
        money_column("decided_fine", _("Fine")),
        "opened_on",
        "decide_by",
        tag_column("state", _("State"), CASE_TONES),
    )
    list_filter = (CaseTurnFilter, "state", ("opened_on", DayRangeFilter))
    search_fields = ("number", "institution__name", "institution__code")
    search_help_text = _("Case number or institution")
    search_hint = _("Number or institution")
    list_select_related = ("institution",)
    behind = {
        "loss": behind_loss,
        "decided_recovery": behind_recovery,
        "decided_fine": behind_fine,
    }
    empty_list_hint = _("A case is opened from a finding of an inspection visit.")

    @admin.display(description=_("Item of law"), ordering="article_code")
    def item(self, obj: Case) -> str:
        """Code and title."""
        return code_and_title(obj.article_code)

    def prepare_rows(self, rows: Sequence[Case]) -> None:
        """With the terms read once for all lines."""
        clocks = Clocks()
        for case in rows:
            case.clock = clocks.of_decision(case)  # type: ignore[attr-defined]

    @admin.display(description=_("Decide by"))
    def decide_by(self, obj: Case) -> str:
        """The term while the case waits for its decision; needs `prepare_rows`."""
        return clock_tag(getattr(obj, "clock", None))

    def render_change_form(  # noqa: PLR0917  the stock's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """The dossier: facts, both ledgers, findings and log."""
        if obj is not None:
            context.update(dossier_of(obj, staff_of(request)))
        return super().render_change_form(request, context, add, change, form_url, obj)

    def object_actions(self, request: HttpRequest, obj: Case) -> Sequence[ObjectAction]:
        """All steps, the next one first in colour, impossible ones with the reason."""
        return case_actions(obj, staff_of(request))


def dossier_of(case: Case, user: User) -> dict[str, Any]:
    """What the page shows of a case; a bounded number of statements."""
    article = governing_article(case.article_code, case.act_from, case.act_to)
    recovery, fine = getattr(case, "recovery", None), getattr(case, "fine", None)
    log = [
        {"row": row, "label": STEP_LABELS.get(row.action, row.action)}
        for row in case.transitions.select_related("actor")
    ]
    return {
        "case": case,
        "case_tone": CASE_TONES[case.state],
        "case_facts": _facts(case, user, article if isinstance(article, Article) else None),
        "case_quote": quote(article) if isinstance(article, Article) else "",
        "money": money_of(case),
        "recovery": recovery,
        "recovery_url": order_page(recovery, user) if recovery else "",
        "fine": fine,
        "fine_url": order_page(fine, user) if fine else "",
        "findings": list(case.findings.select_related("visit").order_by("pk")),
        "suspensions": [
            order.suspension for order in case.suspension_orders.select_related("suspension")
        ],
        "log": log,
    }


def case_actions(case: Case, actor: User) -> list[ObjectAction]:
    """The case's steps for one person, as far as the role includes them."""
    log = list(case.transitions.order_by("id"))
    money = money_of(case)
    notify_again = case.state == CaseState.NOTIFIED
    steps = [
        *_step(
            case,
            "notify_again" if notify_again else "notify",
            actor,
            log,
            url_name="notify",
            tone=Tone.NEUTRAL if notify_again else Tone.BLUE,
        ),
        *_step(case, "decide", actor, log, url_name="decide", tone=Tone.BLUE),
        *_receipts(case, money, actor),
        *_suspend(case, actor),
        *_step(case, "close", actor, log, url_name="close", tone=Tone.BLUE),
        *_step(case, "terminate", actor, log, url_name="terminate", tone=Tone.RED),
    ]
    over = case.state in {CaseState.CLOSED, CaseState.TERMINATED}
    past = {"notify", "decide", "terminate"} if case.state in AFTER_DECISION else set[str]()
    return [] if over else [action for name, action in steps if name not in past]


def _step(
    case: Case,
    action: str,
    actor: User,
    log: list[CaseTransition],
    *,
    url_name: str,
    tone: Tone,
) -> list[tuple[str, ObjectAction]]:
    """One step of the table as a button."""
    labels: dict[str, Label] = {
        "notify": _("Notify the party"),
        "notify_again": _("Notify again"),
        "decide": _("Decide"),
        "close": _("Close the case"),
        "terminate": _("Terminate the case"),
    }
    refused = why_not_now(case, action, actor, log)
    buttons = offer(
        labels[action],
        reverse(f"admin:supervision_case_{url_name}", args=[case.pk]),
        refused,
        reason=_short(case, action, str(refused or "")),
        tone=tone,
    )
    return [(url_name, button) for button in buttons]


def _short(case: Case, action: str, reason: str) -> str:
    """What has to come first, where the state alone forbids the step."""
    if action == "decide" and case.state == CaseState.FILED:
        return gettext("after the notice")
    if action == "close" and case.state != CaseState.EXECUTED:
        return gettext("when everything is received")
    return reason


def _receipts(case: Case, money: CaseMoney, actor: User) -> list[tuple[str, ObjectAction]]:
    """A button for each side on which something was decided."""
    sides: list[tuple[Any, Due, str, Label]] = [
        (getattr(case, "recovery", None), money.recovery, "recovery", _("Recovery received")),
        (getattr(case, "fine", None), money.fine, "fine", _("Fine received")),
    ]
    return [
        ("receive", button)
        for row, due, side, label in sides
        if row is not None
        for button in offer(
            label,
            reverse(f"admin:supervision_{side}_receive", args=[row.pk]),
            why_not_receive(due.open, actor),
            tone=Tone.BLUE,
        )
    ]


def _suspend(case: Case, actor: User) -> list[tuple[str, ObjectAction]]:
    """The button of a suspension."""
    buttons = offer(
        _("Suspend the agreement"),
        reverse("admin:supervision_case_suspend", args=[case.pk]),
        why_not_suspend(case, actor),
        reason=gettext("after the notice") if case.state == CaseState.FILED else "",
        tone=Tone.RED,
    )
    return [("suspend", button) for button in buttons]


def _decide_by(case: Case) -> list[Fact]:
    """The term for the decision while it runs."""
    clock = Clocks().of_decision(case)
    return [] if clock is None else [Fact(_("Decide by"), clock.text, clock.tone)]


def _facts(case: Case, user: User, article: Article | None) -> list[Fact]:
    """The case at a glance."""
    facts = [
        Fact(_("State"), case.get_state_display(), CASE_TONES[case.state]),
        Fact(_("Institution"), record_link(case.institution, user)),
        Fact(_("Item of law"), code_and_title(case.article_code)),
        Fact(_("Period of the act"), f"{case.act_from} – {case.act_to}"),
        Fact(_("Loss of the fund"), money_link(case.loss, behind_loss(case, user))),
        Fact(_("Officers"), words_listed(case.officer, case.second_officer)),
        Fact(_("Filed on"), case.opened_on),
        *_decide_by(case),
        Fact(_("Penalty possible until"), limitation_ends_on(case.act_to)),
    ]
    if article is not None:
        facts.append(Fact(_("Fine that the article allows"), range_label(article.fine)))
    facts += [
        Fact(_("Least fine"), case.min_fine),
        Fact(_("Highest fine"), case.max_fine),
    ]
    if case.notified_on:
        facts += [
            Fact(_("Notified on"), case.notified_on),
            Fact(_("Recovery notified"), case.notified_recovery),
            Fact(_("Fine notified"), case.notified_fine),
            Fact(_("May be heard until"), case.defence_until),
        ]
    if case.decided_on:
        facts.append(Fact(_("Decided on"), case.decided_on))
    if case.exemption_ground:
        facts.append(Fact(_("Ground of exemption"), case.exemption_ground))
    return facts
