"""Parameters and their values in the words of the documents they come from.

A parameter is named `layer kind.parameter`. Values are read in the YAML form (quoted
decimals), so that a proposal can be shown before anything is calculated with it.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from claims.benefit.layers import LAYER_KINDS
from claims.benefit.words import CODES
from claims.policies.language import reader_language
from enrollment.desk.tags import Label
from enrollment.models import Institution
from enrollment.values.money import format_yuan


class Unit(Enum):
    """How a plain value is read."""

    YUAN = "yuan"
    RATE = "rate"
    AGES = "ages"
    POINTS = "points"


class Wording(NamedTuple):
    """What a parameter is called, and the unit of its plain values."""

    label: Label
    unit: Unit


PARAMETERS: dict[str, Wording] = {
    "basic.inpatient_deductible": Wording(gettext_lazy("Inpatient deductible"), Unit.YUAN),
    "basic.inpatient_rate": Wording(gettext_lazy("Inpatient rate"), Unit.RATE),
    "basic.deductible_year_limit": Wording(
        gettext_lazy("Deductibles of a year, at most"), Unit.YUAN
    ),
    "basic.filing_points": Wording(
        gettext_lazy("Stays outside the county, points by filing"), Unit.POINTS
    ),
    "basic.inpatient_points": Wording(gettext_lazy("Inpatient, points by identity"), Unit.POINTS),
    "basic.special_rate": Wording(gettext_lazy("Special outpatient rate"), Unit.RATE),
    "basic.year_ceiling": Wording(
        gettext_lazy("Ceiling of a year, inpatient and special outpatient"), Unit.YUAN
    ),
    "basic.outpatient_rate": Wording(gettext_lazy("General outpatient rate"), Unit.RATE),
    "basic.outpatient_ceiling": Wording(
        gettext_lazy("General outpatient ceiling of a year"), Unit.YUAN
    ),
    "basic.two_diseases_rate": Wording(
        gettext_lazy("Two diseases, medicines: rate by level"), Unit.RATE
    ),
    "basic.two_diseases_ceilings": Wording(
        gettext_lazy("Two diseases, medicines: ceilings of a year"), Unit.YUAN
    ),
    "basic.maternity_rate": Wording(gettext_lazy("Births in hospital: rate"), Unit.RATE),
    "basic.maternity_limits": Wording(gettext_lazy("Births in hospital: limits"), Unit.YUAN),
    "critical_illness.deductible": Wording(gettext_lazy("Deductible of a year"), Unit.YUAN),
    "critical_illness.bands": Wording(gettext_lazy("Bands"), Unit.RATE),
    "critical_illness.year_ceiling": Wording(gettext_lazy("Ceiling of a year"), Unit.YUAN),
    "critical_illness.favours": Wording(gettext_lazy("Favours by identity"), Unit.POINTS),
    "medical_aid.rates": Wording(gettext_lazy("Rate by identity"), Unit.RATE),
    "medical_aid.year_ceiling": Wording(gettext_lazy("Ceiling of a year"), Unit.YUAN),
    "guarantee.targets": Wording(gettext_lazy("Guaranteed share of the total cost"), Unit.RATE),
    "supplementary.franchise": Wording(
        gettext_lazy("Franchise of the in-policy remainder, per claim"), Unit.YUAN
    ),
    "supplementary.in_policy_rate": Wording(gettext_lazy("In-policy rate"), Unit.RATE),
    "supplementary.out_of_policy_deductible": Wording(
        gettext_lazy("Out-of-policy deductible of a year"), Unit.YUAN
    ),
    "supplementary.out_of_policy_rate": Wording(gettext_lazy("Out-of-policy rate"), Unit.RATE),
    "supplementary.chronic_deductible": Wording(
        gettext_lazy("Chronic outpatient deductible of a year"), Unit.YUAN
    ),
    "supplementary.chronic_rate": Wording(gettext_lazy("Chronic outpatient rate"), Unit.RATE),
}

PARAMETERS |= {
    f"{kind}.age_groups": Wording(gettext_lazy("Age groups"), Unit.AGES) for kind in LAYER_KINDS
}


def label_of(kind: str, parameter: str) -> Label:
    """The parameter's name; an unknown one by its code."""
    wording = PARAMETERS.get(f"{kind}.{parameter}")
    return wording.label if wording else parameter


def lines_of(kind: str, parameter: str, value: Any) -> list[str]:
    """A value in words, one line an entry; what ended is said so."""
    if value is None:
        return [_("no longer holds")]
    wording = PARAMETERS.get(f"{kind}.{parameter}")
    unit = wording.unit if wording else Unit.YUAN
    if isinstance(value, Mapping):
        return [
            _("%(what)s: %(value)s") % {"what": word_for(key), "value": _entry(one, unit)}
            for key, one in sorted(value.items(), key=_by_level)
        ]
    if isinstance(value, list):
        return [_band(band) for band in value]
    return [_plain(value, unit)]


def _by_level(entry: tuple[str, Any]) -> int:
    """Township before county before city; what is no level keeps its place behind them."""
    levels: list[str] = Institution.Level.values
    return levels.index(entry[0]) if entry[0] in levels else len(levels)


def word_for(code: str) -> str:
    """A level, filing, identity or place in words."""
    if code in Institution.Level.values:
        return str(Institution.Level(code).label)
    if code == "in_county":
        return _("in the county")
    known = CODES.get(code)
    return known.in_(reader_language()) if known else code


def _entry(value: Any, unit: Unit) -> str:
    if not isinstance(value, Mapping):
        return _plain(value, unit)
    parts = [_FIELDS[name](part) for name, part in value.items() if name in _FIELDS and part]
    if not parts:  # a table of rates by place
        parts = [f"{word_for(name)} {_percent(part)}" for name, part in value.items()]
    return pgettext("between listed words", ", ").join(parts)


def _plain(value: Any, unit: Unit) -> str:
    if unit is Unit.YUAN:
        return _("%(amount)s yuan") % {"amount": format_yuan(Decimal(str(value)))}
    return _percent(value) if unit is Unit.RATE else _points(value)


def _band(band: Mapping[str, Any]) -> str:
    words = {"rate": _percent(band["rate"])}
    if "upto" not in band:
        return _("above: %(rate)s") % words
    upto = format_yuan(Decimal(str(band["upto"])))
    return _("to %(upto)s yuan: %(rate)s") % {**words, "upto": upto}


def _percent(value: Any) -> str:
    """`0.75` as `75%`, all decimals kept.

    >>> _percent("0.755"), _percent("1"), _percent("-0.05")
    ('75.5%', '100%', '-5%')
    """
    return f"{_trimmed(Decimal(str(value)) * 100)}%"


def _points(value: Any) -> str:
    points = Decimal(str(value)) * 100
    sign = "+" if points > 0 else ""
    return _("%(points)s points") % {"points": f"{sign}{_trimmed(points)}"}


def _trimmed(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_FIELDS: dict[str, Callable[[Any], str]] = {
    "deductible_factor": lambda value: _("deductible × %(rate)s") % {"rate": _percent(value)},
    "points": _points,
    "unlimited": lambda _value: _("no ceiling"),
    "under": lambda value: _("under %(years)s years") % {"years": value},
    "from": lambda value: _("from %(years)s years") % {"years": value},
}
