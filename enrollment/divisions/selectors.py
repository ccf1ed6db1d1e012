"""Divisions inside a county, by code or by the name that people write."""

from collections import defaultdict

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from enrollment.bureau.selectors import current_bureau
from enrollment.divisions.expressions import TOWNSHIP_PREFIX
from enrollment.divisions.models import Division

_PREFIX = {
    Division.Level.PROVINCE: 2,
    Division.Level.CITY: 4,
    Division.Level.COUNTY: 6,
    Division.Level.TOWNSHIP: TOWNSHIP_PREFIX,
    Division.Level.VILLAGE: 12,
}


def code_prefix(division: Division) -> str:
    """The leading digits that everything inside the division shares.

    >>> code_prefix(Division(code="433127000000", level="county"))
    '433127'
    """
    return division.code[: _PREFIX[Division.Level(division.level)]]


def own_county() -> Division:
    """The bureau's county or city; raises ImproperlyConfigured before it is loaded."""
    division = current_bureau().division
    if division is None:
        raise ImproperlyConfigured(
            _("The portal does not know its county yet: load it with `manage.py load_divisions`.")
        )
    return division


class AmbiguousName(ValueError):
    """Several divisions of the county bear the name."""


class UnknownDivision(ValueError):
    """No township or village of the county has this code or name."""


class DivisionBook:
    """Townships and villages of one county, read once and looked up in memory."""

    def __init__(self, county: Division) -> None:
        self._codes: set[str] = set()
        self._names: defaultdict[str, set[str]] = defaultdict(set)
        inside = Division.objects.filter(
            code__startswith=code_prefix(county),
            level__in=(Division.Level.TOWNSHIP, Division.Level.VILLAGE),
        )
        self._labels: dict[str, str] = dict(inside.values_list("code", "name"))
        for code, name in self._labels.items():
            self._codes |= {code, code[:9]} if code.endswith("000") else {code}
            self._names[name].add(code)
            township = self._labels.get(code[:TOWNSHIP_PREFIX] + "000")
            if township is not None and township != name:
                self._names[township + name].add(code)

    def find(self, text: str) -> str:
        """The twelve-digit code of a township or village.

        Takes the code (nine digits are a township), the name, or township and village
        written together. Raises UnknownDivision or AmbiguousName.
        """
        if text in self._codes:
            return text.ljust(12, "0")
        found = self._names.get(text.replace(" ", ""), set())
        if not found:
            raise UnknownDivision(text)
        if len(found) > 1:
            raise AmbiguousName(text)
        return next(iter(found))

    def name(self, code: str) -> str:
        """The name of a code; the code itself when it is not of this county."""
        return self._labels.get(code, code)
