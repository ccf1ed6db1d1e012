"""Who sees whose records: each role, the own and another township, every screen and page.

Two tables, read like a page. A screen or page that is not in its table fails the first tests:
whoever adds one says here who may open it and how it is cut by township.
"""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.db.models import ForeignKey
from django.urls import reverse

from config.tests.scoped_county import (
    Ground,
    address,
    everything,
    is_shown,
    screens,
    staff,
)
from enrollment.access.roles import Role
from enrollment.access.scope import ScopeKind, scope_of
from enrollment.desk.navigation import registry
from enrollment.tests.factories import TOWNSHIP

pytestmark = pytest.mark.django_db

# c clerk · r reviewer · h head of the windows · b benefits · e enrolment · i institutions
# f finance · s supervisor · l leader · a auditor · o operator · A administrator
LETTERS = dict(zip(Role.values, "crhbeifslaoA", strict=True))
EVERYBODY = "crhbeifslaoA"
TOWN, OPEN, COUNTY = "by township", "open", "whole county"

# Screen → who reads it, who changes it, how it is cut.
SCREENS: dict[str, tuple[str, str, str]] = {
    "enrollment.Person": ("crhbefsla", "", TOWN),
    "enrollment.Household": ("crhbefsla", "", TOWN),
    "enrollment.AccountChange": ("hefsa", "", TOWN),
    "enrollment.Unmasking": ("saA", "", TOWN),
    "enrollment.RecordReading": ("aA", "", TOWN),
    "enrollment.AccountEvent": ("aA", "", COUNTY),
    "enrollment.AuditLink": ("ao", "", COUNTY),
    "enrollment.FailedJob": ("ao", "", COUNTY),
    "enrollment.Institution": ("crhbeifsla", "i", OPEN),
    "enrollment.Division": ("crhbeifslaA", "", OPEN),
    "enrollment.PremiumStandard": ("efla", "e", OPEN),
    "enrollment.CalendarYear": ("aA", "A", OPEN),
    "enrollment.LegalParameter": ("baA", "A", OPEN),
    "enrollment.IssuedPaper": ("fsa", "", COUNTY),
    "enrollment.ImportJob": ("ea", "", COUNTY),
    "enrollment.Export": ("rheifsla", "", OPEN),
    "enrollment.Bureau": ("laA", "A", OPEN),
    "enrollment.User": ("aA", "A", COUNTY),
    "auth.Group": ("aA", "", OPEN),
    "django_celery_beat.PeriodicTask": ("aoA", "o", OPEN),
    "claims.Claim": ("crhbfsla", "", TOWN),
    "claims.PolicyProposal": ("crhbfsla", "", OPEN),
    "claims.WhatIfRun": ("bla", "", COUNTY),
    "claims.SettledClaim": ("crhbfsla", "", TOWN),
    "claims.Correction": ("crhbfsla", "", TOWN),
    "claims.CorrectionRound": ("bla", "", COUNTY),
    "claims.RoundYear": ("bla", "", COUNTY),
    "claims.Overpayment": ("crhbfsla", "", TOWN),
    "claims.Clearance": ("crhbfsla", "", TOWN),
    "claims.SpecialApplication": ("crhbfsla", "", TOWN),
    "claims.SpecialCertificate": ("crhbfsla", "", TOWN),
    "claims.SpecialDisease": ("crhbfsla", "b", OPEN),
    "claims.ReviewCalendar": ("crhbfsla", "b", OPEN),
    "claims.AreaFiling": ("crhbfsla", "", TOWN),
    "claims.FilingRule": ("crhbfsla", "b", OPEN),
    "claims.PaymentOrder": ("chbefla", "", TOWN),
    "claims.PaymentBatch": ("fla", "", COUNTY),
    "claims.SettlementRun": ("rhbfla", "", COUNTY),
    "claims.Entry": ("fla", "", COUNTY),
    "claims.Posting": ("fla", "", COUNTY),
    "supervision.Visit": ("isla", "s", TOWN),
    "supervision.Finding": ("isla", "", TOWN),
    "supervision.Case": ("isla", "", TOWN),
    "supervision.Recovery": ("isla", "", TOWN),
    "supervision.Fine": ("isla", "", TOWN),
}

