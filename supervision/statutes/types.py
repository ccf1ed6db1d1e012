"""What an article of law is, as far as a case needs it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from enrollment.values.periods import Period


class Subject(StrEnum):
    """Whom an article binds."""

    INSTITUTION = "institution"
    INDIVIDUAL = "individual"
    AGENCY = "agency"


class FineKind(StrEnum):
    """What the range of a fine is computed from."""

    MULTIPLE = "multiple"
    RANGE = "range"
    NONE = "none"


class OnlyIf(StrEnum):
    """What must be established before the article allows a fine."""

    REFUSED = "refused"
    FRAUD = "fraud"


@dataclass(frozen=True)
class Text:
    """The same words in Chinese, which is the law, and in English, which explains it."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """The English for an English screen (`en`, `en-gb`), else the Chinese."""
        return self.en if language.startswith("en") else self.zh


@dataclass(frozen=True)
class FineRule:
    """How much an article allows.

    Attributes:
        kind: a multiple of the loss, a fixed range, or no fine.
        low: least whole multiple, or least amount in yuan; inclusive.
        high: highest whole multiple, or highest amount in yuan; inclusive.
        mandatory: whether it must be imposed when there is a loss (处), or may be (可以处).
        only_if: what must be established first; None when nothing.
    """

    kind: FineKind
    low: int = 0
    high: int = 0
    mandatory: bool = False
    only_if: OnlyIf | None = None

    def __post_init__(self) -> None:
        """Refuse a range that is none."""
        if self.low < 0 or self.high < self.low:
            raise ValueError(f"a fine cannot lie between {self.low} and {self.high}")

    def bounds(self, loss: Decimal) -> tuple[Decimal, Decimal]:
        """Least and highest fine in yuan for a loss, both inclusive and exact.

        Multiples are whole, so nothing is rounded.

        >>> FineRule(FineKind.MULTIPLE, 1, 2).bounds(Decimal("741.09"))
        (Decimal('741.09'), Decimal('1482.18'))
        """
        if self.kind is FineKind.MULTIPLE:
            return loss * self.low, loss * self.high
        if self.kind is FineKind.RANGE:
            return Decimal(f"{self.low}.00"), Decimal(f"{self.high}.00")
        return Decimal("0.00"), Decimal("0.00")


@dataclass(frozen=True)
class Article:
    """One item of one article in one wording, in force during `period`.

    Attributes:
        code: how cases name it, such as `38-3`; the same through all wordings.
        law: name of the law with its number.
        period: days on which this wording is in force, both ends inclusive.
        subjects: whom it binds.
        title: the act in a few words.
        quote: the full text of article and item.
        fine: what fine it allows.
    """

    code: str
    law: Text
    period: Period
    subjects: frozenset[Subject]
    title: Text
    quote: Text
    fine: FineRule


class Verdict(StrEnum):
    """What the law says to a proposed fine."""

    ALLOWED = "allowed"
    UNKNOWN_ARTICLE = "unknown_article"
    NOT_YET_IN_FORCE = "not_yet_in_force"
    NO_LONGER_IN_FORCE = "no_longer_in_force"
    STRADDLES_CHANGE = "straddles_change"
    NOT_REFUSED = "not_refused"
    NOT_FRAUD = "not_fraud"
    NO_FINE_HERE = "no_fine_here"
    NO_LOSS = "no_loss"
    MANDATORY = "mandatory"
    BELOW_MINIMUM = "below_minimum"
    ABOVE_MAXIMUM = "above_maximum"


@dataclass(frozen=True)
class Decision:
    """The law's answer to a proposed fine.

    Attributes:
        verdict: the reason, `ALLOWED` when it may be imposed.
        loss: the loss it was computed from, in yuan.
        fine: the fine that was proposed, in yuan.
        article: the wording that governs the act; None when none does.
        min_fine: least fine in yuan, inclusive; None when no range could be computed.
        max_fine: highest fine in yuan, inclusive; None likewise.
        changes_on: first day of another wording (`STRADDLES_CHANGE`, `NOT_YET_IN_FORCE`) or
            the last day of this one (`NO_LONGER_IN_FORCE`).
    """

    verdict: Verdict
    loss: Decimal
    fine: Decimal
    article: Article | None = None
    min_fine: Decimal | None = None
    max_fine: Decimal | None = None
    changes_on: date | None = None

    def __post_init__(self) -> None:
        """An allowed fine lies in its range or is none at all."""
        if self.allowed and self.fine:
            inside = (
                self.min_fine is not None
                and self.max_fine is not None
                and self.min_fine <= self.fine <= self.max_fine
            )
            if not inside:
                raise ValueError(f"{self.fine} was allowed outside its range")

    @property
    def allowed(self) -> bool:
        """Whether the fine may be imposed."""
        return self.verdict is Verdict.ALLOWED
