"""Who may do what: each role's permissions on one page.

A role is a Django group named by its code; administrators may add groups of their own, but
these are brought back to this table after each migrate. `claims.view_*` stands for every such
permission of the app, so that a new table is the auditor's to read from its first day.

Kept apart, and proved in `config/tests/test_roles.py`: who grants roles has no business data
and no say over money; who runs the machines reads no resident; who audits changes nothing.
"""

from fnmatch import fnmatchcase
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
    "enrollment.view_verification",
]
_SEE_CLAIMS = [
    "claims.view_claim",
    "claims.view_claimtransition",
    "claims.view_settledclaim",
    "claims.view_claimpaper",
    "claims.view_verification",
    "claims.view_policyproposal",
    "claims.view_correction",
    "claims.view_overpayment",
    "claims.view_clearance",
    "claims.view_specialapplication",
    "claims.view_specialcertificate",
    "claims.view_specialdisease",
    "claims.view_diseaseterm",
    "claims.view_reviewcalendar",
    "claims.view_areafiling",
    "claims.view_filingrule",
]
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
_SEE_PREMIUMS = ["enrollment.view_premiumstandard", "enrollment.view_premiumsubsidy"]
# Lists as files, and one's own files; `view_all_exports` is the log of everybody's. Who reads many
# records for an office may take a list along, masked and logged; a window needs one resident at a
# time, so its clerks look and print, and take no lists of residents out of the portal.
_EXPORT = ["enrollment.export_list", "enrollment.view_export"]
# The catalogue of special diseases and the rules of filings; a change is a new row.
_KEEP_CATALOGUE = [
    f"claims.{verb}_{what}"
    for what in ("specialdisease", "diseaseterm", "reviewcalendar", "filingrule")
    for verb in ("add", "change")
]
_APPROVE_TERMS = ["enrollment.view_legalparameter", "enrollment.approve_legalparameter"]
_KEEP_TERMS = [
    f"enrollment.{verb}_{what}"
    for what in ("calendaryear", "calendarday", "legalparameter")
    for verb in ("view", "add", "change")
]