# Page → who opens it, and which record of the ground it is about (or how it is cut).
PAGES: dict[str, tuple[str, str]] = {
    "enrollment_person_account": ("che", "person"),
    "enrollment_person_grant": ("e", "person"),
    "enrollment_person_unmask": ("efs", "person"),
    "enrollment_person_identity_end": ("e", "identity"),
    "enrollment_legalparameter_approve": ("bA", OPEN),
    "enrollment_failedjob_note": ("o", COUNTY),
    "enrollment_institution_sign": ("i", OPEN),
    "portal_second_step": (EVERYBODY, OPEN),
    "portal_second_step_setup": (EVERYBODY, OPEN),
    "portal_session": (EVERYBODY, OPEN),
    "portal_log_out_everywhere": (EVERYBODY, OPEN),
    "enrollment_user_unlock": ("A", COUNTY),
    "enrollment_user_end_sessions": ("A", COUNTY),
    "enrollment_user_reset_second_step": ("A", COUNTY),
    "portal_board": (EVERYBODY, OPEN),
    "portal_search": (EVERYBODY, OPEN),
    "portal_search_results": (EVERYBODY, OPEN),
    "verify_paper": ("crhbefsla", OPEN),
    "enrollment_issuedpaper_read": ("fsa", COUNTY),
    "enrollment_issuedpaper_pdf": ("fsa", COUNTY),
    "enrollment_person_movements": ("crhbfsla", "person"),
    "claims_claim_breakdown": ("crhbfsla", "settled"),
    "claims_policybook": ("crhbfsla", OPEN),
    "claims_policybook_scheme": ("crhbfsla", OPEN),
    "claims_policybook_yaml": ("crhbfsla", OPEN),
    "claims_policy_propose": ("b", OPEN),
    "claims_policy_approve": ("b", OPEN),
    "claims_policy_reject": ("b", OPEN),
    "claims_policy_withdraw": ("b", OPEN),
    "claims_policy_confirm": ("b", OPEN),
    "claims_whatif_ask": ("b", COUNTY),
    "claims_whatifrun_progress": ("bla", COUNTY),
    "claims_whatifrun_start": ("b", COUNTY),
    "claims_whatifrun_workbook": ("bla", COUNTY),
    "claims_whatifrun_resident": ("bla", COUNTY),
    "health": ("o", OPEN),
    "enrollment_savedfilter_keep": (EVERYBODY, OPEN),
    "enrollment_savedfilter_remove": (EVERYBODY, OPEN),
    "enrollment_export_start": ("rheifsl", OPEN),
    "enrollment_export_download": ("rheifsl", OPEN),
    "enrollment_handfile_identities": ("e", COUNTY),
    "enrollment_handfile_institutions": ("i", COUNTY),
    "enrollment_importjob_hand_in": ("e", COUNTY),
    "enrollment_importjob_template": ("e", COUNTY),
    "enrollment_importjob_progress": ("ea", COUNTY),
    "enrollment_importjob_start": ("e", COUNTY),
    "enrollment_importjob_import": ("e", COUNTY),
    "enrollment_importjob_rejects": ("e", COUNTY),
    "claims_window": ("ch", OPEN),
    "claims_window_find": ("ch", OPEN),
    "claims_window_quote": ("ch", OPEN),
    "claims_window_correct": ("ch", "returned"),
    "claims_window_draft_save": ("ch", OPEN),
    "claims_window_draft_discard": ("ch", OPEN),
    "claims_claim_papers": ("ch", "claim"),
    "claims_claim_verify": ("crh", "claim"),
    "claims_claim_receipt": ("crhbfsla", "claim"),
    "claims_claim_receipt_pdf": ("crhbfsla", "claim"),
    "claims_claim_scans": ("ch", "claim"),
    "claims_claim_scan": ("crhsa", "scan"),
    "claims_claim_scan_remove": ("ch", "scan"),
    "claims_claim_statement": ("crhbfsla", "settled"),
    "claims_claim_statement_pdf": ("crhbfsla", "settled"),
    "claims_claim_pass_first": ("rh", "claim"),
    "claims_claim_approve": ("rh", "checked"),
    "claims_claim_return": ("crhbfsla", "claim"),
    "claims_claim_reject": ("r", "claim"),
    "claims_claim_release": ("rh", "held"),
    "claims_correction_propose": ("b", "person"),
    "claims_correction_approve": ("b", "correction"),
    "claims_correction_reject": ("b", "correction"),
    "claims_correction_withdraw": ("b", "correction"),
    "claims_correctionround_start": ("b", COUNTY),
    "claims_correctionround_progress": ("bla", COUNTY),
    "claims_correctionround_approve": ("b", COUNTY),
    "claims_correctionround_reject": ("b", COUNTY),
    "claims_correctionround_again": ("b", COUNTY),
    "claims_overpayment_repaid": ("f", "overpayment"),
    "claims_overpayment_plan": ("bf", "overpayment"),
    "claims_overpayment_set_off": ("bf", "overpayment"),
    "claims_overpayment_write_off": ("bf", "overpayment"),
    "claims_overpayment_notice": ("crhbfsla", "overpayment"),
    "claims_overpayment_notice_pdf": ("crhbfsla", "overpayment"),
    "claims_clearance_approve": ("f", "clearance"),
    "claims_clearance_reject": ("f", "clearance"),
    "claims_clearance_withdraw": ("bf", "clearance"),
    "claims_special_file": ("ch", "person"),
    "claims_certificate_carry_over": ("b", "person"),
    "claims_special_supply": ("ch", "specialapplication"),
    "claims_special_withdraw": ("ch", "specialapplication"),
    "claims_special_pass_first": ("rh", "specialapplication"),
    "claims_special_return": ("rh", "specialapplication"),
    "claims_special_agree": ("hb", "specialapplication"),
    "claims_special_issue": ("hb", "specialapplication"),
    "claims_special_refuse": ("hb", "specialapplication"),
    "claims_certificate_revoke": ("hb", "specialcertificate"),
    "claims_certificate_paper": ("crhbfsla", "specialcertificate"),
    "claims_certificate_pdf": ("crhbfsla", "specialcertificate"),
    "claims_areafiling_file": ("ch", "person"),
    "claims_areafiling_withdraw": ("ch", "areafiling"),
    "claims_areafiling_slip": ("crhbfsla", "areafiling"),
    "claims_areafiling_slip_pdf": ("crhbfsla", "areafiling"),
    "claims_settlement_settle": ("f", COUNTY),
    "claims_settlement_progress": ("rhbfla", COUNTY),
    "claims_ledger_balance": ("fla", COUNTY),
    "claims_paymentbatch_make": ("f", COUNTY),
    "claims_paymentbatch_approve": ("f", COUNTY),
    "claims_paymentbatch_cancel": ("f", COUNTY),
    "claims_paymentbatch_send": ("f", COUNTY),
    "claims_paymentbatch_file": ("f", COUNTY),
    "claims_paymentbatch_return": ("f", COUNTY),
    "claims_paymentbatch_sheet": ("fla", COUNTY),
    "claims_paymentbatch_sheet_pdf": ("fla", COUNTY),
    "demo_bank_answer": ("f", COUNTY),
    "claims_paymentorder_account": ("che", "paymentorder"),
    "claims_paymentorder_again": ("f", "paymentorder"),
    "supervision_case_decision": ("isla", "case"),
    "supervision_recovery_decision": ("isla", "recovery"),
    "supervision_visit_paper": ("isla", "visit"),
    "supervision_visit_record": ("s", OPEN),
    "supervision_visit_record_findings": ("s", "visit"),
    "supervision_finding_open_case": ("s", "finding"),
    "supervision_finding_recover": ("s", "finding"),
    "supervision_case_notify": ("s", "case"),
    "supervision_case_decide": ("s", "case"),
    "supervision_case_fine_check": ("isla", "case"),
    "supervision_case_suspend": ("s", "case"),
    "supervision_case_terminate": ("s", "case"),
    "supervision_case_close": ("s", "case"),
    "supervision_recovery_receive": ("s", "recovery"),
    "supervision_fine_receive": ("s", "fine"),
}
KINDS = {TOWN: ScopeKind.BY_DIVISION, OPEN: ScopeKind.OPEN, COUNTY: ScopeKind.WHOLE_COUNTY}
# Pages that answer a GET with more than a page: the printing room has its own tests.
SLOW = {
    "claims_claim_statement_pdf",
    "claims_claim_receipt_pdf",
    "claims_overpayment_notice_pdf",
    "claims_certificate_pdf",
    "claims_areafiling_slip_pdf",
    "supervision_case_decision",
    "supervision_recovery_decision",
    "supervision_visit_paper",
}
# What a bare GET gets where it is no page: by POST only; no such search or proposal.
NO_PAGE = {
    "claims_window_find": 405,
    "claims_window_quote": 405,
    "claims_window_draft_save": 405,
    "claims_window_draft_discard": 405,
    "enrollment_legalparameter_approve": 404,
    "enrollment_failedjob_note": 404,
    "enrollment_savedfilter_keep": 405,
    "enrollment_savedfilter_remove": 405,
    "enrollment_export_start": 405,
    "enrollment_export_download": 404,
    "portal_search": 405,
    "portal_search_results": 404,
    "portal_second_step": 302,
    "portal_log_out_everywhere": 405,
    "portal_board": 404,
    "claims_policybook_yaml": 404,
    "claims_policy_approve": 404,
    "claims_policy_reject": 404,
    "claims_policy_withdraw": 404,
    "claims_policy_confirm": 404,
}
# What an open page's address names instead of the institution's key.
NAMED = {
    "claims_policybook_scheme": "yongshun-resident",
    "claims_policybook_yaml": "yongshun-resident",
}
# What stands in the address beside the record's key.
MORE_ARGS: dict[str, tuple[Any, ...]] = {
    "enrollment_person_movements": (2026, "basic.paid"),
    "claims_whatifrun_resident": (1,),
    "enrollment_export_start": ("csv",),
    "supervision_case_decision": ("page",),
    "supervision_recovery_decision": ("page",),
    "supervision_visit_paper": ("page",),
}
# Fragments: outside their page they lead to the record.
FRAGMENTS = {"claims_claim_breakdown": {"HX-Request": "true"}}
READ_ONLY = {
    "claims_certificate_paper",
    "claims_areafiling_slip",
    "claims_claim_receipt",
    "claims_claim_scan",
    "claims_claim_statement",
    "claims_overpayment_notice",
    "claims_claim_breakdown",
    "enrollment_person_movements",
    "supervision_case_fine_check",
}


