"""A scheme on a day as a document reads, when it changes, and what differs between two days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from claims.benefit.layers import LAYER_KINDS
from claims.benefit.words import cited
from claims.policies.assembly import Key, Value
from claims.policies.language import reader_language
from claims.policies.models import PolicyProposal, PolicyRow
from claims.policies.selectors import value_of
from claims.policybook.wording import label_of, lines_of
from enrollment.desk.tags import Label


@dataclass(frozen=True)
class Clause:
    """One parameter as it holds on a day; `row` is its row in the database."""

    label: Label
    lines: Sequence[str]
    since: date | None
    source: str
    confirmed: bool
    row: PolicyRow

    @property
    def may_be_confirmed(self) -> bool:
        """Whether nobody has compared it with its document yet."""
        return not self.confirmed


@dataclass(frozen=True)
class Chapter:
    """One layer with its clauses in the order of the law: kind by kind."""

    code: str
    name: str
    payer: str
    clauses: Sequence[Clause]


@dataclass(frozen=True)
class Difference:
    """One parameter on two days; an empty side means that it did not hold."""

    chapter: str
    label: Label
    before: Sequence[str]
    after: Sequence[str]
    source: str


class SchemeBook:
    """All approved rows of one scheme, read once; further proposals may be laid on top."""

    def __init__(self, proposals: Sequence[PolicyProposal]) -> None:
        """Take proposals in order of version; the last one's structure holds."""
        self.structure: Mapping[str, Any] = proposals[-1].structure
        self._rows: dict[Key, tuple[Value, PolicyRow]] = {}
        for proposal in proposals:
            for row in proposal.rows.all():
                value = value_of(row)
                self._rows[value.key] = (value, row)

    @property
    def name(self) -> str:
        """The scheme's name in the reader's language."""
        return str(self.structure["name"][reader_language()])

    @property
    def note(self) -> str:
        """What the scheme's file says beside its values."""
        note = self.structure.get("note")
        return str(note[reader_language()]) if note else ""

    def changes(self) -> list[date]:
        """The days on which some value begins, the latest first."""
        return sorted({key.starts_on for key in self._rows if key.starts_on}, reverse=True)

    def on(self, day: date) -> list[Chapter]:
        """The document of that day: every layer with what holds."""
        chapters = []
        for layer in self.structure["layers"]:
            clauses = [
                _clause(layer["kind"], value, row)
                for value, row in self._holding(layer, day)
                if value.value is not None
            ]
            name = str(layer["name"][reader_language()])
            chapters.append(Chapter(layer["code"], name, layer["payer"], clauses))
        return chapters

    def unconfirmed(self, day: date) -> int:
        """How many values of the day nobody has compared with their document."""
        return sum(not clause.confirmed for chapter in self.on(day) for clause in chapter.clauses)

    def differences(self, first: date, second: date) -> list[Difference]:
        """What holds on the second day otherwise than on the first."""
        found = []
        for layer in self.structure["layers"]:
            before = {value.key.parameter: value for value, _row in self._holding(layer, first)}
            for value, _row in self._holding(layer, second):
                old = before.get(value.key.parameter)
                if (old.value if old else None) != value.value:
                    found.append(_difference(layer, old, value))
        return found

    def effects(self, proposal: PolicyProposal) -> list[tuple[date | None, Difference]]:
        """What each row of a proposal would change against what holds on its first day."""
        found = []
        layers = {layer["code"]: layer for layer in proposal.structure["layers"]}
        for row in proposal.rows.all():
            value = value_of(row)
            layer = layers.get(row.layer)
            if layer is None:
                continue
            day = row.starts_on or date.min
            held = {old.key.parameter: old for old, _row in self._holding(layer, day)}
            found.append((row.starts_on, _difference(layer, held.get(row.parameter), value)))
        return found

    def _holding(self, layer: Mapping[str, Any], day: date) -> Iterable[tuple[Value, PolicyRow]]:
        kind = LAYER_KINDS[layer["kind"]]
        for parameter in (*kind.REQUIRED, *kind.OPTIONAL):
            rows = [
                found
                for key, found in self._rows.items()
                if (key.layer, key.parameter) == (layer["code"], parameter)
                and (key.starts_on or date.min) <= day
            ]
            if rows:
                yield max(rows, key=lambda found: found[0].key.starts_on or date.min)


def _clause(kind: str, value: Value, row: PolicyRow) -> Clause:
    return Clause(
        label=label_of(kind, value.key.parameter),
        lines=lines_of(kind, value.key.parameter, value.value),
        since=value.key.starts_on,
        source=source_of(value),
        confirmed=value.confirmed,
        row=row,
    )


def _difference(layer: Mapping[str, Any], old: Value | None, new: Value) -> Difference:
    kind, parameter = layer["kind"], new.key.parameter
    return Difference(
        chapter=str(layer["name"][reader_language()]),
        label=label_of(kind, parameter),
        before=lines_of(kind, parameter, old.value) if old else (),
        after=lines_of(kind, parameter, new.value),
        source=source_of(new),
    )


def source_of(value: Value) -> str:
    """The document and article as the reader's language writes them."""
    basis = value.basis
    if reader_language() == "en":
        return f"{basis.document_en}, {basis.article_en}"
    return cited(basis.document_zh, basis.article_zh)
