"""Which article governs an act, and which fine it allows.

The article is the one in force when the act was done (法不溯及既往), so the days of the act
decide, never the day of the decision. An act whose days lie under two wordings is two acts in
law and must be split; an act before the first wording cannot be fined under it at all.
"""

from datetime import date
from decimal import Decimal

from supervision.statutes.loading import articles
from supervision.statutes.types import (
    Article,
    Decision,
    FineKind,
    FineRule,
    OnlyIf,
    Subject,
    Verdict,
)

LIMITATION_YEARS = 2  # 行政处罚法（2021修订）§36


def check_fine(
    article_code: str,
    act_from: date,
    act_to: date,
    loss: Decimal,
    fine: Decimal,
    *,
    refused_to_correct: bool = False,
    fraud: bool = False,
    exempted: bool = False,
) -> Decision:
    """Whether a fine may be imposed for an act, and the range that its article gives.

    Args:
        article_code: such as `38-3`.
        act_from: first day of the act.
        act_to: last day of the act, inclusive.
        loss: what the fund lost, in yuan, not negative.
        fine: the proposed fine in yuan, not negative; 0 means none.
        refused_to_correct: whether the party refused to correct it (§39).
        fraud: whether it was done to defraud the fund (§41).
        exempted: whether a ground of exemption stands (处罚法 §33); then no fine is in order.

    Raises ValueError for a negative amount or a period that ends before it starts.
    """
    if loss < 0 or fine < 0 or act_to < act_from:
        raise ValueError("amounts must not be negative, and a period ends after it starts")
    found = governing_article(article_code, act_from, act_to)
    if isinstance(found, Decision):
        return Decision(found.verdict, loss, fine, found.article, changes_on=found.changes_on)
    low, high = found.fine.bounds(loss)
    verdict = _verdict(
        found.fine,
        loss,
        fine,
        established={
            OnlyIf.REFUSED: refused_to_correct,
            OnlyIf.FRAUD: fraud,
        },
        exempted=exempted,
    )
    return Decision(verdict, loss, fine, found, low, high)


def governing_article(code: str, act_from: date, act_to: date) -> Article | Decision:
    """The wording in force on every day of the act, or the decision that says why none is."""
    zero = Decimal("0.00")
    wordings = articles().get(code, ())
    if not wordings:
        return Decision(Verdict.UNKNOWN_ARTICLE, zero, zero)
    for article in wordings:
        if act_from in article.period and act_to in article.period:
            return article
    for article in wordings:
        if act_from < article.period.starts_on <= act_to:
            return Decision(
                Verdict.STRADDLES_CHANGE,
                zero,
                zero,
                article,
                changes_on=article.period.starts_on,
            )
    later = next((a for a in wordings if act_to < a.period.starts_on), None)
    if later is not None:
        return Decision(
            Verdict.NOT_YET_IN_FORCE, zero, zero, later, changes_on=later.period.starts_on
        )
    return Decision(
        Verdict.NO_LONGER_IN_FORCE,
        zero,
        zero,
        wordings[-1],
        changes_on=wordings[-1].period.ends_on,
    )


def articles_on(day: date, subject: Subject) -> list[Article]:
    """The wordings in force on a day that bind the subject, in the order of the law."""
    return [
        article
        for wordings in articles().values()
        for article in wordings
        if day in article.period and subject in article.subjects
    ]


def limitation_ends_on(act_to: date) -> date:
    """Last day on which an act may be taken up for a penalty: two years after its end (§36).

    The five years for harm to life or health do not arise in fund cases.

    >>> limitation_ends_on(date(2021, 10, 31))
    datetime.date(2023, 10, 31)
    >>> limitation_ends_on(date(2024, 2, 29))
    datetime.date(2026, 2, 28)
    """
    year = act_to.year + LIMITATION_YEARS
    if (act_to.month, act_to.day) == (2, 29):
        return date(year, 2, 28)
    return act_to.replace(year=year)


def _verdict(
    rule: FineRule,
    loss: Decimal,
    fine: Decimal,
    *,
    established: dict[OnlyIf, bool],
    exempted: bool,
) -> Verdict:
    """What the rule says to the fine, the graver reason first."""
    open_condition = rule.only_if is not None and not established[rule.only_if]
    if not fine:
        due = (
            rule.mandatory
            and not open_condition
            and not exempted
            and (rule.kind is FineKind.RANGE or loss > 0)
        )
        return Verdict.MANDATORY if due else Verdict.ALLOWED
    low, high = rule.bounds(loss)
    if rule.kind is FineKind.NONE:
        return Verdict.NO_FINE_HERE
    if open_condition:
        return Verdict.NOT_REFUSED if rule.only_if is OnlyIf.REFUSED else Verdict.NOT_FRAUD
    if rule.kind is FineKind.MULTIPLE and not loss:
        return Verdict.NO_LOSS
    if fine < low:
        return Verdict.BELOW_MINIMUM
    return Verdict.ABOVE_MAXIMUM if fine > high else Verdict.ALLOWED
