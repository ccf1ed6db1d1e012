"""Reads the articles from their dated YAML."""

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from enrollment.values.periods import Period
from supervision.statutes.types import Article, FineKind, FineRule, OnlyIf, Subject, Text

ARTICLES_FILE = Path(__file__).with_name("articles.yaml")


class StatuteError(ValueError):
    """The file of articles contradicts itself; the message names the code."""


@cache
def articles() -> dict[str, tuple[Article, ...]]:
    """All wordings by code, oldest first; codes in the order of the file."""
    return read_articles(ARTICLES_FILE.read_text(encoding="utf-8"))


def read_articles(text: str) -> dict[str, tuple[Article, ...]]:
    """Parse the YAML of articles.

    Raises StatuteError when two wordings of one code are in force on the same day.
    """
    data = yaml.safe_load(text)
    laws = {key: _text(value) for key, value in data["laws"].items()}
    found: dict[str, list[Article]] = {}
    for group in data["groups"]:
        for item in group["items"]:
            article = _article(laws, group, item)
            found.setdefault(article.code, []).append(article)
    for code, wordings in found.items():
        wordings.sort(key=lambda article: article.period.starts_on)
        for earlier, later in pairwise(wordings):
            if earlier.period.overlaps(later.period):
                raise StatuteError(f"{code} has two wordings on {later.period.starts_on}")
    return {code: tuple(wordings) for code, wordings in found.items()}


def _article(laws: dict[str, Text], group: dict[str, Any], item: dict[str, Any]) -> Article:
    lead = _text(group["lead"])
    own = _text(item["text"])
    return Article(
        code=item["code"],
        law=laws[group["law"]],
        period=Period(group["starts_on"], group.get("ends_on")),
        subjects=frozenset(Subject(name) for name in group["subjects"]),
        title=_text(item["title"]),
        quote=Text(zh=lead.zh + own.zh, en=f"{lead.en} {own.en}".strip()),
        fine=_fine(group["fine"]),
    )


def _fine(data: dict[str, Any]) -> FineRule:
    only_if = data.get("only_if")
    return FineRule(
        kind=FineKind(data["kind"]),
        low=data.get("low", 0),
        high=data.get("high", 0),
        mandatory=data.get("duty") == "mandatory",
        only_if=OnlyIf(only_if) if only_if else None,
    )


def _text(data: dict[str, str]) -> Text:
    return Text(zh=data["zh"], en=data["en"])
