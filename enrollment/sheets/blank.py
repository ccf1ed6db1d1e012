"""The empty spreadsheet of a kind of file: its headers, every column as text."""

from collections.abc import Iterable
from io import BytesIO

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from enrollment.sheets.reading import Column

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTH = 18


def blank_workbook(sheet_name: str, columns: Iterable[Column]) -> bytes:
    """A workbook with one sheet; headers of required columns end with a star.

    As text, so that the spreadsheet program turns no number of eighteen digits into a figure.
    """
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet(sheet_name)
    text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True})
    for position, column in enumerate(columns):
        sheet.set_column(position, position, _WIDTH, text)
        sheet.write_string(0, position, column.title + ("*" if column.required else ""), bold)
    sheet.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()


def workbook_response(content: bytes, name: str) -> HttpResponse:
    """A download that no browser keeps."""
    header = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        content,
        content_type=XLSX,
        headers={"Content-Disposition": header or "attachment", "Cache-Control": "no-store"},
    )
