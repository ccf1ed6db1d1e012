"""What claims show in the header and on the work desk."""

from django.utils.translation import gettext_lazy as _

from claims.attachments import screens as attachment_screens
from claims.batch_sheet import screens as sheet_screens
from claims.boards import screens as board_screens
from claims.correctionbook import screens as correction_screens
from claims.drafts import screens as draft_screens
from claims.filingdesk import screens as filing_screens
from claims.intake.deadlines import recompute_due_dates
from claims.overpaymentbook import screens as overpayment_screens
from claims.papers.admin_views import ReceivePapersView
from claims.payments import screens as payment_screens
from claims.policies.selectors import scheme_choices
from claims.policybook import screens as policy_screens
from claims.receipt import screens as receipt_screens
from claims.refusal import screens as refusal_screens
from claims.review import screens as review_screens
from claims.roundbook import screens as round_screens
from claims.search import finders, numbered
from claims.settlement import screens as settlement_screens
from claims.specialdesk import screens as special_screens
from claims.statement import document as statement_document
from claims.statement import views as statement_views
from claims.stories import screens as story_screens
from claims.verification.admin_views import VerifyView
from claims.whatifbook import screens as what_if_screens
from claims.window import finding as window_finding
from claims.window import views as window_views
from enrollment.audit.pages import name_page
from enrollment.bureau.schemes import register_schemes
from enrollment.calendar.services import register_deadlines
from enrollment.desk.navigation import register_page, register_start, register_view
from enrollment.printing.documents import register_kind

register_page(
    "claims",
    _("Window"),
    "admin:claims_window",
    permission="claims.enter_claim",
    order=10,
    hint=_("Enter a paper claim: resident, papers, quote, submit."),
)
register_view("window/", window_views.window, "claims_window", permission="claims.enter_claim")
register_start("claims_window", _("Accept a claim"), order=10)
register_view(
    "window/find/", window_finding.find, "claims_window_find", permission="claims.enter_claim"
)
register_view(
    "window/quote/", window_views.quote, "claims_window_quote", permission="claims.enter_claim"
)
register_view(
    "window/claims/<int:pk>/",
    window_views.correct,
    "claims_window_correct",
    permission="claims.enter_claim",
)
register_kind(
    statement_document.KIND,
    _("Benefit statement"),
    permission="claims.view_settledclaim",
    labels=("Resident", "Total cost", "Total paid", "Personal share"),
)
register_view(
    "claims/claim/<int:pk>/statement/",
    statement_views.statement,
    "claims_claim_statement",
    permission="claims.view_settledclaim",
)
register_view(
    "claims/claim/<int:pk>/statement.pdf",
    statement_views.statement_pdf,
    "claims_claim_statement_pdf",
    permission="claims.view_settledclaim",
)
register_view(
    "claims/claim/<int:pk>/papers/",
    ReceivePapersView.as_view(),
    "claims_claim_papers",
    permission="claims.enter_claim",
)
register_view(
    "claims/claim/<int:pk>/verify/",
    VerifyView.as_view(),
    "claims_claim_verify",
    permission="claims.verify_claim",
)
attachment_screens.register()
draft_screens.register()
receipt_screens.register()
refusal_screens.register()
for _page, _label in (
    ("claims_window", _("Window")),
    ("claims_window_correct", _("Window")),
    ("claims_claim_change", _("Claim")),
    ("claims_specialapplication_change", _("Special disease application")),
    ("claims_specialcertificate_change", _("Special disease certificate")),
    ("claims_areafiling_change", _("Filing of care outside the area")),
    ("claims_claim_scan", _("Scan")),
    ("claims_claim_receipt", _("Acceptance receipt")),
    ("claims_claim_receipt_pdf", _("Acceptance receipt")),
    ("claims_certificate_paper", _("Special disease certificate")),
    ("claims_certificate_pdf", _("Special disease certificate")),
    ("claims_areafiling_slip", _("Slip of care outside the area")),
    ("claims_areafiling_slip_pdf", _("Slip of care outside the area")),
    ("claims_overpayment_notice", _("Notice of overpayment")),
    ("claims_overpayment_notice_pdf", _("Notice of overpayment")),
    ("claims_claim_breakdown", _("Calculation")),
    ("enrollment_person_movements", _("Movements of a counter")),
    ("enrollment_person_printed", _("Printed page with calculations")),
    ("claims_correction_propose", _("Correct a settled year")),
    ("claims_window_quote", _("Window")),
    ("claims_claim_statement", _("Benefit statement")),
    ("claims_claim_statement_pdf", _("Benefit statement")),
):
    name_page(_page, _label)
review_screens.register()
settlement_screens.register()
payment_screens.register()
sheet_screens.register()
policy_screens.register()
what_if_screens.register()
correction_screens.register()
round_screens.register()
overpayment_screens.register()
special_screens.register()
filing_screens.register()
register_deadlines(recompute_due_dates)
story_screens.register()
board_screens.register()
finders.register()
numbered.register()
register_schemes(scheme_choices)
