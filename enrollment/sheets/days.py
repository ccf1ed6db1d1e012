"""Days as people write them."""

import re
from datetime import date
from functools import lru_cache

_WRITTEN = re.compile(
    r"(?P<y>[0-9]{4})(?:(?P<sep>[-/.])(?P<m>[0-9]{1,2})(?P=sep)(?P<d>[0-9]{1,2})"
    r"|年(?P<mc>[0-9]{1,2})月(?P<dc>[0-9]{1,2})日|(?P<mp>[0-9]{2})(?P<dp>[0-9]{2}))"
)


@lru_cache(maxsize=4096)
def parse_day(text: str) -> date:
    """Read `2026-09-01`, `2026/9/1`, `2026.9.1`, `20260901` or `2026年9月1日`.

    Raises ValueError for anything else: years of two digits, other calendars, days that do
    not exist. A midnight behind the date (`2026-09-01 00:00:00`) is dropped.

    >>> parse_day("2026年9月1日")
    datetime.date(2026, 9, 1)
    """
    found = _WRITTEN.fullmatch(text.removesuffix(" 00:00:00"))
    if found is None:
        raise ValueError(f"not a date: {text[:20]}")
    part = found.groupdict()
    month = part["m"] or part["mc"] or part["mp"]
    day = part["d"] or part["dc"] or part["dp"]
    return date(int(part["y"]), int(month), int(day))
