"""The register's pages and acts."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.desk.navigation import register_page, register_view
from enrollment.register import admin_views, sections


def register() -> None:
    """Tell the desk; called once by `enrollment.screens`."""
    for order, label, name, permission, hint in (
        (
            10,
            pgettext_lazy("list", "Residents"),
            "person",
            "view_person",
            _("Who is enrolled, with each resident's record."),
        ),
        (20, _("Households"), "household", "view_household", _("Who belongs together.")),
        (
            30,
            _("Account changes"),
            "accountchange",
            "view_accountchange",
            _("Which account was corrected, by whom."),
        ),
        (
            40,
            _("Looks at full numbers"),
            "unmasking",
            "view_unmasking",
            _("Who saw whose full numbers, and why."),
        ),
    ):
        register_page(
            "people",
            label,
            f"admin:enrollment_{name}_changelist",
            permission=f"enrollment.{permission}",
            order=order,
            hint=hint,
        )
    person = "person/<int:pk>/"
    for path, view, name, permission in (
        (f"{person}account/", admin_views.CorrectAccountView, "account", "correct_account"),
        (f"{person}grant/", admin_views.GrantIdentityView, "grant", "add_assistanceidentity"),
        (f"{person}move/", admin_views.MoveView, "move", "move_person"),
        (f"{person}unmask/", admin_views.UnmaskView, "unmask", "unmask_person"),
        (
            "identity/<int:pk>/end/",
            admin_views.EndIdentityView,
            "identity_end",
            "change_assistanceidentity",
        ),
    ):
        register_view(
            f"enrollment/{path}",
            view.as_view(),
            f"enrollment_person_{name}",
            permission=f"enrollment.{permission}",
        )
    sections.register()
