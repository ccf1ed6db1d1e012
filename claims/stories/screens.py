"""The sections of claims, and the views behind their figures."""

from django.utils.translation import gettext_lazy as _

from claims.stories import institution, person, views
from enrollment.desk.navigation import register_view
from enrollment.desk.tags import Label
from enrollment.models import Institution, Person
from enrollment.stories.sections import Loader, register_section

_Section = tuple[int, str, Label, Loader, str, int]


def register() -> None:
    """Tell the pages of residents and institutions; called once by `claims.screens`."""
    of_person: tuple[_Section, ...] = (
        (
            40,
            "counters",
            _("Accumulated this year"),
            person.counters_told,
            "claims.view_settledclaim",
            3,
        ),
        (50, "claims", _("Claims"), person.claims_of, "claims.view_claim", 3),
        (60, "payments", _("Payments"), person.payments_of, "claims.view_paymentorder", 2),
    )
    of_institution: tuple[_Section, ...] = (
        # Sums of an institution name nobody: who keeps its agreement reads them too.
        (
            30,
            "months",
            _("Claims by month"),
            institution.months_of,
            "enrollment.view_institution",
            3,
        ),
        (40, "orders", _("Payments"), institution.orders_of, "claims.view_paymentorder", 2),
    )
    told = [(Person, one) for one in of_person] + [(Institution, one) for one in of_institution]
    for model, (order, key, title, load, permission, statements) in told:
        register_section(
            model,
            key,
            title,
            load=load,
            template=f"claims/story/{key}.html",
            permission=permission,
            order=order,
            statements=statements,
        )
    register_view(
        "enrollment/person/<int:pk>/counters/<int:year>/<str:code>/",
        views.movements,
        "enrollment_person_movements",
        permission="claims.view_settledclaim",
    )
    register_view(
        "enrollment/person/<int:pk>/printed/",
        views.printed,
        "enrollment_person_printed",
        permission="claims.view_settledclaim",
    )
    register_view(
        "claims/claim/<int:pk>/breakdown/",
        views.breakdown,
        "claims_claim_breakdown",
        permission="claims.view_settledclaim",
    )
