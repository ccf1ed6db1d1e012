"""Papers: issued once, frozen, verified by their check code, printed with a log."""

import base64
import hashlib
import re
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import translation

from enrollment.models import Bureau, IssuedPaper, PaperPdf, PaperPrint
from enrollment.printing import documents
from enrollment.printing.codes import ALPHABET, check_code, read_code
from enrollment.printing.documents import Document, PaperKind, register_kind
from enrollment.printing.pdf import as_pdf
from enrollment.printing.services import (
    AlteredPaper,
    is_unaltered,
    issue_paper,
    paper_html,
    print_page,
    print_pdf,
    verify_paper,
)
from enrollment.tests.factories import make_bureau, make_user
from enrollment.tests.papers import pdf_pages, pdf_text

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 25, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    """Two kinds of paper: one that follows its document, one that is never reissued."""
    monkeypatch.setattr(documents, "_kinds", {})
    register_kind("note", "Note", permission="enrollment.view_person")
    register_kind("ruling", "Ruling", permission="enrollment.view_person", first_stays=True)


@pytest.fixture(autouse=True)
def template(settings, tmp_path):
    """A paper's own part."""
    (tmp_path / "note.html").write_text("<p>{{ resident }}</p><p>{{ amount }} 元</p>")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *template_dirs(settings)]}]


def template_dirs(settings):
    return settings.TEMPLATES[0]["DIRS"]


@pytest.fixture
def officer():
    return make_user(["enrollment.view_verification"], full_name="覃开票")


def note(amount="6,525.00", kind="note", number="医保罚〔2026〕1号", resident="田秀兰"):
    return Document(
        kind=kind,
        number=number,
        title="通知单",
        template="note.html",
        context={"amount": amount, "resident": resident},
        summary=(("金额", amount),),
    )


def issue(officer, document=None, at=AT):
    return issue_paper(document or note(), actor=officer, at=at)


def test_a_paper_names_bureau_number_code_issuer_and_time(officer):
    make_bureau()
    html = paper_html(paper := issue(officer))
    for shown in (
        "永顺县医疗保障局",
        "医保罚〔2026〕1号",
        "6,525.00",
        "覃开票",
        "2026-11-25 09:30",
    ):
        assert shown in html
    assert paper.grouped_code in html
    assert "<!--" not in html


def test_the_same_document_is_the_same_paper_whoever_prints_it_when(officer):
    first = issue(officer)
    again = issue(make_user(full_name="向再印"), at=AT + timedelta(days=400))
    assert again == first
    assert paper_html(again) == paper_html(first)
    assert "向再印" not in paper_html(again)


def test_a_changed_document_is_the_next_version_and_the_old_one_says_so(officer):
    first = issue(officer)
    second = issue(officer, note("6,525.01"))
    assert (first.version, second.version) == (1, 2)
    assert "6,525.00" in paper_html(first)
    assert verify_paper(first.number, first.code).newer == second
    assert verify_paper(second.number, second.code).newer is None


def test_a_ruling_stays_as_it_was_issued(officer):
    first = issue(officer, note(kind="ruling"))
    assert issue(officer, note("1.00", kind="ruling")) == first
    assert "6,525.00" in paper_html(first)


def test_each_language_is_a_paper_of_its_own(officer):
    chinese = issue(officer)
    with translation.override("en"):
        english = issue(officer)
    assert (chinese.language, english.language) == ("zh-hans", "en")
    assert chinese.code != english.code


def test_what_residents_are_called_cannot_become_markup(officer):
    html = paper_html(issue(officer, note(resident="<b>田</b><!--check-code-->")))
    assert "<b>田" not in html
    assert "&lt;!--check-code--&gt;" in html


def test_the_qr_code_is_inline_and_holds_number_and_code(officer):
    html = paper_html(issue(officer))
    (source,) = re.findall(r'<img class="qr" src="data:image/svg\+xml;base64,([^"]+)"', html)
    assert base64.b64decode(source).startswith(b"<svg")
    assert "http" not in html


# --- verification ---------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["{}", " {} ", "医保罚2026 1号", "医保罚[2026]1号"])
def test_number_and_code_prove_a_paper_however_they_are_typed(officer, typed):
    paper = issue(officer)
    found = verify_paper(typed.format(paper.number), paper.grouped_code.lower())
    assert found.genuine
    assert found.paper == paper


