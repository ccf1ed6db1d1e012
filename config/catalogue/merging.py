"""One `.po` and its `.mo`: what is written is the same for the same texts, day and machine."""

import re
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

LOCALE = "zh_Hans"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
Key = tuple[str, str | None]


class PlainCatalog(Catalog):
    """A catalogue whose header never changes, so that merges stay quiet."""

    def _plain_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", LOCALE),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", "nplurals=1; plural=0;"),
        ]

    mime_headers = property(_plain_headers)


def load(path: Path) -> Catalog:
    """Read a `.po`, whole or a fragment without a header; a missing file is an empty one."""
    if not path.exists():
        return Catalog(locale=LOCALE)
    with path.open("rb") as stream:
        return read_po(stream, locale=LOCALE, abort_invalid=True)


def merge(texts: Catalog, sources: Iterable[Catalog]) -> PlainCatalog:
    """Each text with its first translation in `sources`; texts no longer used are dropped.

    Fuzzy translations count as none.
    """
    merged = PlainCatalog(
        locale=LOCALE, header_comment="# Chinese texts of the portal.", fuzzy=False
    )
    kept = list(sources)
    for message in texts:
        if message.id:
            known = [found for one in kept if (found := _translation(one, message))]
            merged.add(_id(message), known[0] if known else "", context=message.context)
    return merged


def disagreements(sources: Iterable[Catalog]) -> list[str]:
    """Texts that several sources translate differently."""
    seen: dict[Key, object] = {}
    differing = []
    for source in sources:
        for message in source:
            translation = _translation(source, message) if message.id else None
            if translation and seen.setdefault(_key(message), translation) != translation:
                differing.append(_name(message))
    return differing


def problems(texts: Catalog, existing: Catalog) -> list[str]:
    """What keeps the catalogue from being complete, one line per text."""
    found = []
    for message in texts:
        if not message.id:
            continue
        there = existing.get(message.id, message.context)
        if there is None:
            found.append(f"missing: {_name(message)}")
        elif there.fuzzy:
            found.append(f"fuzzy: {_name(message)}")
        elif not all(_strings(there)):
            found.append(f"untranslated: {_name(message)}")
        elif not _same_placeholders(message, there):
            found.append(f"placeholders differ: {_name(message)}")
    used = {_key(message) for message in texts}
    found += [f"unused: {_name(message)}" for message in existing if _key(message) not in used]
    return found


def as_po(catalog: Catalog) -> bytes:
    """The `.po`, sorted by text, without locations."""
    out = BytesIO()
    write_po(out, catalog, width=100, no_location=True, sort_output=True, ignore_obsolete=True)
    return out.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    """The compiled catalogue."""
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def _translation(source: Catalog, message: Message) -> str | tuple[str, ...] | None:
    there = source.get(message.id, message.context)
    if there is None or there.fuzzy or not all(_strings(there)):
        return None
    plural = isinstance(message.id, (tuple, list))
    return tuple(_strings(there)) if plural else _strings(there)[0]


def _same_placeholders(message: Message, there: Message) -> bool:
    """Whether each translation fills in what the text fills in; a plural may leave some out."""
    wanted = [set(PLACEHOLDER.findall(text)) for text in _ids(message)]
    return all(set(PLACEHOLDER.findall(text)) in wanted for text in _strings(there))


def _id(message: Message) -> str | tuple[str, ...]:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def _ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _strings(message: Message) -> tuple[str, ...]:
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)


def _key(message: Message) -> Key:
    return _ids(message)[0], message.context


def _name(message: Message) -> str:
    text = repr(_ids(message)[0])
    return f"{text} (context {message.context!r})" if message.context else text
