"""One line of `quote` to a JSON object, with exact numbers and nothing let through.

Numbers keep their text (no binary fractions), a key given twice is refused, and so are
NaN, unpaired surrogates and other things that JSON readers often let pass.
"""

import json
import re
from collections.abc import Iterator
from typing import IO, Any

from claims.benefit.types import ClaimRefused

LINE = "$"  # the field of an error that concerns the whole line
MAX_LINE = 64 * 1024 * 1024  # bytes; a person-year is a few kilobytes
_SURROGATE = re.compile("[\ud800-\udfff]")


class Number(str):
    """A JSON number as it was written."""

    __slots__ = ()


def physical_lines(stream: IO[bytes], limit: int = MAX_LINE) -> Iterator[tuple[int, bytes | None]]:
    """(line number from 1, bytes) for lines that are not blank; None for one too long.

    Reads on without keeping more than one line.
    """
    number = 0
    while raw := stream.readline(limit + 1):
        number += 1
        if len(raw) > limit and not raw.endswith(b"\n"):
            while raw and not raw.endswith(b"\n"):
                raw = stream.readline(limit)
            yield number, None
            continue
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if raw.strip():
            yield number, raw


def parse_line(raw: bytes | None) -> dict[str, Any]:
    """The object of a line; raises ClaimRefused with field `$` when there is none."""
    if raw is None:
        raise ClaimRefused("too_long", LINE, limit=str(MAX_LINE))
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise ClaimRefused("not_utf8", LINE) from None
    try:
        data = json.loads(
            text,
            parse_float=Number,
            parse_int=Number,
            parse_constant=Number,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        raise ClaimRefused("not_json", LINE, column=str(error.pos + 1)) from None
    except RecursionError:
        raise ClaimRefused("not_json", LINE, column="1") from None
    if not isinstance(data, dict):
        raise ClaimRefused("object", LINE)
    return data


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        seen = set()
        for key, _ in pairs:
            if key in seen:
                raise ClaimRefused("repeated_key", LINE, given=shown(key))
            seen.add(key)
    return data


def shown(value: object) -> str:
    r"""A given value as an error message may quote it: short, printable, on one line.

    >>> print(shown("a\x00b"), shown(Number("1e5")), shown(None), shown("x" * 99)[-3:])
    "a\u0000b" 1e5 null xx…
    """
    if isinstance(value, Number):
        text = str(value)
    else:
        try:
            text = json.dumps(value, ensure_ascii=False)
        except RecursionError:
            return "…"
        if not text.isprintable() or _SURROGATE.search(text):
            text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
