"""What if on the screen: asking, progress, charts with tables, the workbook, one resident."""

import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from python_calamine import CalamineWorkbook

from claims.benefit.loading import shipped_schemes
from claims.models import WhatIfRun
from claims.policies.services import withdraw_proposal
from claims.tests.night import settle
from claims.tests.test_policies import CODE, OFFICER
from claims.tests.test_whatif_comparison import fact
from claims.tests.whatif_year import LOWER_RATES, YEAR, draft_data, propose, run, three_residents
from claims.whatif.comparison import compare
from claims.whatif.figures import BandFigure, figures_of
from claims.whatif.locks import working_on
from claims.whatif.services import ask_what_if
from claims.whatifbook.charts import MOST_ROWS, Series, bar_chart
from claims.whatifbook.exhibits import exhibits_of
from claims.whatifbook.words import band_label, change_percent, group_label
from enrollment.models import Export, RecordReading
from enrollment.tests.factories import TOWNSHIP, make_bureau, make_user

RIGHTS = [
    *OFFICER,
    "claims.view_whatifrun",
    "claims.run_whatif",
    "claims.view_claim",
    "enrollment.view_person",
]


@pytest.fixture
def people(db: None) -> Any:
    make_bureau()
    found = three_residents()
    settle()
    return found


@pytest.fixture
def officer(client: Any, people: Any) -> Any:
    user = make_user(RIGHTS)
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return user


@pytest.fixture
def draft(people: Any) -> Any:
    return propose(draft_data(special_rate="0.80", inpatient_rate=LOWER_RATES))


def page(client: Any, made: WhatIfRun) -> str:
    response = client.get(reverse("admin:claims_whatifrun_change", args=[made.pk]))
    assert response.status_code == 200
    return str(response.content.decode())


def test_an_officer_asks_from_the_proposal_and_lands_on_the_run(
    client: Any, officer: Any, draft: Any
) -> None:
    proposal = reverse("admin:claims_policyproposal_change", args=[draft.pk])
    ask = reverse("admin:claims_whatif_ask", args=[draft.pk])
    assert ask in client.get(proposal).content.decode()
    assert "2026" in client.get(ask).content.decode()
    response = client.post(ask, {"year": YEAR})
    made = WhatIfRun.objects.get()
    run_page = reverse("admin:claims_whatifrun_change", args=[made.pk])
    assert response.headers["Location"] == run_page
    assert (made.asked_by, made.state, made.year) == (officer, "waiting", YEAR)
    assert "Waiting for a worker" in page(client, made)
    assert run_page in client.get(proposal).content.decode()
    again = client.post(ask, {"year": YEAR})
    assert str(made) in again.content.decode()
    assert client.post(ask, {"year": 1999}).status_code == 200
    assert WhatIfRun.objects.count() == 1


def test_a_withdrawn_draft_is_not_run(client: Any, officer: Any, draft: Any) -> None:
    withdraw_proposal(draft, actor=officer, at=timezone.now(), note="撤回")
    ask = reverse("admin:claims_whatif_ask", args=[draft.pk])
    assert "rejected or withdrawn" in client.get(ask).content.decode()
    client.post(ask, {"year": YEAR})
    assert not WhatIfRun.objects.exists()


def test_the_progress_tells_waiting_work_and_interruption(
    client: Any, officer: Any, draft: Any
) -> None:
    made = ask_what_if(draft, YEAR, actor=officer, at=timezone.now(), send=False)
    url = reverse("admin:claims_whatifrun_progress", args=[made.pk])
    assert "Waiting for a worker" in client.get(url).content.decode()
    WhatIfRun.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    start = reverse("admin:claims_whatifrun_start", args=[made.pk])
    assert start in client.get(url).content.decode()
    WhatIfRun.objects.update(state="running", expected=4, done=3, starts=1)
    with working_on(made.pk):
        working = client.get(url).content.decode()
        assert "3 / 4" in working
        assert start not in working
        assert client.get(url, {"state": "waiting"}).headers["HX-Refresh"] == "true"
    interrupted = client.get(url)
    assert "interrupted" in interrupted.content.decode()
    assert "HX-Refresh" not in interrupted.headers
    WhatIfRun.objects.update(state="failed", finished_at=timezone.now())
    assert client.get(url).headers["HX-Refresh"] == "true"


def test_the_page_shows_each_chart_with_its_table_and_formula(
    client: Any, officer: Any, draft: Any
) -> None:
    made = run(draft)
    text = page(client, made)
    for exhibit in ("layers", "identity", "level", "place", "kind", "age", "bands"):
        part = text.split(f'aria-labelledby="exhibit-{exhibit}"')[1].split("</section>")[0]
        assert part.count("<svg") == part.count("<table") == part.count('class="formula"') == 1
        assert f'id="chart-{exhibit}-title"' in part
    layers = text.split('aria-labelledby="exhibit-layers"')[1].split("</section>")[0]
    figures = re.findall(r'class="money">([^<]*)<', layers.split("<tfoot>")[1])
    assert figures == ["17,662.50", "17,245.00", "-417.50"]
    assert "−2.36%" in layers
    assert "15,650.00" in layers.split("</svg>")[0]
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|<style", text.split("<main")[-1])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_word_of_the_page_is_in_the_readers_language(
    client: Any, officer: Any, draft: Any, language: str
) -> None:
    made = run(draft)
    with translation.override(language):
        tables = exhibits_of(figures_of(made))
    words = " ".join(
        text for one in tables for text in (one.title, one.formula, *one.head, one.rows[0][0].value)
    )
    assert bool(re.search(r"[\u4e00-\u9fff]", words)) == (language == "zh-hans")
    if language == "zh-hans":
        assert not re.search(r"[A-Za-z]{3,}", words)


