"""Bar charts as geometry: whole units of a drawing 720 wide, which a template turns into SVG.

Nothing is styled here: bars carry the name of a class. A chart never stands without its table;
what it leaves out, the table has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH = 720
_LONGEST_BAR = 560
_LABEL, _BAR, _GAP = 18, 14, 10
_TEXT_BESIDE = 6
# Groups that a chart shows; the others stand in the table.
MOST_ROWS = 12


@dataclass(frozen=True)
class Bar:
    """One bar from the left edge, with its figure behind it."""

    y: int
    width: int
    css: str
    text: str

    @property
    def height(self) -> int:
        """As thick as its figure is high."""
        return _BAR - 2

    @property
    def text_x(self) -> int:
        """Where the figure begins."""
        return self.width + _TEXT_BESIDE

    @property
    def text_y(self) -> int:
        """The figure's base line."""
        return self.y + _BAR - 3


@dataclass(frozen=True)
class ChartRow:
    """One group: its name, and its bars below."""

    label: str
    label_y: int
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Chart:
    """A bar chart; `legend` are pairs of class and word, `is_cut` says that rows were left out."""

    key: str
    title: str
    summary: str
    rows: Sequence[ChartRow]
    legend: Sequence[tuple[str, str]]
    height: int
    is_cut: bool

    @property
    def width(self) -> int:
        """In units of the drawing."""
        return WIDTH


@dataclass(frozen=True)
class Series:
    """One bar of a group: how long (not below zero), which class, which figure."""

    size: Decimal
    css: str
    text: str


def bar_chart(
    key: str,
    title: str,
    groups: Sequence[tuple[str, Sequence[Series]]],
    *,
    summary: str,
    legend: Sequence[tuple[str, str]] = (),
) -> Chart:
    """Groups of bars below each other, all to one scale."""
    shown = groups[:MOST_ROWS]
    largest = max((one.size for _label, series in shown for one in series), default=Decimal(0))
    rows = []
    y = 0
    for label, series in shown:
        label_y = y + _LABEL - 5
        y += _LABEL
        bars = []
        for one in series:
            bars.append(Bar(y, _length(one.size, largest), one.css, one.text))
            y += _BAR
        rows.append(ChartRow(label, label_y, bars))
        y += _GAP
    return Chart(key, title, summary, rows, legend, max(y, 1), len(groups) > len(shown))


def _length(size: Decimal, largest: Decimal) -> int:
    """In units of the drawing; what is more than nothing is seen."""
    if not size or not largest:
        return 0
    return max(int(size * _LONGEST_BAR / largest), 1)