def test_every_screen_says_who_reads_it_and_how_it_is_cut() -> None:
    assert set(screens()) == set(SCREENS)
    for label, model in screens().items():
        assert scope_of(model).kind == KINDS[SCREENS[label][2]], label


def test_every_page_says_who_opens_it_and_how_it_is_cut() -> None:
    assert set(registry.views) == set(PAGES)
    county = {name for name, (_letters, kind) in PAGES.items() if kind == COUNTY}
    assert county == {view.name for view in registry.views.values() if view.whole_county}


def test_no_filter_lists_records_of_a_township() -> None:
    """A filter over a relation would name them all."""
    for model, screen in admin.site._registry.items():
        for entry in screen.list_filter:
            name = entry[0] if isinstance(entry, tuple) else entry
            if not isinstance(name, str):
                continue
            field = get_fields_from_path(model, name)[-1]
            if isinstance(field, ForeignKey):
                assert scope_of(field.remote_field.model).kind is ScopeKind.OPEN, (model, name)


@pytest.mark.parametrize("role", Role.values)
def test_each_screen_for_the_whole_county(ground: Ground, role: str) -> None:
    client = staff(role)
    for label, model in screens().items():
        reads = LETTERS[role] in SCREENS[label][0]
        answer = client.get(address(model, "changelist"))
        assert (answer.status_code in (200, 302)) == reads, (label, answer.status_code)
        for records in (ground.own, ground.other, ground.county):
            record = records.get(model._meta.model_name)
            if record is not None:
                assert is_shown(client, address(model, "change", record.pk)) == reads, label