def test_the_largest_changes_lead_to_the_residents_claims_with_all_steps(
    client: Any, officer: Any, draft: Any, people: Any
) -> None:
    made = run(draft)
    _first, second, third = people
    url = reverse("admin:claims_whatifrun_resident", args=[made.pk, third.pk])
    text = page(client, made)
    losses = text.split('id="residents-losers"')[1].split("</section>")[0]
    assert losses.index(second.name) < losses.index(third.name)
    assert url in losses
    readings = RecordReading.objects.filter(person=third).count()
    shown = client.get(url).content.decode()
    assert "70%" in shown
    assert "80%" in shown
    assert "-475.00" in shown  # the stay, basic layer
    assert "332.50" in shown  # medical aid takes 70 % of it
    assert "-42.50" in shown.split("</dl>")[0]
    assert RecordReading.objects.filter(person=third).count() == readings + 1
    nobody = reverse("admin:claims_whatifrun_resident", args=[made.pk, 10**9])
    assert client.get(nobody).status_code == 404


def test_who_may_not_see_residents_sees_figures_without_names(
    client: Any, officer: Any, draft: Any, people: Any
) -> None:
    made = run(draft)
    client.force_login(make_user(["claims.view_whatifrun"]))
    text = page(client, made)
    assert 'id="residents-losers"' not in text
    assert not any(one.name in text for one in people)
    url = reverse("admin:claims_whatifrun_resident", args=[made.pk, people[0].pk])
    assert client.get(url).status_code == 403


def test_who_only_reads_starts_nothing(client: Any, officer: Any, draft: Any) -> None:
    made = ask_what_if(draft, YEAR, actor=officer, at=timezone.now(), send=False)
    reader = make_user(["claims.view_whatifrun", "claims.view_policyproposal"])
    client.force_login(reader)
    ask = reverse("admin:claims_whatif_ask", args=[draft.pk])
    proposal = client.get(reverse("admin:claims_policyproposal_change", args=[draft.pk]))
    assert ask not in proposal.content.decode()
    assert str(made) in proposal.content.decode()
    for url in (ask, reverse("admin:claims_whatifrun_start", args=[made.pk])):
        assert client.post(url, {"year": YEAR}).status_code == 403
    assert client.get(reverse("admin:claims_whatifrun_change", args=[made.pk])).status_code == 200
    assert WhatIfRun.objects.count() == 1


def test_who_works_for_one_township_sees_nothing_of_it(
    client: Any, officer: Any, draft: Any
) -> None:
    made = run(draft)
    client.force_login(make_user(RIGHTS, divisions=[TOWNSHIP]))
    proposal = client.get(reverse("admin:claims_policyproposal_change", args=[draft.pk]))
    assert str(made) not in proposal.content.decode()
    assert reverse("admin:claims_whatif_ask", args=[draft.pk]) not in proposal.content.decode()
    for name, args in (
        ("whatif_ask", [draft.pk]),
        ("whatifrun_progress", [made.pk]),
        ("whatifrun_start", [made.pk]),
        ("whatifrun_workbook", [made.pk]),
        ("whatifrun_resident", [made.pk, 1]),
    ):
        assert client.get(reverse(f"admin:claims_{name}", args=args)).status_code == 403
    assert client.get(reverse("admin:claims_whatifrun_change", args=[made.pk])).status_code == 302


def test_the_workbook_has_the_pages_tables_as_numbers_and_no_name(
    client: Any, officer: Any, draft: Any, people: Any
) -> None:
    made = run(draft)
    response = client.get(reverse("admin:claims_whatifrun_workbook", args=[made.pk]))
    assert "no-store" in response.headers["Cache-Control"]
    book = CalamineWorkbook.from_filelike(BytesIO(response.content))
    assert len(book.sheet_names) == 12
    basic = book.get_sheet_by_name("Cost by layer").to_python()[1]
    # Excel keeps every number as a float; what it shows has two decimals.
    assert [f"{value:.2f}" for value in basic[4:7]] == ["15650.00", "14900.00", "-750.00"]
    cells = [
        str(cell)
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for cell in row
    ]
    assert not any(one.name in cell for one in people for cell in cells)
    logged = Export.objects.get()
    assert (logged.list, logged.actor, logged.state) == ("claims.whatifrun", officer, "sent")
    assert str(made) in logged.filters
    waiting = ask_what_if(draft, YEAR, actor=officer, at=timezone.now(), send=False)
    unfinished = reverse("admin:claims_whatifrun_workbook", args=[waiting.pk])
    assert client.get(unfinished).status_code == 404


