"""Who may do what: each role's permissions on one page.

A role is a Django group named by its code; administrators may add groups of their own, but
these five are brought back to this table after each migrate.
"""

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

_SEE_RESIDENTS = [
    "enrollment.view_person",
    "enrollment.view_household",
    "enrollment.view_assistanceidentity",
    "enrollment.view_enrolment",
    "enrollment.view_institution",
    "enrollment.view_agreement",
    "enrollment.view_suspension",
    "enrollment.view_division",
    "enrollment.verify_paper",
]
_SEE_CLAIMS = ["claims.view_claim", "claims.view_claimtransition", "claims.view_settledclaim"]
_SEE_MONEY = [
    "claims.view_settlementrun",
    "claims.view_paymentorder",
    "claims.view_paymentbatch",
    "claims.view_entry",
    "claims.view_posting",
    "claims.view_accumulatormovement",
]

_SEE_SUPERVISION = [
    "supervision.view_visit",
    "supervision.view_finding",
    "supervision.view_case",
    "supervision.view_recovery",
    "supervision.view_fine",
]

ROLES: dict[str, list[str]] = {
    "window_clerk": [
        *_SEE_RESIDENTS,
        *_SEE_CLAIMS,
        "claims.enter_claim",
        "claims.view_paymentorder",
        "enrollment.correct_account",
    ],
    "reviewer": [
        *_SEE_RESIDENTS,
        *_SEE_CLAIMS,
        "claims.review_first",
        "claims.review_second",
        "claims.reject_claim",
        "claims.release_claim",
        "claims.view_settlementrun",
    ],
    "finance": [
        *_SEE_RESIDENTS,
        *_SEE_CLAIMS,
        *_SEE_MONEY,
        "claims.run_settlement",
        "claims.make_batch",
        "claims.approve_batch",
        "claims.exchange_bank_files",
        "claims.pay_again",
        "enrollment.view_issuedpaper",
        "enrollment.view_accountchange",
        "enrollment.view_premiumstandard",
        "enrollment.view_premiumsubsidy",
        "enrollment.unmask_person",
    ],
    "supervisor": [
        *_SEE_RESIDENTS,
        *_SEE_CLAIMS,
        "enrollment.suspend_agreement",
        "enrollment.view_issuedpaper",
        "enrollment.view_accountchange",
        "enrollment.view_unmasking",
        "enrollment.unmask_person",
        *_SEE_SUPERVISION,
        "supervision.log_visit",
        "supervision.open_case",
        "supervision.notify_case",
        "supervision.decide_penalty",
        "supervision.recover_by_agreement",
        "supervision.record_receipt",
    ],
    "administrator": [
        *_SEE_RESIDENTS,
        "enrollment.view_user",
        "enrollment.view_issuedpaper",
        "enrollment.add_user",
        "enrollment.change_user",
        "enrollment.view_accountchange",
        "enrollment.view_unmasking",
        "enrollment.add_assistanceidentity",
        "enrollment.change_assistanceidentity",
        "enrollment.view_bureau",
        "enrollment.change_bureau",
        "enrollment.add_institution",
        "enrollment.change_institution",
        "enrollment.add_agreement",
        "enrollment.change_agreement",
        "enrollment.view_premiumstandard",
        "enrollment.add_premiumstandard",
        "enrollment.change_premiumstandard",
        "enrollment.view_premiumsubsidy",
        "enrollment.add_premiumsubsidy",
        "enrollment.change_premiumsubsidy",
        "django_celery_beat.view_periodictask",
        "django_celery_beat.change_periodictask",
        "auth.view_group",
    ],
}


def sync_roles(**_kwargs: Any) -> None:
    """Give each role's group exactly its permissions; unknown names raise."""
    for app in apps.get_app_configs():
        create_permissions(app, verbosity=0)
    for role, names in ROLES.items():
        group, _created = Group.objects.get_or_create(name=role)
        wanted = []
        for name in names:
            app_label, codename = name.split(".")
            wanted.append(
                Permission.objects.get(content_type__app_label=app_label, codename=codename)
            )
        group.permissions.set(wanted)