@pytest.mark.parametrize("role", Role.values)
def test_each_screen_for_one_township(ground: Ground, role: str) -> None:
    client = staff(role, TOWNSHIP)
    before = everything()
    for label, model in screens().items():
        letters, changers, kind = SCREENS[label]
        reads, changes = LETTERS[role] in letters, LETTERS[role] in changers
        listed = client.get(address(model, "changelist"))
        name = model._meta.model_name
        mine, theirs = ground.own.get(name), ground.other.get(name)
        if not reads:
            assert listed.status_code == 403, label
        elif kind == TOWN:
            shown = {row.pk for row in listed.context["cl"].queryset}
            assert mine.pk in shown, label
            assert theirs.pk not in shown, label
        elif kind == COUNTY:
            assert list(listed.context["cl"].queryset) == [], label
        if kind == TOWN:
            assert is_shown(client, address(model, "change", mine.pk)) == reads, label
            for page in ("change", "history", "delete"):
                assert not is_shown(client, address(model, page, theirs.pk)), (label, page)
                assert client.post(address(model, page, theirs.pk), {}).status_code != 200, label
        record = ground.county.get(name)
        if record is not None:
            reachable = reads and kind == OPEN
            assert is_shown(client, address(model, "change", record.pk)) == reachable, label
        if not changes:
            assert client.get(address(model, "add"), follow=True).status_code == 403, label
            assert client.post(address(model, "add"), {}, follow=True).status_code == 403, label
    assert everything() == before