def test_the_scanned_line_alone_proves_it(officer):
    paper = issue(officer)
    assert verify_paper(f"{paper.number} {paper.grouped_code}", "").genuine


def test_another_number_or_code_proves_nothing(officer):
    paper = issue(officer)
    assert not verify_paper("医保罚〔2026〕2号", paper.code).genuine
    other = "0" if paper.code[0] != "0" else "1"
    assert verify_paper(paper.number, other + paper.code[1:]).paper is None
    assert verify_paper("", "").paper is None


def test_a_code_fits_one_number_version_language_and_figure_only(officer):
    paper = issue(officer)
    changed = paper.html.replace("6,525.00", "9,525.00")
    assert changed != paper.html
    digest = hashlib.sha256(changed.encode()).hexdigest()
    assert check_code("note", paper.number, 1, "zh-hans", paper.digest) == paper.code
    for forged in (
        check_code("note", paper.number, 1, "zh-hans", digest),
        check_code("note", paper.number, 2, "zh-hans", paper.digest),
        check_code("note", paper.number, 1, "en", paper.digest),
        check_code("ruling", paper.number, 1, "zh-hans", paper.digest),
        check_code("note", "x", 1, "zh-hans", paper.digest),
    ):
        assert forged != paper.code


def test_a_figure_changed_in_the_register_itself_is_found_out(officer):
    paper = issue(officer)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE enrollment_issuedpaper DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE enrollment_issuedpaper SET html = replace(html, '6,525', '9,525'), "
            "digest = encode(sha256(convert_to(replace(html, '6,525', '9,525'), 'UTF8')), 'hex')"
        )
        cursor.execute("ALTER TABLE enrollment_issuedpaper ENABLE TRIGGER USER")
    paper.refresh_from_db()
    assert "9,525.00" in paper.html
    assert not is_unaltered(paper)
    assert not verify_paper(paper.number, paper.code).genuine
    with pytest.raises(AlteredPaper):
        print_page(paper, actor=officer, at=AT)


