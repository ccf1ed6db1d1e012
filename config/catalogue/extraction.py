"""Texts of the sources: what Python code and templates hand to gettext."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.utils.translation.template import templatize

APPS = ("config", "enrollment", "claims", "supervision")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def extract_texts(root: Path) -> Catalog:
    """Every text of the project below `root`, tests and migrations left out."""
    found = Catalog()
    for source in _sources(root):
        for _line, text, _comments, context in _texts(source):
            found.add(text, context=context)
    return found


def _sources(root: Path) -> Iterator[Path]:
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            if not {"tests", "migrations"}.intersection(path.relative_to(root).parts):
                yield path
    for folder in ("templates", *(f"{app}/templates" for app in APPS)):
        yield from sorted(path for path in (root / folder).rglob("*") if path.is_file())


def _texts(source: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    text = source.read_text(encoding="utf-8")
    if source.suffix != ".py":
        # Django's own reading of a template as Python; its indentation has no meaning.
        text = "\n".join(line.strip() for line in templatize(text).splitlines())
    return iter(extract("python", BytesIO(text.encode()), keywords=KEYWORDS))
