"""A finished run's sums as figures in yuan; codes where words belong.

`claims.whatifbook` puts them into words, charts and a workbook.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from claims.whatif.models import WhatIfRun
from claims.whatif.sums import AGE_BANDS, CHANGE_LIMITS, DIMENSIONS, IN_COUNTY, OUTSIDE
from enrollment.values.money import ZERO, from_fen

# Groups in the order in which people read them; others follow by code.
_ORDER: dict[str, Sequence[str]] = {
    "level": ("township", "county", "city", "province"),
    "place": (IN_COUNTY, OUTSIDE),
    "kind": (
        "inpatient",
        "special_outpatient",
        "general_outpatient",
        "two_diseases",
        "maternity",
    ),
    "age": AGE_BANDS,
}


@dataclass(frozen=True)
class Pair:
    """What is paid under the approved policy and under the draft, in yuan."""

    base: Decimal
    draft: Decimal

    @property
    def difference(self) -> Decimal:
        """Draft − approved; above zero the draft costs more."""
        return self.draft - self.base


@dataclass(frozen=True)
class LayerFigure(Pair):
    """One layer with one payer's money; claims are those on which it pays something."""

    code: str
    payer: str
    names: Mapping[str, str]
    base_claims: int
    draft_claims: int


@dataclass(frozen=True)
class GroupFigure(Pair):
    """The claims of one group; `more` and `less` are claims that are paid more or less."""

    key: str
    claims: int
    total: Decimal
    more: int
    less: int
    layers: Sequence[Pair]


@dataclass(frozen=True)
class PeopleFigure:
    """Residents of a group; `gained` and `lost` are above zero, in yuan."""

    key: str
    persons: int
    gainers: int
    losers: int
    gained: Decimal
    lost: Decimal

    @property
    def unchanged(self) -> int:
        """Residents for whom the year's sum stays the same."""
        return self.persons - self.gainers - self.losers


@dataclass(frozen=True)
class BandFigure:
    """Residents whose year changes by more than `above` and at most `upto` yuan.

    `number` is below zero for losses; `upto` None is the open end.
    """

    number: int
    above: Decimal
    upto: Decimal | None
    persons: int
    sum: Decimal


@dataclass(frozen=True)
class ResidentFigure(Pair):
    """One resident's year."""

    person: int
    claims: int
    identity: str
    age: str


@dataclass(frozen=True)
class LeftOut:
    """Claims that one side could not calculate; in no other sum.

    `reasons` are (side, reason, claims), `first` are (claim, side, reason, detail) of the
    first ones, `amounts` what the side that could would pay.
    """

    claims: int
    reasons: Sequence[tuple[str, str, int]]
    first: Sequence[tuple[int, str, str, str]]
    amounts: Pair


T = TypeVar("T", GroupFigure, PeopleFigure)


@dataclass(frozen=True)
class Figures:
    """Everything that a run has found. `settled` is what was really paid for its claims."""

    whole: GroupFigure
    people: PeopleFigure
    layers: Sequence[LayerFigure]
    groups: Mapping[str, Sequence[GroupFigure]]
    people_by: Mapping[str, Sequence[PeopleFigure]]
    bands: Sequence[BandFigure]
    gainers: Sequence[ResidentFigure]
    losers: Sequence[ResidentFigure]
    left_out: LeftOut
    settled: Decimal

    @property
    def other_order(self) -> Decimal:
        """What was really paid, less the approved side with the claims it left out.

        Zero when the year was settled under the same version and in order of discharge.
        """
        return self.settled - self.whole.base - self.left_out.amounts.base


