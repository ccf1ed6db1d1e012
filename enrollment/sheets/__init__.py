"""Spreadsheets that come in, and the workbook of what was rejected.

Every file import reads through this room, so that they all take the same files (first sheet
of an XLSX, or CSV in UTF-8 with or without BOM or GB18030; headers in Chinese or English in
any order) and refuse in the same words:

    COLUMNS = (
        Column("visit_no", "就诊流水号", required=True),
        Column("total", "总费用", required=True),
        Column("diagnosis", "诊断编码"),
    )
    sheet = open_sheet(Path(file), COLUMNS)        # SheetRefused: the file cannot be read
    for text in sheet.warnings:                    # unknown columns
        command.note(text)
    with open_rejects(out_path) as rejects:        # None writes nowhere and only counts
        for row in sheet.rows():
            if row.fault:
                rejects.add(row.fault)
                continue
            visit_no, total, diagnosis = row.cells  # in the order of COLUMNS, stripped text
            ...
            try:
                ...                                # raise RowFault(COLUMNS[1].title, why, remedy)
            except RowFault as fault:
                rejects.add(fault.at(row.line))
    rejects.count

`row.line` is the row number as the spreadsheet shows it. A column that the file lacks gives
empty cells (`sheet.has("total")` tells). Dates come as ISO text from date cells; read them,
and those that people typed, with `parse_day`. Numbers of fifteen and more digits in number
cells have lost digits: they come as `4.33127E+17`, which the identifiers refuse.
"""

from enrollment.sheets.days import parse_day
from enrollment.sheets.reading import Column, Row, Sheet, SheetRefused, open_sheet
from enrollment.sheets.rejects import Reject, Rejects, RowFault, open_rejects
from enrollment.sheets.sources import count_rows, is_workbook

__all__ = [
    "Column",
    "Reject",
    "Rejects",
    "Row",
    "RowFault",
    "Sheet",
    "SheetRefused",
    "count_rows",
    "is_workbook",
    "open_rejects",
    "open_sheet",
    "parse_day",
]
