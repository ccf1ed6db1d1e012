"""The filtered list in the columns of the import, to be changed and read in again."""

import csv
import io
from collections.abc import Iterator

import xlsxwriter
from django.db.models import QuerySet

from enrollment.institutions import columns
from enrollment.institutions.models import Institution
from enrollment.sheets.rejects import harmless

# Accounts stay in the portal.
COLUMNS = (
    columns.CODE,
    columns.NAME,
    columns.CREDIT_CODE,
    columns.KIND,
    columns.LEVEL,
    columns.DIVISION,
    columns.PARENT,
    columns.AGREEMENT_FROM,
    columns.AGREEMENT_TO,
    columns.ADDRESS,
)
_KIND_WORDS = {
    Institution.Kind.HOSPITAL.value: "医院",
    Institution.Kind.OUTPATIENT.value: "门诊部",
    Institution.Kind.PHARMACY.value: "药店",
    Institution.Kind.VILLAGE_CLINIC.value: "村卫生室",
}
_LEVEL_WORDS = {
    Institution.Level.TOWNSHIP.value: "乡镇级",
    Institution.Level.COUNTY.value: "县级",
    Institution.Level.CITY.value: "市级",
    Institution.Level.PROVINCE.value: "省级",
}


def table(institutions: QuerySet[Institution]) -> Iterator[tuple[str, ...]]:
    """Header and rows as text, one row an agreement; three statements."""
    yield tuple(column.title for column in COLUMNS)
    rows = institutions.select_related("parent").prefetch_related("agreements")
    for row in rows:
        facts = (
            row.code,
            row.name,
            row.credit_code,
            _KIND_WORDS[row.kind],
            _LEVEL_WORDS[row.level],
            row.division_id or "",
            row.parent.code if row.parent else "",
        )
        agreements = sorted((one.starts_on, one.ends_on) for one in row.agreements.all())
        if not agreements:
            yield (*facts, "", "", row.address)
        for first, last in agreements:
            yield (*facts, first.isoformat(), last.isoformat(), row.address)


def as_csv(rows: Iterator[tuple[str, ...]]) -> bytes:
    """UTF-8 with a BOM for Excel; no cell is taken for a formula."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    return stream.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Iterator[tuple[str, ...]]) -> bytes:
    """Every cell as plain text, so that codes keep their digits."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.set_column(0, len(COLUMNS) - 1, 20)
    sheet.freeze_panes(1, 0)
    for line, row in enumerate(rows):
        for position, cell in enumerate(row):
            sheet.write_string(line, position, cell)
    book.close()
    return stream.getvalue()
