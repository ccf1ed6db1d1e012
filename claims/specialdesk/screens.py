"""The pages, queues, papers and the resident's section of special diseases."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.diseases.selectors import Windows
from claims.diseases.windows import Stage
from claims.specialcare.models import ApplicationState, SpecialApplication
from claims.specialcare.selectors import waiting_in
from claims.specialdesk import admin_views, document, story
from enrollment.access.models import User
from enrollment.access.scope import visible_to
from enrollment.desk.navigation import register_page, register_view
from enrollment.desk.queues import FIRST, Queue, Waiting, capped, register_queue
from enrollment.desk.tags import Label, Tone
from enrollment.models import Person
from enrollment.printing.documents import register_kind
from enrollment.stories.sections import register_section

_LIST = "admin:claims_specialapplication_changelist"


def register() -> None:
    """Tell the desk; called once by `claims.screens`."""
    for area, label, model, order, hint in (
        (
            "claims",
            _("Special disease applications"),
            "specialapplication",
            60,
            _("Applications by state, and when each is decided."),
        ),
        (
            "claims",
            _("Special disease certificates"),
            "specialcertificate",
            61,
            _("Who may have which disease paid as an outpatient."),
        ),
        (
            "settings",
            _("Special diseases"),
            "specialdisease",
            7,
            _("The catalogue: diagnoses, validity and papers by day."),
        ),
        (
            "settings",
            _("Review calendar"),
            "reviewcalendar",
            8,
            _("In which windows of the quarter applications are decided."),
        ),
    ):
        register_page(
            area,
            label,
            f"admin:claims_{model}_changelist",
            permission=f"claims.view_{model}",
            order=order,
            hint=hint,
        )
    _register_views()
    register_kind(
        document.KIND,
        _("Special disease certificate"),
        permission="claims.view_specialcertificate",
        labels=("Resident", "Special disease", "Valid from", "Valid to"),
    )
    register_section(
        Person,
        "special",
        _("Special diseases"),
        load=story.told,
        template="specialcare/story.html",
        permission="claims.view_specialcertificate",
        order=45,
        statements=2,
    )
    register_queue("claims.file_special", _to_supply, order=30)
    register_queue("claims.review_special", _first_review, order=31)
    register_queue("claims.judge_special", _panel, order=32)
    register_queue("claims.recheck_special", _recheck, order=33)


def _register_views() -> None:
    for path, view, name, permission in (
        ("apply/<int:pk>/", admin_views.FileView, "special_file", "file_special"),
        (
            "earlier/<int:pk>/",
            admin_views.CarryOverView,
            "certificate_carry_over",
            "carry_certificate",
        ),
        ("<int:pk>/supply/", admin_views.SupplyView, "special_supply", "file_special"),
        ("<int:pk>/withdraw/", admin_views.WithdrawView, "special_withdraw", "file_special"),
        ("<int:pk>/pass/", admin_views.PassView, "special_pass_first", "review_special"),
        ("<int:pk>/return/", admin_views.ReturnView, "special_return", "review_special"),
        ("<int:pk>/panel/", admin_views.VotesView, "special_agree", "judge_special"),
        ("<int:pk>/issue/", admin_views.IssueView, "special_issue", "recheck_special"),
        ("<int:pk>/refuse/", admin_views.RefuseView, "special_refuse", "recheck_special"),
        (
            "certificates/<int:pk>/revoke/",
            admin_views.RevokeView,
            "certificate_revoke",
            "revoke_certificate",
        ),
    ):
        register_view(
            f"claims/special/{path}",
            view.as_view(),
            f"claims_{name}",
            permission=f"claims.{permission}",
        )
    for path, paper, name in (
        ("paper/", document.paper, "certificate_paper"),
        ("paper.pdf", document.pdf, "certificate_pdf"),
    ):
        register_view(
            f"claims/special/certificates/<int:pk>/{path}",
            paper,
            f"claims_{name}",
            permission="claims.view_specialcertificate",
        )


def _to_supply(user: User) -> Queue:
    return _queue(
        user,
        ApplicationState.RETURNED,
        "special_papers",
        _("Special diseases: papers to be supplied"),
        gettext("The applicants have been told what is missing."),
    )


def _first_review(user: User) -> Queue:
    return _queue(
        user,
        ApplicationState.FILED,
        "special_first_review",
        _("Special diseases: first review"),
        _window_hint(Stage.FIRST_REVIEW),
    )


def _panel(user: User) -> Queue:
    return _queue(
        user,
        ApplicationState.CHECKED,
        "special_panel",
        _("Special diseases: panel"),
        _window_hint(Stage.PANEL),
    )


def _recheck(user: User) -> Queue:
    return _queue(
        user,
        ApplicationState.AGREED,
        "special_recheck",
        _("Special diseases: recheck"),
        _window_hint(Stage.RECHECK),
    )


def _window_hint(stage: Stage) -> str:
    """When the queue can be worked on; two statements."""
    opening = Windows().at(stage, timezone.localdate())
    if opening is None:
        return gettext("No review calendar is entered: enter one in the settings.")
    days = {"first": opening.window.starts_on, "last": opening.window.ends_on}
    if opening.is_open:
        return gettext("The window is open until %(last)s.") % days
    return gettext("The next window runs from %(first)s to %(last)s.") % days


def _queue(user: User, state: str, key: str, title: Label, hint: str) -> Queue:
    """The applications in a state that this user may go on with; two statements beside the hint."""
    waiting = visible_to(waiting_in(SpecialApplication.objects.all(), state, user), user)
    first = waiting.select_related("person", "disease").order_by("id")[:FIRST]
    return Queue(
        key=key,
        title=title,
        count=capped(waiting),
        url=f"{reverse(_LIST)}?state__exact={state}&turn=decide",
        hint=hint,
        tone=Tone.BLUE,
        first=[
            Waiting(
                one.number,
                reverse("admin:claims_specialapplication_change", args=[one.pk]),
                f"{one.person.name} · {one.disease.name}",
            )
            for one in first
        ],
    )
