"""Decisions and records on paper: frozen at the decision, complete, both languages."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from enrollment.models import Institution, IssuedPaper, LegalParameter
from enrollment.printing.services import issue_paper, paper_html, verify_paper
from enrollment.tests.factories import make_bureau, make_user
from enrollment.tests.papers import assert_set_in_chinese, pdf_text
from supervision.cases.rules import CaseRefused
from supervision.decisions.document import penalty_decision
from supervision.decisions.inspection_record import record_of
from supervision.models import Case
from supervision.penalties.services import decide_penalty, recover_by_agreement
from supervision.tests.helpers import (
    AT,
    SEE,
    TODAY,
    make_case,
    make_finding,
    make_notified,
    make_visit,
    supervisor,
)

pytestmark = pytest.mark.django_db


def decide(case: Case | None = None, recovery: str = "1000.00", fine: str = "1500.00") -> Case:
    return decide_penalty(
        case or make_notified(),
        recovery=Decimal(recovery),
        fine=Decimal(fine),
        defence="当事人未提出陈述、申辩。",
        heard_on=TODAY,
        actor=supervisor(full_name="向裁定"),
        at=AT,
    )


ACCOUNTS = {
    "fine_account": "县财政局非税收入专户，账号0001",
    "fund_account": "县社会保障基金财政专户，账号0002",
}


def texts() -> dict[str, str]:
    return {paper.language: paper_html(paper) for paper in IssuedPaper.objects.all()}


def test_the_decision_is_issued_in_both_languages_with_the_decision_itself() -> None:
    make_bureau(address="灵溪镇府正街1号", phone="0743-5220000", **ACCOUNTS)
    case = decide()
    papers = IssuedPaper.objects.all()
    assert {paper.language for paper in papers} == {"zh-hans", "en"}
    assert {paper.number for paper in papers} == {case.fine.number}
    chinese, english = texts()["zh-hans"], texts()["en"]
    for shown in (
        "行政处罚决定书",
        case.number,
        case.institution.name,
        "2026年3月至5月重复收费。",
        "CT 第二部位未减半收费",
        "处造成损失金额1倍以上2倍以下的罚款",
        case.institution.address,
        "《医疗保障基金使用监督管理条例》（国务院令第735号）第三十八条第三项：“",
        "第三十八条第三项：重复收费",
        "2026年3月1日至2026年5月31日",
        "1,000.00元至2,000.00元",
        "损失金额的1.5倍",
        "本机关（永顺县医疗保障局）决定如下",
        "退回医疗保障基金1,000.00元（大写：壹仟元整）",
        "处罚款1,500.00元（大写：壹仟伍佰元整），上缴国库",
        "不得相互抵扣",
        "15日内，到指定的银行",
        "收款账户：县财政局非税收入专户，账号0001。",
        "收款账户：县社会保障基金财政专户，账号0002。",
        "百分之三加处罚款",
        "60日内向永顺县人民政府申请行政复议",
        "6个月内依法向永顺县人民法院提起行政诉讼",
        "永顺县医疗保障局（印章）",
        "2026年11月20日",
        "本机关地址：灵溪镇府正街1号",
        str(case.officer),
        case.second_officer.certificate_no,
        "向裁定",
    ):
        assert shown in chinese, shown
    assert "2,500.00" not in chinese  # recovery and fine have no sum
    for shown in ("Administrative penalty decision", "1.5 times the loss", "within 60 days"):
        assert shown in english, shown
    assert "only the Chinese paper has legal force" in english
    assert "译本" not in chinese


def test_the_organs_of_a_remedy_are_those_of_the_settings() -> None:
    make_bureau(government="示范县人民政府", court="示范县人民法院")
    decide()
    chinese, english = texts()["zh-hans"], texts()["en"]
    assert "向示范县人民政府申请行政复议" in chinese
    assert "向示范县人民法院提起行政诉讼" in chinese
    assert "apply to 示范县人民政府 for" in english
    assert "before 示范县人民法院 within" in english
    assert "永顺县人民" not in chinese + english


@pytest.mark.parametrize(
    ("bureau", "address", "said"),
    [
        ({}, "", "当事人地址"),
        ({"court": ""}, "灵溪镇1号", "行政诉讼管辖法院"),
        ({"court": "", "division_id": None}, "灵溪镇1号", "行政复议机关、行政诉讼管辖法院"),
    ],
)
def test_a_decision_that_could_not_name_party_or_organs_is_not_made(
    client: Client, bureau: dict[str, Any], address: str, said: str
) -> None:
    make_bureau(**bureau)
    case = make_notified()
    Institution.objects.filter(pk=case.institution_id).update(address=address)
    with pytest.raises(CaseRefused, match=said):
        decide(case)
    assert not IssuedPaper.objects.exists()
    assert Case.objects.get(pk=case.pk).decided_on is None
    client.force_login(supervisor())
    page = client.get(reverse("admin:supervision_case_decide", args=[case.pk]))
    assert said in page.content.decode()


@pytest.mark.parametrize(
    "paper", ["penalty", "agreement", "record"], ids=["penalty", "agreement", "record"]
)
def test_chinese_papers_are_set_in_chinese(paper: str) -> None:
    make_bureau(**ACCOUNTS)
    if paper == "penalty":
        decide()
    elif paper == "agreement":
        recover_by_agreement([make_finding()], actor=supervisor(), at=AT, note="按协议追回")
    else:
        issue_paper(record_of(make_finding().visit), actor=supervisor(), at=AT)
    assert_set_in_chinese(texts()["zh-hans"])


def test_what_changes_after_the_decision_does_not_change_its_paper() -> None:
    case = decide()
    before = texts()
    Institution.objects.filter(pk=case.institution_id).update(name="改名后的医院")
    LegalParameter.objects.filter(code="reconsideration_term").update(value=Decimal(30))
    again = Case.objects.get(pk=case.pk)
    for language in ("zh-hans", "en"):
        with translation.override(language):
            issue_paper(penalty_decision(again), actor=supervisor(), at=AT + timedelta(days=30))
    assert texts() == before
    assert IssuedPaper.objects.count() == 2


def test_a_changed_figure_on_the_paper_is_not_what_verification_shows() -> None:
    case = decide()
    paper = IssuedPaper.objects.get(language="zh-hans")
    found = verify_paper(case.fine.number, paper.grouped_code)
    assert found.genuine
    assert ["罚款", "1,500.00"] in [[label, value] for label, value in paper.summary]


def test_no_paper_stays_of_a_decision_that_was_refused() -> None:
    with pytest.raises(CaseRefused):
        decide(fine="9999.00")
    assert not IssuedPaper.objects.exists()


def test_an_exempted_case_says_that_no_penalty_is_imposed_and_why() -> None:
    case = make_notified(fine="0.00", exemption_ground="首次违法且后果轻微并及时改正")
    decide_penalty(
        case,
        recovery=Decimal("1000.00"),
        fine=Decimal("0.00"),
        defence="无",
        heard_on=TODAY,
        exemption_ground="首次违法且后果轻微并及时改正",
        actor=supervisor(),
        at=AT,
    )
    chinese = texts()["zh-hans"]
    assert "不予行政处罚决定书" in chinese
    assert "首次违法且后果轻微并及时改正" in chinese
    assert "处罚款" not in chinese
    assert "15日内，到指定的银行" not in chinese


def test_a_recovery_under_the_agreement_knows_no_fine() -> None:
    finding = make_finding()
    row = recover_by_agreement([finding], actor=supervisor(), at=AT, note="按协议追回")
    chinese = texts()["zh-hans"]
    assert row.number in chinese
    assert "1,000.00元（大写：壹仟元整）退回医疗保障基金财政专户" in chinese
    assert "本决定不涉及罚款" in chinese
    assert "加处罚款" not in chinese


def test_a_later_finding_makes_the_next_version_of_the_inspection_record() -> None:
    visit = make_visit(place="住院部", notes="随机抽取病历")
    first = issue_paper(record_of(visit), actor=supervisor(), at=AT)
    assert "未发现" in paper_html(first) or "没有" in paper_html(first)
    make_finding(visit)
    second = issue_paper(record_of(visit), actor=supervisor(), at=AT)
    assert second.version == 2
    shown = paper_html(second)
    for words in ("现场检查笔录", "出示执法证件", "1,000.00", visit.inspector.certificate_no):
        assert words in shown


# --- pages ----------------------------------------------------------------------------


def place(name: str, pk: int, form: str = "page") -> str:
    return reverse(f"admin:supervision_{name}", args=[pk, form])


def test_the_papers_open_to_those_who_see_the_record_only(client: Client) -> None:
    case = decide()
    visit = case.findings.get().visit
    pages = [place("case_decision", case.pk), place("visit_paper", visit.pk)]
    client.force_login(make_user(["supervision.view_fine"]))
    assert [client.get(page).status_code for page in pages] == [403, 403]
    client.force_login(make_user(SEE))
    # The decision was issued with the case; the record is not until an inspector prints it.
    assert [client.get(page).status_code for page in pages] == [200, 302]
    client.force_login(supervisor())
    assert client.get(pages[1]).status_code == 200
    client.force_login(make_user(SEE))
    assert [client.get(page).status_code for page in pages] == [200, 200]
    for name, record in (("case_decision", case), ("visit_paper", visit)):
        link = place(name, record.pk)
        model = record._meta.model_name
        shown = client.get(reverse(f"admin:supervision_{model}_change", args=[record.pk]))
        assert link in shown.content.decode()


def test_before_the_decision_there_is_none_to_print(client: Client) -> None:
    case = make_case()
    client.force_login(make_user(SEE))
    answer = client.get(place("case_decision", case.pk))
    assert answer.headers["Location"].endswith(f"/case/{case.pk}/change/")
    assert not IssuedPaper.objects.exists()


def test_a_penaltys_recovery_leads_to_its_decision(client: Client) -> None:
    case = decide()
    client.force_login(make_user(SEE))
    answer = client.get(place("recovery_decision", case.recovery.pk))
    assert answer.headers["Location"] == place("case_decision", case.pk)


@pytest.mark.pdf
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ["行政处罚决定书", "壹仟伍佰元整", "申请行政复议", "页共"]),
        ("en", ["Legalremedies", "1,500.00yuan", "Page1of"]),
    ],
)
def test_the_pdf_of_a_decision_says_it_all(client: Client, language: str, words: Any) -> None:
    case = decide()
    client.force_login(make_user(SEE))
    client.cookies["django_language"] = language
    answer = client.get(place("case_decision", case.pk, "pdf"))
    text = "".join(pdf_text(answer.content).split())
    for word in [*words, "1,000.00", "1,500.00"]:
        assert word in text, word
    assert client.get(place("case_decision", case.pk, "pdf")).content == answer.content