@pytest.mark.parametrize("role", Role.values)
def test_choices_offer_one_township(ground: Ground, role: str) -> None:
    """The completion of every relation to a record of a township."""
    client = staff(role, TOWNSHIP)
    asked = 0
    for label, model in screens().items():
        for field in model._meta.get_fields():
            target = field.related_model if isinstance(field, ForeignKey) else None
            screen = admin.site._registry.get(target) if target else None
            if screen is None or not screen.get_search_fields(None):
                continue
            answer = client.get(
                reverse("admin:autocomplete"),
                {
                    "app_label": model._meta.app_label,
                    "model_name": model._meta.model_name,
                    "field_name": field.name,
                },
            )
            letters, _changers, kind = SCREENS[target._meta.label]
            if LETTERS[role] not in letters:
                assert answer.status_code == 403, (label, field.name)
                continue
            found = {row["id"] for row in answer.json()["results"]}
            other = ground.other.get(target._meta.model_name)
            if kind == TOWN:
                assert str(other.pk) not in found, (label, field.name)
                asked += 1
            elif kind == COUNTY:
                assert found == set(), (label, field.name)
    assert asked or role in (Role.OPERATOR, Role.ADMINISTRATOR, Role.INSTITUTION_OFFICER)


@pytest.mark.parametrize("role", Role.values)
def test_each_page_for_one_township(ground: Ground, role: str) -> None:
    client = staff(role, TOWNSHIP)
    before = everything()
    for name, (letters, kind) in PAGES.items():
        opens = LETTERS[role] in letters
        path = registry.views[name].path
        more, headers = MORE_ARGS.get(name, ()), FRAGMENTS.get(name, {})
        if "<" not in path:
            page = reverse(f"admin:{name}")
        elif kind == COUNTY:
            key = "settlementrun" if "settlement" in name else "paymentbatch"
            page = reverse(f"admin:{name}", args=[ground.county[key].pk, *more])
        elif kind == OPEN:
            named = NAMED.get(name, 0 if NO_PAGE.get(name) == 404 else ground.own["institution"].pk)
            page = reverse(f"admin:{name}", args=[named, *more])
        else:
            page = reverse(f"admin:{name}", args=[ground.own[kind].pk, *more])
            foreign = reverse(f"admin:{name}", args=[ground.other[kind].pk, *more])
            refusal = 404 if opens else 403
            assert client.get(foreign, headers=headers).status_code == refusal, name
            if name not in READ_ONLY | SLOW:
                assert client.post(foreign, {"reason": "x"}).status_code == refusal, name
        if name in SLOW and opens:
            continue
        status = client.get(page, headers=headers).status_code
        if not opens or kind == COUNTY:
            assert status == 403, name
        else:
            assert status == NO_PAGE.get(name, 200), (name, status)
    assert everything() == before
