"""One day of the bureau in a real browser, from the window to the bank and to the guard.

Every member of staff sits at a window of their own. Nothing is called behind the screens; the
database is only asked for the numbers that the next page is opened by, and at the end for the
truth of the books.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from claims.intake.models import Claim, ClaimState
from claims.ledger.checks import verify
from claims.payments.models import BatchState, OrderState, PaymentBatch, PaymentOrder
from claims.settlement.models import SettlementRun
from config.demo.county.accounts import make_staff
from config.tests.browser.driving import Clerk, Keys
from enrollment.models import User
from enrollment.tests.factories import (
    enrol,
    id_number,
    make_bureau,
    make_institution,
    make_person,
)
from supervision.cases.models import Case, CaseState
from supervision.inspections.models import Finding
from supervision.penalties.models import Fine, Recovery

pytestmark = pytest.mark.browser
PASSWORD = "a-password-for-tests"
HOSPITAL = "H43312790001"
OVERHEAD = 25  # keys beyond the characters of a claim's data
SAVED = 20  # keys that the second claim of the same hospital saves at least


@pytest.fixture
def resident(transactional_db):
    """A resident, a hospital with its agreement, staff; two reviews by two people."""
    today = timezone.localdate()
    make_bureau(clerk_check_is_first_review=False, is_demonstration=True)
    make_staff(PASSWORD)
    whole = (date(today.year - 1, 1, 1), date(today.year, 12, 31))
    make_institution(code=HOSPITAL, name="安康医院", agreement=whole)
    number = id_number(born_on=date(1966, 3, 8), male=True, serial=321)
    person = make_person(name="田建国", id_number=number, account_no="6200000000000000018")
    for year in (today.year - 1, today.year):
        enrol(person, year)
    return person


@pytest.fixture
def staff(desk, resident):
    """Who logs in when first needed, each at their own window, until the day is over."""
    seated: dict[str, Clerk] = {}

    def at_desk(username):
        if username not in seated:
            seated[username] = desk()
            seated[username].log_in(username, PASSWORD)
        return seated[username]

    yield at_desk
    faults = [f"{name} {fault}" for name, clerk in seated.items() for fault in clerk.faults]
    assert not faults, "\n".join(faults)


def test_a_day_from_the_window_to_the_bank_and_to_the_guard(staff, resident, worker):
    first, second = enter_two_claims(staff("clerk1"), resident)
    review(staff, first, second)
    night(staff("finance1"), worker)
    pay(staff, failing=1)
    pay_again(staff, resident)
    guard(staff)
    assert [check for check in verify() if not check.ok] == []


# --- the window ------------------------------------------------------------------------------


def enter_two_claims(clerk, resident):
    """Two paper claims of one hospital with the keyboard alone, counted."""
    tab_to(clerk, reverse("admin:claims_window"))
    assert clerk.focused() == "q"
    clerk.keys = Keys()
    clerk.type(resident.id_number[-4:])
    clerk.page.locator("#found [data-found]").first.wait_for()
    clerk.press("ArrowDown")
    clerk.press_and_go("Enter")
    clerk.shows(resident.name)
    papers = {
        "institution": HOSPITAL,
        "admitted_on": days_ago(12),
        "discharged_on": days_ago(4),
        "diagnosis": "J18.900",
        "invoice_no": "0078812345",
        "total": "6292.22",
        "excluded": "641.80",
        "over_limit": "176.18",
        "first_self_pay": "497.08",
    }
    type_claim(clerk, papers)
    # (6292.22 − 641.80 − 176.18 − 497.08 − 500.00) × 75 %
    expect(clerk.page.locator("#quote")).to_contain_text("3,357.87")
    clerk.look()
    clerk.press("F2")
    clerk.press_and_go("Control+Enter")
    one = clerk.keys
    print(f"\none paper claim: {one.pressed} keys for {one.data} characters")  # noqa: T201 - a figure for the docs
    assert one.pressed <= one.data + OVERHEAD

    clerk.keys = Keys()
    papers |= {"admitted_on": days_ago(40), "discharged_on": days_ago(33)}
    papers |= {"invoice_no": "0078812346", "total": "4000.00"}
    type_claim(clerk, {name: text for name, text in papers.items() if not _filled(clerk, name)})
    clerk.press("F2")
    clerk.press_and_go("Control+s")
    two = clerk.keys
    print(f"the next of the same hospital: {two.pressed} keys, {one.pressed - two.pressed} fewer")  # noqa: T201
    assert two.pressed <= one.pressed - SAVED
    claims = list(Claim.objects.order_by("pk"))
    assert [claim.state for claim in claims] == [ClaimState.SUBMITTED] * 2
    assert [claim.total for claim in claims] == [Decimal("6292.22"), Decimal("4000.00")]
    return claims


def tab_to(clerk, path):
    """Press Tab until the focus is on the link to that page, then Enter."""
    for _nth in range(40):
        clerk.page.keyboard.press("Tab")
        if clerk.page.evaluate("() => document.activeElement.pathname") == path:
            clerk.press_and_go("Enter")
            return
    raise AssertionError(f"no link to {path} within forty tab stops")


def type_claim(clerk, papers):
    """As a clerk does: type, Enter, type, Enter."""
    for nth, (name, text) in enumerate(papers.items()):
        if nth:
            clerk.press("Enter")
        for _skipped in range(3):
            if clerk.focused() == name:
                break
            clerk.press("Enter")
        assert clerk.focused() == name
        clerk.type(text)


def _filled(clerk, name):
    return bool(clerk.page.locator(f'#claim [name="{name}"]').input_value())


def days_ago(number):
    return f"{timezone.localdate() - timedelta(number):%Y%m%d}"


# --- two reviews -------------------------------------------------------------------------------


def review(staff, first, second):
    """One claim comes back and is corrected; then both pass two reviews by two people."""
    one, two, clerk = staff("reviewer1"), staff("reviewer2"), staff("clerk1")
    open_claim(one, first)
    one.act("claims_claim_return", first.pk, note="发票号与原件不符，请更正。")
    open_claim(clerk, first)
    clerk.shows("发票号与原件不符")
    clerk.act("claims_window_correct", first.pk, invoice_no="0078812347")
    for claim in (first, second):
        open_claim(one, claim)
        one.act("claims_claim_pass_first", claim.pk)
        open_claim(one, claim)
        expect(one.link("claims_claim_approve", claim.pk)).to_have_count(0)
        open_claim(two, claim)
        two.act("claims_claim_approve", claim.pk)
    first.refresh_from_db()
    assert first.invoice_no == "0078812347"
    assert set(Claim.objects.values_list("state", flat=True)) == {ClaimState.APPROVED}


def open_claim(clerk, claim):
    clerk.open(reverse("admin:claims_claim_change", args=[claim.pk]))


# --- the night and the bank --------------------------------------------------------------------


def night(finance, worker):
    """Handed to a real worker; the run's page comes to its end by itself."""
    finance.until(lambda: "ready" in worker.read_text(), worker)
    finance.open(reverse("admin:claims_settlementrun_changelist"))
    finance.act("claims_settlement_settle")
    finance.until(SettlementRun.objects.exists, worker)
    run = SettlementRun.objects.get()
    finance.open(reverse("admin:claims_settlementrun_change", args=[run.pk]))
    expect(finance.page.locator("#content .tag-green").first).to_be_visible(timeout=60_000)
    finance.look()
    assert set(Claim.objects.values_list("state", flat=True)) == {ClaimState.SETTLED}
    assert PaymentOrder.objects.filter(state=OrderState.PENDING).count() == 2


