"""How the pages of the scope test answer, where it is not with a page of a record."""

from typing import Any

# Pages that answer a GET with more than a page: the printing room has its own tests.
SLOW = {
    "claims_claim_statement_pdf",
    "claims_claim_receipt_pdf",
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
    "claims_claim_breakdown",
    "enrollment_person_movements",
    "supervision_case_fine_check",
}