ROLES: dict[str, list[str]] = {
    # Takes paper claims at a window.
    "window_clerk": [
        *_SEE_RESIDENTS,
        *_SEE_CLAIMS,
        "claims.enter_claim",
        "claims.view_paymentorder",
        "claims.verify_claim",
        "claims.file_special",
        "claims.file_outside",
        "claims.view_claimattachment",
        "enrollment.correct_account",
    ],
    # First and second review; the two of one claim are two people.
    "reviewer": [
        *_EXPORT,
        *_SEE_RESIDENTS,
        *_SEE_CLAIMS,
        "claims.review_first",
        "claims.review_second",
        "claims.reject_claim",
        "claims.verify_claim",
        "claims.view_claimattachment",
        "claims.release_claim",
        "claims.review_special",
        "claims.view_settlementrun",
    ],
    # Answers for the windows: takes over, verifies and reviews what a clerk has entered.
    "window_head": [
        *_EXPORT,
        *_SEE_RESIDENTS,
        *_SEE_CLAIMS,
        "claims.enter_claim",
        "claims.review_first",
        "claims.verify_claim",
        "claims.view_claimattachment",
        "claims.review_second",
        "claims.release_claim",
        "claims.file_special",
        "claims.file_outside",
        "claims.review_special",
        "claims.judge_special",
        "claims.recheck_special",
        "claims.revoke_certificate",
        "claims.view_paymentorder",
        "claims.view_settlementrun",
        "enrollment.correct_account",
        "enrollment.view_accountchange",
    ],
    # What the layers pay: proposes policies and approves those that another has proposed.
    "benefit_officer": [
        *_EXPORT,
        *_SEE_RESIDENTS,
        *_SEE_CLAIMS,
        "claims.view_settlementrun",
        "claims.view_accumulatormovement",
        "claims.propose_policy",
        "claims.approve_policy",
        *_APPROVE_TERMS,
        "claims.view_whatifrun",
        "claims.run_whatif",
        "claims.propose_correction",
        "claims.approve_correction",
        "claims.view_correctionround",
        "claims.view_roundyear",
        "claims.agree_repayment",
        "claims.propose_clearance",
        "claims.judge_special",
        "claims.recheck_special",
        "claims.carry_certificate",
        "claims.revoke_certificate",
        *_KEEP_CATALOGUE,
        "claims.view_paymentorder",
    ],
    # Rolls, identities and what a year's coverage costs.
    "enrolment_officer": [
        *_EXPORT,
        *_SEE_RESIDENTS,
        *_SEE_PREMIUMS,
        "enrollment.import_roll",
        "enrollment.view_importjob",
        "enrollment.add_assistanceidentity",
        "enrollment.change_assistanceidentity",
        "claims.view_paymentorder",
        "enrollment.correct_account",
        "enrollment.view_accountchange",
        "enrollment.view_identitychange",
        "enrollment.move_person",
        "enrollment.add_premiumstandard",
        "enrollment.change_premiumstandard",
        "enrollment.add_premiumsubsidy",
        "enrollment.change_premiumsubsidy",
        "enrollment.unmask_person",
    ],
    # Designated institutions and their agreements; suspensions are the supervisor's.
    "institution_officer": [
        *_EXPORT,
        "enrollment.view_division",
        "enrollment.view_institution",
        "enrollment.add_institution",
        "enrollment.change_institution",
        "enrollment.view_agreement",
        "enrollment.add_agreement",
        "enrollment.change_agreement",
        "enrollment.view_suspension",
        *_SEE_SUPERVISION,
    ],
    # The night, payment batches and the bank; maker and approver of a batch are two people.
    "finance": [
        *_EXPORT,
        *_SEE_RESIDENTS,
        *_SEE_CLAIMS,
        *_SEE_MONEY,
        *_SEE_PREMIUMS,
        "claims.run_settlement",
        "claims.make_batch",
        "claims.approve_batch",
        "claims.exchange_bank_files",
        "claims.pay_again",
        "claims.agree_repayment",
        "claims.record_repayment",
        "claims.propose_clearance",
        "claims.approve_clearance",
        "enrollment.view_issuedpaper",
        "enrollment.view_accountchange",
        "enrollment.unmask_person",
    ],
    # Visits, cases, penalties and the suspension of agreements.
    "supervisor": [
        *_EXPORT,
        *_SEE_RESIDENTS,
        *_SEE_CLAIMS,
        *_SEE_SUPERVISION,
        "claims.view_claimattachment",
        "enrollment.suspend_agreement",
        "enrollment.view_issuedpaper",
        "enrollment.view_accountchange",
        "enrollment.view_unmasking",
        "enrollment.unmask_person",
        "supervision.log_visit",
        "supervision.open_case",
        "supervision.notify_case",
        "supervision.decide_penalty",
        "supervision.recover_by_agreement",
        "supervision.record_receipt",
    ],
    # Reads figures, lists and reports; approves nothing.
    "leader": [
        *_EXPORT,
        *_SEE_RESIDENTS,
        *_SEE_CLAIMS,
        *_SEE_MONEY,
        *_SEE_SUPERVISION,
        *_SEE_PREMIUMS,
        "claims.view_whatifrun",
        "claims.view_correctionround",
        "claims.view_roundyear",
        "enrollment.view_bureau",
    ],
    # Reads all, changes nothing; full numbers stay hidden. An audit file is made of lists.
    "auditor": [
        "enrollment.export_list",
        "enrollment.view_*",
        "claims.view_*",
        "supervision.view_*",
        "auth.view_group",
        "django_celery_beat.view_periodictask",
    ],
    # Jobs and machines, without business data.
    "operator": [
        "config.view_health",
        "enrollment.view_auditlink",
        "enrollment.view_failedjob",
        "enrollment.note_failedjob",
        "django_celery_beat.view_periodictask",
        "django_celery_beat.change_periodictask",
    ],
    # Accounts, roles and the bureau's settings, without money, reviews or residents.
    "administrator": [
        "enrollment.view_user",
        "enrollment.add_user",
        "enrollment.change_user",
        "enrollment.view_unmasking",
        "enrollment.view_recordreading",
        "enrollment.view_accountevent",
        "enrollment.view_division",
        "enrollment.view_bureau",
        "enrollment.change_bureau",
        *_KEEP_TERMS,
        *_APPROVE_TERMS,
        "django_celery_beat.view_periodictask",
        "auth.view_group",
    ],
}


def permissions_of_role(role: str) -> set[str]:
    """The role's permissions as `app.codename`, patterns spelled out; one statement.

    Raises LookupError for a name that no permission has.
    """
    known = {
        f"{app_label}.{codename}"
        for app_label, codename in Permission.objects.values_list(
            "content_type__app_label", "codename"
        )
    }
    held: set[str] = set()
    for name in ROLES[role]:
        found = {one for one in known if fnmatchcase(one, name)}
        if not found:
            raise LookupError(f"{role}: no permission is called {name}")
        held |= found
    return held


def sync_roles(**_kwargs: Any) -> None:
    """Give each role's group exactly its permissions; unknown names raise."""
    for app in apps.get_app_configs():
        create_permissions(app, verbosity=0)
    keys = {
        f"{app_label}.{codename}": pk
        for pk, app_label, codename in Permission.objects.values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    for role in ROLES:
        group, _created = Group.objects.get_or_create(name=role)
        group.permissions.set([keys[name] for name in permissions_of_role(role)])
