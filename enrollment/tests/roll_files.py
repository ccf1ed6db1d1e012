"""Rolls written to disk in every form that the bureau's partners send."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from enrollment.roll.columns import COLUMNS

ZH = {column.key: column.title for column in COLUMNS}

ZHANG = {
    "id_number": "433127198005170012",
    "name": "张三",
    "sex": "男",
    "born_on": "1980-05-17",
    "division": "灵溪镇",
    "household_no": "H001",
    "category": "普通",
    "phone": "13800001234",
    "account_no": "6222026000001234",
    "account_name": "张三",
    "paid": "400.00",
    "paid_on": "2025-10-08",
}
LI = {
    **ZHANG,
    "id_number": "43312719810203002X",
    "name": "李秀英",
    "sex": "女",
    "born_on": "1981-02-03",
    "category": "低保",
    "account_no": "6222026000005678",
    "account_name": "李秀英",
    "paid": "200",
}


def write_csv(
    path: Path,
    rows: Iterable[Mapping[str, Any]],
    *,
    keys: Iterable[str] = ZH,
    headers: Mapping[str, str] = ZH,
    encoding: str = "utf-8",
    delimiter: str = ",",
) -> Path:
    """A CSV with one header row."""
    keys = list(keys)
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow([headers.get(key, key) for key in keys])
        for row in rows:
            writer.writerow([row.get(key, "") for key in keys])
    return path


def write_xlsx(
    path: Path,
    rows: Iterable[Mapping[str, Any]],
    *,
    keys: Iterable[str] = ZH,
    headers: Mapping[str, str] = ZH,
) -> Path:
    """An XLSX whose cells keep their types."""
    keys = list(keys)
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, [headers.get(key, key) for key in keys])
    for line, row in enumerate(rows, 1):
        sheet.write_row(line, 0, [row.get(key, "") for key in keys])
    book.close()
    return path
