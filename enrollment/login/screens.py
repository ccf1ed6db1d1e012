"""The login's own addresses."""

from django.utils.translation import gettext_lazy as _

from enrollment.desk.navigation import register_page, register_view
from enrollment.login import account_views, views


def register() -> None:
    """Tell the desk; called once by `enrollment.screens`."""
    register_page(
        "system",
        _("Events of accounts"),
        "admin:enrollment_accountevent_changelist",
        permission="enrollment.view_accountevent",
        order=30,
        hint=_("Which logins were unlocked or reset, which passwords set, by whom and why."),
        whole_county=True,
    )
    for path, view, name in (
        ("second-step/", views.ask_code, "portal_second_step"),
        ("second-step/set-up/", views.set_up, "portal_second_step_setup"),
        ("session/", views.session, "portal_session"),
        ("log-out-everywhere/", views.log_out_everywhere, "portal_log_out_everywhere"),
    ):
        register_view(path, view, name, permission=None)
    for path, action, name in (
        ("unlock", account_views.UnlockView, "unlock"),
        ("second-step", account_views.ResetSecondStepView, "reset_second_step"),
        ("sessions", account_views.EndSessionsView, "end_sessions"),
        ("password", account_views.SetPasswordView, "set_password"),
    ):
        register_view(
            f"enrollment/user/<int:pk>/{path}/",
            action.as_view(),
            f"enrollment_user_{name}",
            permission="enrollment.change_user",
            whole_county=True,
        )
