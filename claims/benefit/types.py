"""What goes into the calculator and what comes out: frozen facts, amounts in yuan.

Sources of the words: `docs/glossary.md`. Amounts are `Decimal` yuan with at most two
decimals; days are days of service (the discharge), never "today".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from enrollment.values.ages import age_on
from enrollment.values.money import ZERO

INPATIENT = "inpatient"
SPECIAL_OUTPATIENT = "special_outpatient"
GENERAL_OUTPATIENT = "general_outpatient"
TWO_DISEASES = "two_diseases"  # 两病门诊用药: medicines for hypertension and diabetes
MATERNITY = "maternity"  # 生育: giving birth in hospital
# Every scheme answers for the first three, for the others when its parameters name them.
STANDING_KINDS = (INPATIENT, SPECIAL_OUTPATIENT, GENERAL_OUTPATIENT)
KINDS = (*STANDING_KINDS, TWO_DISEASES, MATERNITY)
DISEASES = ("hypertension", "diabetes")
DELIVERIES = ("natural", "caesarean")
BOTH = "both"  # medicines for both diseases at once
CHRONIC = "chronic"  # 慢性病门诊 among general outpatient visits
# The facts that one kind alone has, and must have.
DETAIL_FIELDS = {"diseases": TWO_DISEASES, "delivery": MATERNITY}
# What a claim of the kind may tell beyond its costs, as one word.
DETAILS: Mapping[str, tuple[str, ...]] = {
    GENERAL_OUTPATIENT: (CHRONIC,),
    TWO_DISEASES: (*DISEASES, BOTH),
    MATERNITY: DELIVERIES,
}
LEVELS = ("township", "county", "city", "province")
FILINGS = ("none", "filed", "referred", "unfiled")
IDENTITIES = (
    "extremely_poor",
    "low_income",
    "at_risk",
    "registered_poor",
    "medical_aid",
    "preferential",
    "five_guarantee",
)
# Groups by age that a layer's `age_groups` define; no identity, nobody applies for them.
AGE_GROUPS = ("child", "elder")
# Layers that may have paid on a claim before this scheme, in the order of `prior` tuples.
PRIOR_LAYERS = ("basic", "critical_illness", "medical_aid", "poverty")
PAYERS = ("fund", "critical_insurer", "medical_aid", "county_treasury", "hospital_waiver")


class ClaimRefused(ValueError):
    """The claim cannot be calculated as it stands.

    `reason` is a key of `claims.benefit.messages`, `field` names the fact to correct
    (`total`, `already_paid.basic`), `figures` fill the sentence.
    """

    def __init__(self, reason: str, field: str, **figures: object) -> None:
        """Keep the reason, the field and the figures of the sentence."""
        super().__init__(reason)
        self.reason = reason
        self.field = field
        self.figures = figures

    def __str__(self) -> str:
        """For logs; people read `messages.say(refused, lang)`."""
        return f"{self.field}: {self.reason} {self.figures or ''}".rstrip()


@dataclass(frozen=True)
class PersonFacts:
    """The person's assistance identities on the day of service, and the birthday.

    `born_on` may be None where the scheme does not read the age.
    """

    assistance: frozenset[str] = frozenset()
    born_on: date | None = None

    def age_on(self, day: date) -> int | None:
        """Completed years on the day, None without birthday.

        >>> PersonFacts(born_on=date(2004, 2, 29)).age_on(date(2022, 2, 28))
        17
        """
        born = self.born_on
        if born is None:
            return None
        return age_on(born, day)


@dataclass(frozen=True)
class ClaimFacts:
    """One stay or visit as the bill and the application state it.

    `level`, `in_county` and `filing` are those of the institution and the journey; they
    may be None where the scheme does not read them. `already_paid` is what layers outside
    the scheme have paid on this claim, by layer. `chronic` marks 慢性病门诊 among general
    outpatient visits; `diseases` (DISEASES) belong to `two_diseases`, `delivery`
    (DELIVERIES) to `maternity`.
    """

    id: str
    kind: str
    discharged_on: date
    total: Decimal
    excluded: Decimal = ZERO
    over_limit: Decimal = ZERO
    first_self_pay: Decimal = ZERO
    level: str | None = None
    in_county: bool | None = None
    designated: bool = True
    filing: str = "none"
    already_paid: Mapping[str, Decimal] = field(default_factory=dict)
    chronic: bool = False
    diseases: frozenset[str] = frozenset()
    delivery: str | None = None

    @property
    def detail(self) -> str:
        """What decides within the kind: `hypertension`, `diabetes`, `both`, a delivery."""
        if self.diseases:
            return BOTH if len(self.diseases) > 1 else min(self.diseases)
        return self.delivery or ""

    @property
    def in_policy(self) -> Decimal:
        """政策范围内费用: total − excluded − over_limit − first_self_pay."""
        return self.total - self.excluded - self.over_limit - self.first_self_pay


def told_by(detail: str) -> dict[str, Any]:
    """The facts of a claim that one word of DETAILS stands for; none for an empty one.

    >>> told_by("natural"), told_by("chronic")
    ({'delivery': 'natural'}, {'chronic': True})
    """
    if detail in (*DISEASES, BOTH):
        return {"diseases": frozenset(DISEASES if detail == BOTH else (detail,))}
    if detail in DELIVERIES:
        return {"delivery": detail}
    return {"chronic": True} if detail == CHRONIC else {}


@dataclass(frozen=True)
class Movement:
    """How far one claim moves one counter of the year, e.g. `basic.deductible` + 500.00."""

    counter: str
    amount: Decimal


@dataclass(frozen=True)
class Accumulators:
    """A person's counters in one scheme and calendar year (of discharge), in yuan."""

    year: int
    balances: Mapping[str, Decimal] = field(default_factory=dict)

    def after(self, movements: Iterable[Movement]) -> "Accumulators":
        """The counters once the movements are added."""
        balances = dict(self.balances)
        for movement in movements:
            balances[movement.counter] = balances.get(movement.counter, ZERO) + movement.amount
        return Accumulators(self.year, balances)


@dataclass(frozen=True)
class LayerResult:
    """What one layer pays on one claim.

    `policy` is `<scheme>@<effective date of the newest row used>`, `steps` the compact
    steps (`claims.benefit.steps`), `payer` whose money it is (one of PAYERS).
    """

    layer: str
    payer: str
    policy: str
    paid: Decimal
    steps: str


@dataclass(frozen=True)
class Breakdown:
    """Who bears the total of a claim. Proves itself: nothing created, nothing lost."""

    total: Decimal
    in_policy: Decimal
    already_paid: Decimal
    layers: tuple[LayerResult, ...]
    personal: Decimal

    def __post_init__(self) -> None:
        """Refuse shares that are negative or do not sum to the total."""
        shares = [self.already_paid, self.personal, *(layer.paid for layer in self.layers)]
        if min(shares) < 0:
            raise ValueError(f"a share of the breakdown is negative: {shares}")
        if sum(shares) != self.total:
            raise ValueError(f"the shares {shares} do not sum to the total {self.total}")

    @property
    def paid(self) -> Decimal:
        """What the scheme's own layers pay together."""
        return sum((layer.paid for layer in self.layers), ZERO)


@dataclass(frozen=True)
class Outcome:
    """The decision on one claim and what it moves; movements of 0.00 are left out."""

    claim: ClaimFacts
    breakdown: Breakdown
    movements: tuple[Movement, ...]
