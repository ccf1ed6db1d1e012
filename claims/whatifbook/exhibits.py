"""What a run shows: each table with its formula and its chart, for the page and the workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from claims.whatif.figures import Figures, GroupFigure, LayerFigure, Pair, PeopleFigure
from claims.whatif.sums import DIMENSIONS
from claims.whatifbook.charts import Chart, Series, bar_chart
from claims.whatifbook.words import (
    band_label,
    change_percent,
    group_label,
    layer_label,
    payer_label,
    signed,
)
from enrollment.values.money import ZERO, format_yuan

Value = str | int | Decimal


@dataclass(frozen=True)
class Cell:
    """A word, a count or an amount of yuan."""

    value: Value

    @property
    def is_money(self) -> bool:
        """Whether it is an amount."""
        return isinstance(self.value, Decimal)

    @property
    def is_count(self) -> bool:
        """Whether it is a number of claims or residents."""
        return isinstance(self.value, int)

    @property
    def is_number(self) -> bool:
        """Whether it stands on the right."""
        return not isinstance(self.value, str) or self.value.endswith("%")


@dataclass(frozen=True)
class Exhibit:
    """A table with its formula, its rows and, mostly, its chart. The last row may be the sum."""

    key: str
    title: str
    formula: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] = ()
    chart: Chart | None = None

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """Each head with whether its column holds numbers."""
        first = self.rows[0] if self.rows else [Cell("")] * len(self.head)
        pairs = zip(self.head, first, strict=True)
        return [(head, place > 0 and cell.is_number) for place, (head, cell) in enumerate(pairs)]


def exhibits_of(figures: Figures, *, wide: bool = False) -> list[Exhibit]:
    """All tables in the order of the page; `wide` ones have columns for each layer."""
    return [
        _layers(figures),
        *(_group(figures, name, wide=wide) for name in DIMENSIONS),
        _bands(figures),
        *(_people(figures, name) for name in ("identity", "age")),
    ]


def _layers(figures: Figures) -> Exhibit:
    return Exhibit(
        key="layers",
        title=_("Cost by layer"),
        formula=_(
            "Approved and draft = what the layer pays on all claims of the year, each claim "
            "calculated by that policy from empty yearly counters; difference = draft − approved."
        ),
        head=[
            _("Layer"),
            _("Payer"),
            _("Claims it pays on, approved"),
            _("Claims it pays on, draft"),
            *_pair_head(),
        ],
        rows=[
            _cells(
                layer_label(one),
                payer_label(one.payer),
                one.base_claims,
                one.draft_claims,
                *_pair(one),
            )
            for one in figures.layers
        ],
        total=_cells(_("In all"), "", "", "", *_pair(figures.whole)),
        chart=_pair_chart(
            "layers", _("Cost by layer"), [(layer_label(one), one) for one in figures.layers]
        ),
    )


def dimension_title(dimension: str) -> str:
    """By what the claims are grouped."""
    return {
        "identity": _("Cost by identity"),
        "level": _("Cost by institution level"),
        "place": _("Cost by place of care"),
        "kind": _("Cost by kind of care"),
        "age": _("Cost by age"),
    }[dimension]


def _group(figures: Figures, dimension: str, *, wide: bool) -> Exhibit:
    groups = figures.groups[dimension]
    layers = figures.layers if wide else ()
    title = dimension_title(dimension)
    return Exhibit(
        key=dimension,
        title=title,
        formula=_group_formula(dimension),
        head=[
            _("Group"),
            _("Claims"),
            _("Claims paid more"),
            _("Claims paid less"),
            _("Total cost"),
            *_pair_head(),
            *(text for layer in layers for text in _layer_head(layer)),
        ],
        rows=[_group_row(group_label(dimension, one.key), one, wide=wide) for one in groups],
        total=_group_row(_("In all"), figures.whole, wide=wide),
        chart=_pair_chart(
            dimension, title, [(group_label(dimension, one.key), one) for one in groups]
        ),
    )


def _group_formula(dimension: str) -> str:
    """What decides the group of a claim."""
    return {
        "identity": _(
            "Identity = all assistance identities of the resident on the day of discharge; who "
            "has several stands in the group of just those. The groups add up to the whole."
        ),
        "level": _("Level = that of the institution. The groups add up to the whole."),
        "place": _(
            "Place = whether the institution lies in the county. The groups add up to the whole."
        ),
        "kind": _("Kind = that of the claim. The groups add up to the whole."),
        "age": _("Age = completed years on the day of discharge. The groups add up to the whole."),
    }[dimension]


def _bands(figures: Figures) -> Exhibit:
    title = _("Who gains and who loses")
    return Exhibit(
        key="bands",
        title=title,
        formula=_(
            "Change of a resident = what all layers pay on the resident's claims of the year "
            "under the draft − under the approved policy. Each resident with a settled claim is "
            "counted once."
        ),
        head=[_("Change in the year"), _("Residents"), _("Changes together")],
        rows=[_cells(band_label(one), one.persons, one.sum) for one in figures.bands],
        total=_cells(_("In all"), figures.people.persons, figures.whole.difference),
        chart=bar_chart(
            "bands",
            title,
            [
                (
                    band_label(one),
                    [
                        Series(
                            Decimal(one.persons),
                            _tone(one.number),
                            _("%(count)s residents, %(sum)s yuan")
                            % {"count": f"{one.persons:,}", "sum": signed(one.sum)},
                        )
                    ],
                )
                for one in figures.bands
            ],
            summary=_("%(gainers)s residents gain, %(losers)s lose, %(same)s stay as they are.")
            % {
                "gainers": f"{figures.people.gainers:,}",
                "losers": f"{figures.people.losers:,}",
                "same": f"{figures.people.unchanged:,}",
            },
        ),
    )


def _people(figures: Figures, dimension: str) -> Exhibit:
    title = (
        _("Gains and losses by identity")
        if dimension == "identity"
        else _("Gains and losses by age")
    )
    groups = figures.people_by[dimension]
    return Exhibit(
        key=f"people_{dimension}",
        title=title,
        formula=_(
            "Each resident stands once, with the identity and age of the year's last claim; "
            "gained and lost = sums of the residents' changes, never set against each other; "
            "net = gained − lost."
        ),
        head=[
            _("Group"),
            _("Residents"),
            _("Gain"),
            _("Lose"),
            _("No change"),
            _("Gained"),
            _("Lost"),
            _("Net"),
        ],
        rows=[_people_row(group_label(dimension, one.key), one) for one in groups],
        total=_people_row(_("In all"), figures.people),
        chart=bar_chart(
            f"people_{dimension}",
            title,
            [
                (
                    group_label(dimension, one.key),
                    [
                        Series(one.gained, "bar-gain", signed(one.gained)),
                        Series(one.lost, "bar-loss", signed(-one.lost)),
                    ],
                )
                for one in groups
            ],
            legend=[("bar-gain", _("gained")), ("bar-loss", _("lost"))],
            summary=_("Gained %(gained)s yuan, lost %(lost)s yuan.")
            % {
                "gained": format_yuan(figures.people.gained),
                "lost": format_yuan(figures.people.lost),
            },
        ),
    )


def _pair_chart(key: str, title: str, pairs: Sequence[tuple[str, Pair]]) -> Chart:
    whole = sum((one.difference for _label, one in pairs), ZERO)
    return bar_chart(
        key,
        title,
        [
            (
                label,
                [
                    Series(one.base, "bar-base", format_yuan(one.base)),
                    Series(
                        one.draft,
                        "bar-draft",
                        f"{format_yuan(one.draft)}  ({signed(one.difference)})",
                    ),
                ],
            )
            for label, one in pairs
        ],
        legend=[
            ("bar-base", pgettext("chart", "approved policy")),
            ("bar-draft", pgettext("chart", "draft")),
        ],
        summary=_("Difference in all: %(amount)s yuan.") % {"amount": signed(whole)},
    )


def _pair_head() -> list[str]:
    return [_("Approved"), _("Draft"), _("Difference"), pgettext("in percent", "Change")]


def _layer_head(layer: LayerFigure) -> list[str]:
    name = layer_label(layer)
    return [
        _("%(layer)s, approved") % {"layer": name},
        _("%(layer)s, draft") % {"layer": name},
    ]


def _pair(pair: Pair) -> list[Value]:
    return [pair.base, pair.draft, pair.difference, change_percent(pair.base, pair.draft)]


def _group_row(label: str, group: GroupFigure, *, wide: bool) -> list[Cell]:
    layers = [amount for one in group.layers for amount in (one.base, one.draft)] if wide else []
    return _cells(label, group.claims, group.more, group.less, group.total, *_pair(group), *layers)


def _people_row(label: str, people: PeopleFigure) -> list[Cell]:
    return _cells(
        label,
        people.persons,
        people.gainers,
        people.losers,
        people.unchanged,
        people.gained,
        people.lost,
        people.gained - people.lost,
    )


def _cells(*values: Value) -> list[Cell]:
    return [Cell(value) for value in values]


def _tone(band: int) -> str:
    if not band:
        return "bar-base"
    return "bar-gain" if band > 0 else "bar-loss"