def test_a_title_that_looks_like_a_formula_stays_text(
    client: Any, officer: Any, people: Any
) -> None:
    made = run(propose(draft_data(special_rate="0.80"), title='=HYPERLINK("x")'))
    response = client.get(reverse("admin:claims_whatifrun_workbook", args=[made.pk]))
    with ZipFile(BytesIO(response.content)) as archive:
        parts = [archive.read(name).decode() for name in archive.namelist()]
    assert any("=HYPERLINK(" in part for part in parts)
    assert not any("<f>" in part for part in parts if "<worksheet" in part)


def test_what_was_left_out_is_said_with_reason_amount_and_claim(
    client: Any, officer: Any, draft: Any, people: Any
) -> None:
    scheme = shipped_schemes()[CODE]
    claim = people[0].claims.get()
    broken = fact(1, claim.pk, total=100, excluded=200)
    found = compare(scheme, scheme, [fact(1, 0), broken])
    made = WhatIfRun.objects.create(
        proposal=draft,
        year=YEAR,
        base_scheme=CODE,
        base_version=0,
        over_version=0,
        state="done",
        result={**found, "settled": [["basic", "fund", 70_000]]},
        asked_at=timezone.now(),
        finished_at=timezone.now(),
    )
    text = page(client, made)
    notice = text.split("1 claim cannot be calculated")[1].split("</div>")[0]
    assert claim.number in notice
    assert reverse("admin:claims_claim_change", args=[claim.pk]) in notice
    assert "approved 0.00, draft 0.00" in notice
    assert "Really paid − approved − left out = 0.00 yuan" in text


def test_pages_take_a_bounded_number_of_statements(
    client: Any, officer: Any, draft: Any, django_assert_max_num_queries: Any
) -> None:
    made = run(draft)
    client.get(reverse("admin:claims_whatifrun_change", args=[made.pk]))
    with django_assert_max_num_queries(14):
        page(client, made)
    with django_assert_max_num_queries(12):
        client.get(reverse("admin:claims_whatifrun_changelist"))


# --- words and drawings, without a page ----------------------------------------------------------


def test_bars_are_drawn_to_one_scale_and_what_is_more_than_nothing_is_seen() -> None:
    sizes = ["0.00", "0.01", "50.00", "100.00"]
    groups = [(size, [Series(Decimal(size), "bar-base", size)]) for size in sizes]
    chart = bar_chart("k", "t", groups, summary="")
    assert [row.bars[0].width for row in chart.rows] == [0, 1, 280, 560]
    assert chart.rows[-1].bars[0].y + chart.rows[-1].bars[0].height < chart.height
    many = bar_chart("k", "t", groups * MOST_ROWS, summary="")
    assert (len(many.rows), many.is_cut, chart.is_cut) == (MOST_ROWS, True, False)
    assert bar_chart("k", "t", [], summary="").rows == []


@pytest.mark.parametrize(
    ("number", "above", "upto", "text"),
    [
        (0, "0.00", "0.00", "No change in the year"),
        (1, "0.00", "100.00", "Gain of up to 100 yuan"),
        (-2, "100.00", "1000.00", "Loss of more than 100, up to 1,000 yuan"),
        (5, "20000.00", None, "Gain of more than 20,000 yuan"),
    ],
)
def test_a_band_is_said_with_its_ends(number: int, above: str, upto: str | None, text: str) -> None:
    band = BandFigure(
        number, Decimal(above), None if upto is None else Decimal(upto), 0, Decimal("0.00")
    )
    with translation.override("en"):
        assert band_label(band) == text


def test_groups_are_said_in_words() -> None:
    with translation.override("en"):
        assert group_label("identity", "") == "No assistance identity"
        assert group_label("identity", "at_risk,low_income") == "At risk of poverty + Low income"
        assert group_label("age", "7") == "7–17 years"
        assert group_label("age", "80") == "80 years and over"
        assert group_label("age", "") == "Age not known"
        assert group_label("level", "") == "Level not recorded"
        assert change_percent(Decimal("0.00"), Decimal("5.00")) == "—"
        assert change_percent(Decimal("3.00"), Decimal("4.00")) == "+33.33%"


def test_groups_stand_in_the_order_in_which_people_read_them() -> None:
    scheme = shipped_schemes()[CODE]
    levels = ("province", "township", "city", "county")
    marks = ("low_income", "", "at_risk,low_income", "at_risk")
    facts = [
        fact(n, n, level=level, identities=mark)
        for n, (level, mark) in enumerate(zip(levels, marks, strict=True))
    ]
    found = compare(scheme, scheme, facts)
    made = WhatIfRun(result={**found, "settled": []})
    groups = figures_of(made).groups
    assert [one.key for one in groups["level"]] == ["township", "county", "city", "province"]
    assert [one.key for one in groups["identity"]] == [
        "",
        "at_risk",
        "low_income",
        "at_risk,low_income",
    ]
