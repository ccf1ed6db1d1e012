"""One year's claims under two schemes, added up. Imports no Django.

Claims come in the order of calculation: resident, day of discharge, claim number. Each side is
calculated by the settlement's own `decide`, from empty counters, so that a resident's earlier
claims use up deductibles and ceilings on both sides as they would have. Amounts are whole fen;
what is kept is sums, never claims, so that memory does not grow with the year.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from claims.benefit.scheme import Scheme
from claims.chunks.calculation import ClaimRow, Decisions, SettledRow, decide
from claims.whatif.sums import AGE_FLOORS, Found, LayerColumns, Person, age_band
from enrollment.values.ages import age_on

# Claims calculated at a time; a resident is never cut in two.
BATCH = 2_000
# Residents kept by name of each side, and claims that were left out.
LARGEST = 50
SHOWN_LEFT_OUT = 20

BASE, DRAFT = "base", "draft"
Progress = Callable[[int], None]


class Fact(NamedTuple):
    """A claim with the birthday of its resident; None puts it into no age group."""

    claim: ClaimRow
    born_on: date | None


def compare(
    base: Scheme,
    draft: Scheme,
    facts: Iterable[Fact],
    progress: Progress | None = None,
    *,
    batch: int = BATCH,
) -> dict[str, Any]:
    """Calculate the claims under both schemes; returns the sums as JSON keeps them.

    All claims of a resident must follow each other. A claim that one side cannot calculate is
    left out of all sums of both sides and counted under `left_out` with its reason.
    `progress` is told the claims done after each batch.
    """
    columns = LayerColumns(base, draft)
    found = Found(columns, largest=LARGEST)
    done = 0
    for part in whole_residents(facts, batch):
        rows = [fact.claim for fact in part]
        one, other = decide(base, rows, {}), decide(draft, rows, {})
        if one.held or other.held:
            _add(*_both_calculated(part, one, other, found), found)
        else:
            _add(part, one.settled, other.settled, found)
        done += len(rows)
        if progress is not None:
            progress(done)
    return found.as_data()


def whole_residents(facts: Iterable[Fact], size: int) -> Iterator[list[Fact]]:
    """Parts of at least `size` claims (the last one of fewer), each ending with a resident."""
    part: list[Fact] = []
    last = None
    for fact in facts:
        person = fact.claim.person_id
        if len(part) >= size and person != last:
            yield part
            part = []
        part.append(fact)
        last = person
    if part:
        yield part


def _add(part: list[Fact], base: list[SettledRow], draft: list[SettledRow], found: Found) -> None:
    """Add claims that both sides have calculated, in the same order."""
    standing: Person | None = None
    for (claim, born_on), one, other in zip(part, base, draft, strict=True):
        day = claim.discharged_on
        band = ""
        if born_on is not None:
            band = age_band(age_on(born_on, day))
        if standing is None or standing.id != claim.person_id:
            if standing is not None:
                found.add_person(standing)
            standing = Person(claim.person_id)
        before, after = sum(one.paid), sum(other.paid)
        standing.claims += 1
        standing.base += before
        standing.draft += after
        standing.identity, standing.age = claim.identities, band
        key = (claim.identities, claim.level, claim.in_county, claim.kind, band)
        found.add_claim(key, claim.total, one, other, after - before)
    if standing is not None:
        found.add_person(standing)


def _both_calculated(
    part: list[Fact], base: Decisions, draft: Decisions, found: Found
) -> tuple[list[Fact], list[SettledRow], list[SettledRow]]:
    """Without the claims that either side holds; they are counted and the first ones named."""
    reasons: dict[int, tuple[str, str, str]] = {}
    for side, decisions in ((DRAFT, draft), (BASE, base)):
        for hold in decisions.held:
            reasons[hold.claim_id] = (side, hold.reason, hold.detail)
    counts = Counter((side, reason) for side, reason, _detail in reasons.values())
    for (side, reason), count in counts.items():
        found.left_out[side, reason] += count
    room = SHOWN_LEFT_OUT - len(found.left_out_first)
    found.left_out_first += [[claim, *why] for claim, why in list(reasons.items())[: max(room, 0)]]
    kept = []
    for decisions, lost in ((base, found.left_out_base), (draft, found.left_out_draft)):
        for row in decisions.settled:
            if row.claim_id in reasons:
                lost.add(row)
        kept.append([row for row in decisions.settled if row.claim_id not in reasons])
    return [fact for fact in part if fact.claim.claim_id not in reasons], kept[0], kept[1]


__all__ = ["AGE_FLOORS", "BASE", "DRAFT", "Fact", "compare", "whole_residents"]