def figures_of(run: WhatIfRun) -> Figures:
    """The figures of a finished run; no statement. TypeError while there are none."""
    if run.result is None:
        raise TypeError("the run has no result yet")
    data: dict[str, Any] = run.result
    left = data["left_out"]
    return Figures(
        whole=_group({"key": "", **data["whole"]}),
        people=_people({"key": "", **data["people"]}),
        layers=[
            LayerFigure(
                base=from_fen(base),
                draft=from_fen(draft),
                code=layer["code"],
                payer=layer["payer"],
                names={"zh": layer["zh"], "en": layer["en"]},
                base_claims=layer["base_claims"],
                draft_claims=layer["draft_claims"],
            )
            for layer, base, draft in zip(
                data["layers"], data["whole"]["base"], data["whole"]["draft"], strict=True
            )
        ],
        groups={
            name: _in_order(name, [_group(one) for one in data["groups"][name]])
            for name in DIMENSIONS
        },
        people_by={
            name: _in_order(name, [_people(one) for one in found])
            for name, found in data["people_by"].items()
        },
        bands=[_band(one) for one in data["bands"]],
        gainers=[_resident(one) for one in data["gainers"]],
        losers=[_resident(one) for one in data["losers"]],
        left_out=LeftOut(
            claims=sum(count for _side, _reason, count in left["reasons"]),
            reasons=[tuple(one) for one in left["reasons"]],
            first=[tuple(one) for one in left["first"]],
            amounts=_pair(left),
        ),
        settled=from_fen(sum(fen for _layer, _payer, fen in data["settled"])),
    )


def plain_report(run: WhatIfRun) -> dict[str, Any]:
    """The figures as a command prints them: codes, counts, amounts in yuan."""
    found = figures_of(run)
    return {
        "proposal": run.proposal_id,
        "year": run.year,
        "whole_year": run.whole_year,
        "approved": f"{run.base_scheme}@{run.base_version}",
        "draft": f"{run.proposal.scheme}@{run.over_version}+{run.proposal_id}",
        "claims": found.whole.claims,
        "persons": found.people.persons,
        "settled": found.settled,
        **_amounts(found.whole),
        "layers": [
            {"layer": one.code, "payer": one.payer, **_amounts(one)} for one in found.layers
        ],
        "groups": {
            name: [
                {
                    "key": one.key,
                    "claims": one.claims,
                    "more": one.more,
                    "less": one.less,
                    **_amounts(one),
                }
                for one in groups
            ]
            for name, groups in found.groups.items()
        },
        "gainers": found.people.gainers,
        "losers": found.people.losers,
        "gained": found.people.gained,
        "lost": found.people.lost,
        "left_out": found.left_out.claims,
    }


def _amounts(pair: Pair) -> dict[str, Decimal]:
    return {"base": pair.base, "draft": pair.draft, "difference": pair.difference}


def _pair(data: Mapping[str, Any]) -> Pair:
    return Pair(from_fen(sum(data["base"])), from_fen(sum(data["draft"])))


def _group(data: Mapping[str, Any]) -> GroupFigure:
    whole = _pair(data)
    return GroupFigure(
        base=whole.base,
        draft=whole.draft,
        key=data["key"],
        claims=data["claims"],
        total=from_fen(data["total"]),
        more=data["more"],
        less=data["less"],
        layers=[
            Pair(from_fen(base), from_fen(draft))
            for base, draft in zip(data["base"], data["draft"], strict=True)
        ],
    )


def _people(data: Mapping[str, Any]) -> PeopleFigure:
    return PeopleFigure(
        key=data["key"],
        persons=data["persons"],
        gainers=data["gainers"],
        losers=data["losers"],
        gained=from_fen(data["gained"]),
        lost=from_fen(data["lost"]),
    )


def _band(data: Mapping[str, Any]) -> BandFigure:
    number = data["band"]
    limits = [0, *CHANGE_LIMITS]
    size = abs(number)
    return BandFigure(
        number=number,
        above=from_fen(limits[size - 1]) if size else ZERO,
        upto=from_fen(limits[size]) if size < len(limits) else None,
        persons=data["persons"],
        sum=from_fen(data["sum"]),
    )


def _resident(data: Mapping[str, Any]) -> ResidentFigure:
    return ResidentFigure(
        base=from_fen(data["base"]),
        draft=from_fen(data["draft"]),
        person=data["person"],
        claims=data["claims"],
        identity=data["identity"],
        age=data["age"],
    )


def _in_order(dimension: str, found: list[T]) -> list[T]:
    """As people read them; identities alone before combinations, none before all."""
    order = {key: place for place, key in enumerate(_ORDER.get(dimension, ()))}
    return sorted(
        found, key=lambda one: (order.get(one.key, len(order)), one.key.count(","), one.key)
    )
