"""The decision on a chunk of claims, on integer fen. Imports no Django.

Facts come in the order of calculation: resident, day of discharge, claim number. Each
resident's balances are kept in a list in the order of `Scheme.counters` and move from claim
to claim, so that a later claim sees what an earlier one of the same chunk has used.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from claims.benefit.messages import say
from claims.benefit.scheme import NOTHING_PAID, Scheme
from claims.benefit.types import CHRONIC, ClaimRefused

# Why a claim is held; `claims.review.holding` says it in words.
NOT_COVERED = "not_covered"
SUSPENDED = "suspended"
NO_CERTIFICATE = "no_certificate"
REFUSED = "refused"
ERROR = "error"


class ClaimRow(NamedTuple):
    """One approved claim with what holds on its day of discharge; amounts in fen.

    `identities` are the assistance identities of that day, joined by commas. `detail` is that
    of the claim, the four `already_…` what layers outside the scheme have paid (PRIOR_LAYERS).
    `filing` is what the record makes of it; `certified` is false where the certificate that
    the claim needs does not hold.
    """

    claim_id: int
    person_id: int
    institution_id: int
    source: str
    kind: str
    level: str
    in_county: bool
    filing: str
    discharged_on: date
    total: int
    excluded: int
    over_limit: int
    first_self_pay: int
    covered: bool
    suspended: bool
    identities: str
    born_on: date | None = None
    detail: str = ""
    already_basic: int = 0
    already_critical_illness: int = 0
    already_medical_aid: int = 0
    already_poverty: int = 0
    certified: bool = True

    @property
    def prior(self) -> tuple[int, int, int, int]:
        """What layers outside the scheme have paid, in the order of PRIOR_LAYERS."""
        return (
            self.already_basic,
            self.already_critical_illness,
            self.already_medical_aid,
            self.already_poverty,
        )


class SettledRow(NamedTuple):
    """The result of one claim; amounts in fen, `paid` and `policies` by layer."""

    claim_id: int
    person_id: int
    institution_id: int
    source: str
    year: int
    total: int
    in_policy: int
    already_paid: int
    paid: list[int]
    policies: tuple[str, ...]
    steps: str
    before: list[int]
    after: list[int]


class Hold(NamedTuple):
    """A claim that cannot be settled; see `claims.review.holding`."""

    claim_id: int
    reason: str
    detail: str = ""

    @property
    def is_error(self) -> bool:
        """Whether the calculation failed, as opposed to a rule that was met."""
        return self.reason == ERROR


@dataclass
class Decisions:
    """What becomes of a chunk's claims."""

    settled: list[SettledRow] = field(default_factory=list)
    held: list[Hold] = field(default_factory=list)


# Balances in fen by resident and year, in the order of `Scheme.counters`.
Balances = Mapping[tuple[int, int], list[int]]


def decide(scheme: Scheme, rows: Iterable[ClaimRow], balances: Balances) -> Decisions:
    """Settle or hold each claim, in the order given.

    A claim that fails is held with its message and moves nothing; it never stops the others.
    """
    decisions = Decisions()
    settled, held = decisions.settled, decisions.held
    standing = dict(balances)
    identity_sets: dict[str, frozenset[str]] = {}
    known: set[tuple[str, str]] = set()  # kinds with details that the scheme has said yes to
    zeros = scheme.zeros()
    for row in rows:
        if not row.covered:
            held.append(Hold(row.claim_id, NOT_COVERED))
            continue
        if row.suspended:
            held.append(Hold(row.claim_id, SUSPENDED))
            continue
        if not row.certified:
            held.append(Hold(row.claim_id, NO_CERTIFICATE))
            continue
        identities = identity_sets.get(row.identities)
        if identities is None:
            identities = frozenset(row.identities.split(",")) - {""}
            identity_sets[row.identities] = identities
        key = (row.person_id, row.discharged_on.year)
        before = standing.get(key, zeros)
        detail = row.detail
        prior = row.prior
        already = sum(prior)
        try:
            if (row.kind, detail) not in known:
                scheme.check_detail(row.kind, detail)
                known.add((row.kind, detail))
            chronic = detail == CHRONIC
            rules = scheme.rules(
                row.discharged_on,
                row.kind,
                row.level,
                row.in_county,
                row.filing,
                identities=identities,
                chronic=chronic,
                detail="" if chronic else detail,
                born_on=row.born_on,
            )
            paid, steps, after = rules.settle(
                (row.total, row.excluded, row.over_limit, row.first_self_pay),
                prior if already else NOTHING_PAID,
                before,
            )
        except ClaimRefused as refused:
            held.append(Hold(row.claim_id, REFUSED, say(refused, "zh")))
            continue
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            held.append(Hold(row.claim_id, ERROR, f"{type(error).__name__}: {error}"))
            continue
        standing[key] = after
        settled.append(
            SettledRow(
                row.claim_id,
                row.person_id,
                row.institution_id,
                row.source,
                row.discharged_on.year,
                row.total,
                row.total - row.excluded - row.over_limit - row.first_self_pay,
                already,
                paid,
                rules.policies,
                steps,
                before,
                after,
            )
        )
    return decisions