def test_the_database_lets_nobody_change_or_remove_a_paper(officer):
    paper = issue(officer)
    for act in (
        lambda: IssuedPaper.objects.filter(pk=paper.pk).update(html="x"),
        lambda: IssuedPaper.objects.filter(pk=paper.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_codes_leave_out_what_is_misread():
    assert not set("ILOU") & set(ALPHABET)
    assert read_code("ioil-2345-6789") == "101123456789"


# --- printing -------------------------------------------------------------------------


@pytest.mark.pdf
def test_every_print_is_logged_and_the_pdf_keeps_its_bytes(officer):
    paper = issue(officer)
    print_page(paper, actor=officer, at=AT)
    first = print_pdf(paper, actor=officer, at=AT)
    second = print_pdf(paper, actor=officer, at=AT + timedelta(days=1))
    assert first == second
    assert PaperPdf.objects.get().sha256 == hashlib.sha256(first).hexdigest()
    assert [row.form for row in PaperPrint.objects.all()] == ["page", "pdf", "pdf"]


@pytest.mark.pdf
@pytest.mark.parametrize(("language", "pages"), [("zh-hans", "第{}页共3页"), ("en", "Page{}of3")])
def test_every_page_of_the_pdf_says_which_of_how_many_and_who_issued_it(officer, language, pages):
    with translation.override(language):
        paper = issue(officer, note(amount=" ".join(str(n) for n in range(2600))))
        text = pdf_text(print_pdf(paper, actor=officer, at=AT))
    for number in (1, 2, 3):
        assert pages.format(number) in "".join(text.split())
    assert text.count("覃开票") == 3
    assert paper.grouped_code in text


@pytest.mark.pdf
@pytest.mark.parametrize(("language", "version"), [("zh-hans", "第2版"), ("en", "version2")])
def test_every_page_of_the_pdf_carries_number_version_and_check_code(officer, language, version):
    with translation.override(language):
        issue(officer)
        paper = issue(officer, note(amount=" ".join(str(n) for n in range(2600))))
        pages = pdf_pages(print_pdf(paper, actor=officer, at=AT))
    assert len(pages) == 3
    for text in ("".join(page.split()) for page in pages):
        assert paper.number in text
        assert version in text
        assert paper.grouped_code in text


@pytest.mark.pdf
def test_a_paper_fetches_nothing(caplog):
    pdf = as_pdf('<p>报销</p><img src="https://example.org/x.png"><img src="file:///etc/passwd">')
    assert pdf.startswith(b"%PDF-")
    refused = [record.getMessage() for record in caplog.records if "load image" in record.msg]
    assert len(refused) == 2


# --- screens --------------------------------------------------------------------------


def ask(client, number, code=""):
    client.cookies["django_language"] = "en"
    answer = client.post(reverse("admin:verify_paper"), {"number": number, "code": code})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_says_genuine_and_what_the_paper_said(client, officer):
    paper = issue(officer)
    client.force_login(officer)
    page = ask(client, paper.number, paper.grouped_code)
    assert "Genuine" in page
    assert "6,525.00" in page
    assert reverse("admin:enrollment_issuedpaper_read", args=[paper.pk]) not in page


def test_the_page_refuses_a_forgery_and_says_what_to_do(client, officer):
    client.force_login(officer)
    page = ask(client, "医保罚〔2026〕1号", "AAAA-AAAA-AAAA")
    assert "Not genuine" in page
    assert "tell your supervisor" in page


def test_without_the_permission_nothing_can_be_verified(client):
    client.force_login(make_user(["enrollment.view_person"]))
    assert client.get(reverse("admin:verify_paper")).status_code == 403


def test_the_register_shows_the_paper_to_those_who_may_read_its_kind_only(client, officer):
    paper = issue(officer)
    read = reverse("admin:enrollment_issuedpaper_read", args=[paper.pk])
    client.force_login(make_user(["enrollment.view_issuedpaper"]))
    assert client.get(read).status_code == 403
    assert not PaperPrint.objects.exists()
    client.force_login(make_user(["enrollment.view_issuedpaper", "enrollment.view_person"]))
    assert "6,525.00" in client.get(read).content.decode()
    record = reverse("admin:enrollment_issuedpaper_change", args=[paper.pk])
    assert paper.grouped_code in client.get(record).content.decode()
    assert (
        paper.number
        in client.get(reverse("admin:enrollment_issuedpaper_changelist")).content.decode()
    )
    assert PaperPrint.objects.count() == 1


def test_the_register_is_narrowed_by_the_kind_of_paper(client, officer):
    papers = [issue(officer), issue(officer, note(kind="ruling"))]
    client.force_login(make_user(["enrollment.view_issuedpaper"]))
    url = reverse("admin:enrollment_issuedpaper_changelist")
    for paper in papers:
        shown = client.get(url, {"kind": paper.kind}).context["cl"]
        assert list(shown.result_list) == [paper]
        assert not shown.faults
    # The code behind the word is no order that anybody reads.
    assert "kind_name" not in client.get(url).context["cl"].sortable


def test_the_bureaus_new_name_does_not_change_an_issued_ruling(officer):
    make_bureau()
    paper = issue(officer, note(kind="ruling"))
    Bureau.objects.update(name="新名称医疗保障局")
    assert "永顺县医疗保障局" in paper_html(issue(officer, note(kind="ruling")))
    assert issue(officer, note(kind="ruling")) == paper


def test_the_register_titles_an_english_paper_in_the_readers_language(client, officer, monkeypatch):
    with translation.override("en"):
        english = replace(
            note(), title="Notice of something", summary=(("Total cost", "6,525.00"),)
        )
        paper = issue(officer, english)
    monkeypatch.setattr(
        documents, "_kinds", {"note": PaperKind("note", "通知单", "enrollment.view_person")}
    )
    client.force_login(make_user(["enrollment.view_issuedpaper", "enrollment.view_person"]))
    url = reverse("admin:enrollment_issuedpaper_change", args=[paper.pk])
    page = client.get(url).content.decode()
    assert f"通知单 {paper.number}" in page
    assert "Notice of something" not in page
    assert "总费用" in page
    assert "Total cost" not in page
