"""The roles are there after a migration, with their permissions, and kept apart."""

import pytest
from django.contrib.auth.models import Group, Permission

from config.roles import ROLES, permissions_of_role, sync_roles
from enrollment.access.roles import Role, conflicting_role, role_label

pytestmark = pytest.mark.django_db

# The table, read like a page: who may take the steps that move money or rights.
# c clerk · r reviewer · h head of the windows · e enrolment · i institutions · f finance
# b benefits · s supervisor · l leader · a auditor · o operator · A administrator
LETTERS = dict(zip("crhbeifslaoA", Role.values, strict=True))
TABLE = {
    "enrollment.view_person": "crhbefsla",
    "enrollment.correct_account": "che",
    "enrollment.move_person": "e",
    "enrollment.unmask_person": "efs",
    "enrollment.add_assistanceidentity": "e",
    "enrollment.change_premiumstandard": "e",
    "enrollment.change_institution": "i",
    "enrollment.add_agreement": "i",
    "enrollment.suspend_agreement": "s",
    "enrollment.view_unmasking": "saA",
    "enrollment.view_verification": "crhbefsla",
    "enrollment.view_issuedpaper": "fsa",
    "enrollment.export_list": "rhbeifsla",
    "enrollment.view_export": "rhbeifsla",
    "enrollment.view_all_exports": "a",
    "enrollment.view_user": "aA",
    "enrollment.change_user": "A",
    "enrollment.change_bureau": "A",
    "claims.view_claim": "crhbfsla",
    "claims.view_entry": "fla",
    "claims.enter_claim": "ch",
    "claims.review_first": "rh",
    "claims.review_second": "rh",
    "claims.reject_claim": "r",
    "claims.release_claim": "rh",
    "claims.run_settlement": "f",
    "claims.make_batch": "f",
    "claims.approve_batch": "f",
    "claims.exchange_bank_files": "f",
    "claims.pay_again": "f",
    "claims.view_policyproposal": "crhbfsla",
    "claims.propose_policy": "b",
    "claims.approve_policy": "b",
    "enrollment.change_legalparameter": "A",
    "enrollment.approve_legalparameter": "bA",
    "claims.view_whatifrun": "bla",
    "claims.run_whatif": "b",
    "claims.view_correction": "crhbfsla",
    "claims.propose_correction": "b",
    "claims.approve_correction": "b",
    "claims.view_correctionround": "bla",
    "claims.view_overpayment": "crhbfsla",
    "claims.view_specialcertificate": "crhbfsla",
    "claims.file_special": "ch",
    "claims.review_special": "rh",
    "claims.judge_special": "hb",
    "claims.recheck_special": "hb",
    "claims.revoke_certificate": "hb",
    "claims.carry_certificate": "b",
    "claims.add_reviewcalendar": "b",
    "claims.change_specialdisease": "b",
    "claims.file_outside": "ch",
    "claims.add_filingrule": "b",
    "claims.agree_repayment": "bf",
    "claims.record_repayment": "f",
    "claims.view_clearance": "crhbfsla",
    "claims.propose_clearance": "bf",
    "claims.approve_clearance": "f",
    "supervision.view_case": "isla",
    "supervision.log_visit": "s",
    "supervision.open_case": "s",
    "supervision.decide_penalty": "s",
    "supervision.record_receipt": "s",
    "django_celery_beat.change_periodictask": "o",
    "config.view_health": "o",
    "auth.view_group": "aA",
    "auth.change_group": "",
}


def permissions_of(role):
    rows = Group.objects.get(name=role).permissions.values_list(
        "content_type__app_label", "codename"
    )
    return {f"{app_label}.{codename}" for app_label, codename in rows}


def changing(names):
    return {name for name in names if not name.partition(".")[2].startswith("view_")}


def test_the_table_and_the_choices_name_the_same_roles():
    assert list(ROLES) == Role.values


@pytest.mark.parametrize("role", Role.values)
def test_a_migrated_database_has_the_role_with_exactly_its_permissions(role):
    assert permissions_of(role) == permissions_of_role(role)


@pytest.mark.parametrize(("permission", "letters"), TABLE.items())
def test_who_holds_what(permission, letters):
    held = {role for role in Role.values if permission in permissions_of(role)}
    assert held == {LETTERS[letter] for letter in letters}


def test_what_somebody_added_to_a_role_is_taken_back():
    clerks = Group.objects.get(name=Role.WINDOW_CLERK)
    clerks.permissions.set(Group.objects.get(name=Role.FINANCE).permissions.all())
    sync_roles()
    assert permissions_of(Role.WINDOW_CLERK) == permissions_of_role(Role.WINDOW_CLERK)


def test_the_auditor_reads_every_table_of_the_bureau_and_changes_none():
    ours = Permission.objects.filter(
        content_type__app_label__in=("enrollment", "claims", "supervision"),
        codename__startswith="view_",
    ).values_list("content_type__app_label", "codename")
    held = permissions_of(Role.AUDITOR)
    assert {f"{app_label}.{codename}" for app_label, codename in ours} <= held
    assert changing(held) == {"enrollment.export_list"}


def test_the_leader_changes_nothing():
    assert changing(permissions_of(Role.LEADER)) == {"enrollment.export_list"}


def test_who_grants_roles_has_no_business_data_and_no_say_over_money():
    held = permissions_of(Role.ADMINISTRATOR)
    assert not [name for name in held if name.startswith(("claims.", "supervision."))]
    assert not held & {
        "enrollment.view_person",
        "enrollment.view_enrolment",
        "enrollment.unmask_person",
        "enrollment.correct_account",
        "enrollment.add_assistanceidentity",
        "enrollment.suspend_agreement",
        "enrollment.add_agreement",
    }


def test_who_runs_the_machines_sees_nothing_of_the_bureaus_business():
    business = ("claims.", "supervision.", "enrollment.")
    held = {name for name in permissions_of(Role.OPERATOR) if name.startswith(business)}
    # Digests, counts and jobs, of nobody.
    assert held == {
        "enrollment.view_auditlink",
        "enrollment.view_failedjob",
        "enrollment.note_failedjob",
    }


def test_nobody_may_change_a_role_or_delete_anything():
    for role in Role.values:
        verbs = {name.partition(".")[2].partition("_")[0] for name in permissions_of(role)}
        assert "delete" not in verbs
        assert "auth.change_group" not in permissions_of(role)


def test_an_unknown_permission_is_named(monkeypatch):
    monkeypatch.setitem(ROLES, Role.LEADER, ["claims.view_claims"])
    with pytest.raises(LookupError, match=r"leader: .* claims\.view_claims"):
        sync_roles()


@pytest.mark.parametrize("alone", ["auditor", "operator", "administrator"])
def test_three_roles_are_held_alone(alone):
    assert conflicting_role([alone]) is None
    assert conflicting_role(["finance", alone]) == alone
    assert conflicting_role([alone, "Archive room"]) == alone
    assert conflicting_role(["window_clerk", "reviewer"]) is None


def test_every_role_has_its_words():
    assert [role_label(role) for role in Role.values] == [
        "窗口经办", "审核", "窗口负责人", "待遇保障", "参保经办", "定点机构管理", "财务",
        "基金监管", "局领导", "内部审计", "系统运维", "系统管理员",
    ]  # fmt: skip
