"""Between the YAML form of a scheme and its policy rows. Imports no Django.

The YAML form is what `claims.benefit.loading.parse_scheme` reads. A *structure* is that form
without sources and values; a `Value` is one row of one parameter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple


class Key(NamedTuple):
    """What a row says something about; `starts_on` None is always."""

    layer: str
    parameter: str
    starts_on: date | None


@dataclass(frozen=True)
class Basis:
    """The document and article in both languages."""

    document_zh: str
    document_en: str
    article_zh: str
    article_en: str


@dataclass(frozen=True)
class Value:
    """One row: what holds from `key.starts_on` on; `value` None ends what held before."""

    key: Key
    value: Any
    basis: Basis
    confirmed: bool = False

    def says_the_same(self, other: "Value") -> bool:
        """Whether nothing would change; a confirmation given since is no difference."""
        same = (self.key, self.value, self.basis) == (other.key, other.value, other.basis)
        return same and (other.confirmed or not self.confirmed)


def structure_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """The scheme without its values and sources; `data` has been parsed before."""
    layers = [
        {name: part for name, part in layer.items() if name != "parameters"}
        for layer in data["layers"]
    ]
    return {name: part for name, part in data.items() if name not in ("sources", "layers")} | {
        "layers": layers
    }


def values_of(data: Mapping[str, Any]) -> list[Value]:
    """Every row of the scheme in the order of the file; `data` has been parsed before."""
    bases = {name: _basis(source) for name, source in data["sources"].items()}
    return [
        Value(
            Key(layer["code"], parameter, _day(row.get("starts_on"))),
            row["value"],
            bases[row["source"]],
            bool(row.get("confirmed", False)),
        )
        for layer in data["layers"]
        for parameter, rows in layer["parameters"].items()
        for row in rows
    ]


def yaml_form(structure: Mapping[str, Any], values: Iterable[Value]) -> dict[str, Any]:
    """The scheme as a YAML file has it, rows by first day; the inverse of the two above.

    Of several values of one key the last counts; values of unknown layers are left out.
    """
    latest = {value.key: value for value in values}
    names: dict[Basis, str] = {}
    for value in latest.values():
        names.setdefault(value.basis, f"s{len(names) + 1}")
    return {
        **{name: part for name, part in structure.items() if name != "layers"},
        "sources": {name: _source(basis) for basis, name in names.items()},
        "layers": [
            {**layer, "parameters": _parameters(layer["code"], latest, names)}
            for layer in structure["layers"]
        ],
    }


def _parameters(
    layer: str, values: Mapping[Key, Value], names: Mapping[Basis, str]
) -> dict[str, list[dict[str, Any]]]:
    own: dict[str, list[dict[str, Any]]] = {}
    for key in sorted(
        (key for key in values if key.layer == layer),
        key=lambda key: (key.parameter, key.starts_on or date.min),
    ):
        found = values[key]
        row: dict[str, Any] = {"value": found.value, "source": names[found.basis]}
        if key.starts_on is not None:
            row["starts_on"] = key.starts_on
        own.setdefault(key.parameter, []).append({**row, "confirmed": found.confirmed})
    return own


def _basis(source: Mapping[str, Any]) -> Basis:
    document, article = source["document"], source["article"]
    return Basis(*(text.strip() for text in (*_pair(document), *_pair(article))))


def _pair(text: Mapping[str, str]) -> tuple[str, str]:
    return text["zh"], text["en"]


def _source(basis: Basis) -> dict[str, dict[str, str]]:
    return {
        "document": {"zh": basis.document_zh, "en": basis.document_en},
        "article": {"zh": basis.article_zh, "en": basis.article_en},
    }


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
