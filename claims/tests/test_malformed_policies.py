"""A shipped scheme spoilt in every place: refused at the place, in both languages, or harmless."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import yaml

from claims.benefit.loading import SHIPPED, parse_file, parse_scheme
from claims.benefit.parameters import SchemeError

SCHEME: dict[str, Any] = yaml.safe_load((SHIPPED / "yongshun-resident.yaml").read_text())
# What people type, copy and paste into a place that wants something else.
POISON: tuple[Any, ...] = (
    *(
        None,
        [],
        {},
        True,
        -1,
        *yaml.safe_load("[0.1, .nan, 1e9]"),
        10**400,
        "",
        " ",
        "\0",
        "x" * 5_000,
    ),
    *("-0.01", "1e3", "NaN", "Infinity", "0.1234567", "１００", "一百", "=1+1", "2026-02-30"),
    *(["a", ["b"]], {"value": {"value": "1"}}, {1: 2}, "\u202e0.70", "<b>0.70</b>"),
)
# One in so many of all pairs: places times poison are some thousands.
EVERY = 4


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of the file that holds something, from the top down."""
    if path:
        yield path
    entries = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    for key, below in entries:
        yield from places(below, (*path, key))


def spoilt(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The scheme with the value in that place."""
    scheme = deepcopy(SCHEME)
    node: Any = scheme
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return scheme


def test_whatever_stands_anywhere_is_refused_at_its_place_or_taken() -> None:
    pairs = [(path, value) for path in places(SCHEME) for value in POISON]
    refused = 0
    for path, value in pairs[::EVERY]:
        try:
            parse_scheme(spoilt(path, value))
        except SchemeError as error:
            refused += 1
            assert error.path, (path, value)
            assert error.en, (path, value)
            assert any("\u4e00" <= sign <= "\u9fff" for sign in error.say("zh")), (path, value)
    assert refused >= 200


@pytest.mark.parametrize(
    "path", list(places(SCHEME))[:60], ids=lambda path: ".".join(map(str, path))
)
def test_what_is_left_out_is_refused_or_has_a_default(path: tuple[Any, ...]) -> None:
    scheme = deepcopy(SCHEME)
    node: Any = scheme
    for key in path[:-1]:
        node = node[key]
    del node[path[-1]]
    try:
        parse_scheme(scheme)
    except SchemeError as error:
        assert error.say("zh")


SHIPPED_TEXT = (SHIPPED / "yongshun-resident.yaml").read_text()
LONG = "9" * 5_000


@pytest.mark.parametrize(
    "text",
    [
        *("[" * 800, "[" * 800 + "]" * 800, "{a: " * 800, "- " * 800, "[" * 200_000),
        *(f"code: {LONG}", f"code: 0x{LONG}", f"code: '{LONG}'", f"? {LONG}\n: 1", f"- -{LONG}"),
        *(
            SHIPPED_TEXT.replace('value: "1500.00"', f"value: {number}")
            for number in (LONG, f"0x{LONG}", f'"{LONG}"', f"{LONG}.0", f"1_{LONG}", f"1:{LONG}")
        ),
    ],
    ids=lambda text: f"{text[:12]!r}…{text[-8:]!r}",
)
def test_what_nests_without_end_or_is_too_long_is_refused_in_a_line(text: str) -> None:
    with pytest.raises(SchemeError) as refused:
        parse_file(text.encode())
    assert len(refused.value.say("zh")) < 500


@pytest.mark.parametrize("number", [10**5_000, -(10**5_000)], ids=["above", "below"])
def test_so_is_a_number_of_the_tables(number: int) -> None:
    path = next(p for p in places(SCHEME) if p[-2:] == (0, "value") and "limit" in p[-3])
    with pytest.raises(SchemeError) as refused:
        parse_scheme(spoilt(path, number))
    assert len(refused.value.say("zh")) < 500
