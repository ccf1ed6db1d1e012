"""The pages of hand-kept files."""

from django.utils.translation import gettext_lazy as _

from enrollment.desk.navigation import register_page, register_view
from enrollment.handfiles import identities, institutions, premiums
from enrollment.handfiles.proposals import HandFile
from enrollment.handfiles.views import view_for
from enrollment.institutions import columns as institution_columns

KINDS = (
    (
        "people",
        60,
        HandFile(
            code="identities",
            title=_("Identities by file"),
            hint=_("Grant or end assistance identities from a spreadsheet, after a preview."),
            permission="enrollment.add_assistanceidentity",
            columns=identities.COLUMNS,
            work=identities.work,
            back="admin:enrollment_handfile_identities",
        ),
    ),
    (
        "settings",
        11,
        HandFile(
            code="premiums",
            title=_("Premium standards by file"),
            hint=_("Enter what each year's coverage costs from a spreadsheet, after a preview."),
            permission="enrollment.add_premiumstandard",
            columns=premiums.COLUMNS,
            work=premiums.work,
            back="admin:enrollment_premiumstandard_changelist",
        ),
    ),
    (
        "institutions",
        60,
        HandFile(
            code="institutions",
            title=_("Institutions by file"),
            hint=_("Enter institutions and agreements from a spreadsheet, after a preview."),
            permission="enrollment.add_institution",
            columns=institution_columns.COLUMNS,
            work=institutions.work,
            back="admin:enrollment_institution_changelist",
        ),
    ),
)


def register() -> None:
    """Tell the desk; called once by `enrollment.screens`."""
    for area, order, kind in KINDS:
        name = f"enrollment_handfile_{kind.code}"
        register_page(
            area,
            kind.title,
            f"admin:{name}",
            permission=kind.permission,
            order=order,
            hint=kind.hint,
            whole_county=True,
        )
        register_view(
            f"enrollment/by-file/{kind.code}/",
            view_for(kind),
            name,
            permission=kind.permission,
            whole_county=True,
        )
