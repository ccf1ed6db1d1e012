"""A run as a workbook: what was compared, then one sheet for each table, with its chart.

No resident is named in it: the largest changes carry identity, age group and amounts alone.
"""

from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from claims.whatif.figures import ResidentFigure, figures_of
from claims.whatif.models import WhatIfRun
from claims.whatifbook.exhibits import Exhibit, exhibits_of
from claims.whatifbook.words import group_label
from enrollment.exports.files import XlsxWriter
from enrollment.exports.rows import Cell

# The columns of a table that its chart draws: approved and draft, or the counts.
_DRAWN = {"layers": (4, 5), "bands": (1,), "people_identity": (5, 6), "people_age": (5, 6)}
_GROUP_DRAWN = (5, 6)


def write_workbook(run: WhatIfRun, facts: Sequence[tuple[str, str]], path: Path) -> int:
    """Write the run to `path`; returns the rows written. `facts` say what was compared."""
    figures = figures_of(run)
    tables = exhibits_of(figures, wide=True)
    writer = XlsxWriter(path, [_("What was compared"), ""], _("Explanation"))
    try:
        about = [*facts, *((table.title, table.formula) for table in tables)]
        writer.rows(about)
        count = len(about)
        for table in tables:
            count += _write(writer, table)
        for title, residents in (
            (_("Largest gains"), figures.gainers),
            (_("Largest losses"), figures.losers),
        ):
            writer.begin_sheet(title, _resident_head())
            writer.rows(_resident_row(place, one) for place, one in enumerate(residents, start=1))
            count += len(residents)
    finally:
        writer.close()
    return count


def _write(writer: XlsxWriter, table: Exhibit) -> int:
    writer.begin_sheet(table.title, table.head)
    writer.rows([cell.value for cell in row] for row in table.rows)
    if table.total:
        writer.rows([[cell.value for cell in table.total]])
    if table.rows:
        writer.bars(table.title, _DRAWN.get(table.key, _GROUP_DRAWN), rows=len(table.rows))
    return len(table.rows) + bool(table.total)


def _resident_head() -> list[str]:
    return [
        _("No."),
        _("Assistance identity"),
        _("Age"),
        _("Claims"),
        _("Approved"),
        _("Draft"),
        _("Difference"),
    ]


def _resident_row(place: int, one: ResidentFigure) -> list[Cell]:
    return [
        place,
        group_label("identity", one.identity),
        group_label("age", one.age),
        one.claims,
        one.base,
        one.draft,
        one.difference,
    ]