def pay(staff, *, failing):
    """One puts the batch together, another approves it; the bank's answer is read."""
    maker, second = staff("finance1"), staff("finance2")
    maker.open(reverse("admin:claims_paymentbatch_changelist"))
    maker.act("claims_paymentbatch_make")
    batch = PaymentBatch.objects.latest("pk")
    here = reverse("admin:claims_paymentbatch_change", args=[batch.pk])
    maker.open(here)
    expect(maker.link("claims_paymentbatch_approve", batch.pk)).to_have_count(0)
    second.open(here)
    second.act("claims_paymentbatch_approve", batch.pk)
    maker.open(here)
    maker.act("claims_paymentbatch_send", batch.pk)
    sent = downloaded(maker, maker.link("claims_paymentbatch_file", batch.pk))
    assert sent.decode("gb18030").count("医保待遇") == batch.orders_count
    answer = downloaded(maker, maker.link("demo_bank_answer", batch.pk).nth(failing))
    maker.open(here)
    maker.link("claims_paymentbatch_return", batch.pk).click()
    maker.page.locator("input[type=file]").set_input_files(
        {"name": "return.csv", "mimeType": "text/csv", "buffer": answer}
    )
    maker.send()
    batch.refresh_from_db()
    assert batch.state == BatchState.CLOSED
    assert batch.orders.filter(state=OrderState.FAILED).count() == failing


def downloaded(clerk, link):
    with clerk.page.expect_download() as download:
        link.click()
    return download.value.path().read_bytes()


def pay_again(staff, resident):
    """The window corrects the account, finance orders the payment again, the bank pays."""
    clerk, finance = staff("clerk1"), staff("finance1")
    failed = PaymentOrder.objects.get(state=OrderState.FAILED)
    here = reverse("admin:claims_paymentorder_change", args=[failed.pk])
    clerk.open(reverse("admin:index"))
    clerk.follow('[data-queue="accounts_to_correct"] a')
    clerk.follow("#result_list tbody th a")
    assert here in clerk.page.url
    clerk.act("claims_paymentorder_account", failed.pk, account_no="6200009000000000018")
    finance.open(here)
    finance.act("claims_paymentorder_again", failed.pk)
    pay(staff, failing=0)
    failed.refresh_from_db()
    assert failed.state == OrderState.REPLACED
    assert failed.replaced_by.state == OrderState.PAID
    assert failed.replaced_by.amount == failed.amount
    resident.refresh_from_db()
    assert failed.replaced_by.account_no == resident.account_no == "6200009000000000018"


# --- the guard -----------------------------------------------------------------------------------


def guard(staff):
    """A visit's finding becomes a case; a fine above its article is refused, inside it stands."""
    officer, decider = staff("supervisor1"), staff("supervisor3")
    inspectors = {user.username: str(user.pk) for user in User.objects.all()}
    officer.open(reverse("admin:supervision_visit_changelist"))
    officer.act(
        "supervision_visit_add",
        **{
            "institution": HOSPITAL,
            "source": "daily",
            "inspector": inspectors["supervisor1"],
            "second_inspector": inspectors["supervisor2"],
            "charts_sampled": "30",
            "findings-0-article_code": "38-3",
            "findings-0-description": "床位费计费天数多于实际住院天数。",
            "findings-0-act_from": days_ago(60),
            "findings-0-act_to": days_ago(31),
            "findings-0-loss": "1000.00",
        },
    )
    finding = Finding.objects.get()
    officer.open(reverse("admin:supervision_finding_change", args=[finding.pk]))
    officer.act(
        "supervision_finding_open_case",
        finding.pk,
        officer=inspectors["supervisor1"],
        second_officer=inspectors["supervisor2"],
    )
    case = Case.objects.get()
    here = reverse("admin:supervision_case_change", args=[case.pk])
    officer.open(here)
    officer.act("supervision_case_notify", case.pk, recovery="1000.00", fine="2000.01")
    officer.shows("造成损失金额1倍以上2倍以下的罚款")
    case.refresh_from_db()
    assert case.state == CaseState.FILED
    officer.fill(fine="2000.00")
    officer.send()
    decider.open(here)
    decider.act(
        "supervision_case_decide",
        case.pk,
        defence="当事人书面放弃陈述、申辩。",
        heard_on=days_ago(0),
        fine="2000.01",
    )
    assert not Fine.objects.exists()
    decider.fill(fine="2000.00")
    decider.send()
    case.refresh_from_db()
    assert case.state == CaseState.DECIDED
    assert Fine.objects.get().amount == Decimal("2000.00")
    assert Recovery.objects.get().amount == Decimal("1000.00")
