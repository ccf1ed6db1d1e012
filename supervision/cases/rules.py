"""When findings make a case, and how a case is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from enrollment.transitions.table import StateConflict, TransitionRefused
from supervision.articles.wording import explain
from supervision.inspections.models import Finding
from supervision.statutes.fines import governing_article, limitation_ends_on
from supervision.statutes.types import Article, Decision

ZERO = Decimal("0.00")


class CaseRefused(TransitionRefused):
    """Something about a case that the law or the record does not allow."""


class FineRefused(CaseRefused):
    """A fine outside what its article allows; the message quotes the article."""


@dataclass(frozen=True)
class Act:
    """What findings amount to when they are taken up together.

    Attributes:
        article: the wording in force on all their days.
        act_from: the first day of all.
        act_to: the last day of all, inclusive.
        loss: the sum of their losses in yuan.
    """

    article: Article
    act_from: date
    act_to: date
    loss: Decimal


def act_of(findings: Sequence[Finding], opened_on: date) -> Act:
    """The one act that the findings make, if a penalty case may be opened for it on that day.

    Raises CaseRefused: nothing chosen, dealt with already, several institutions or items, no
    wording in force on all days, or past the limitation of two years (处罚法 §36).
    """
    if not findings:
        raise CaseRefused(_("Choose at least one finding."))
    for finding in findings:
        if not finding.is_open:
            raise StateConflict(
                _("“%(finding)s” has been dealt with already. Reload the page.")
                % {"finding": finding}
            )
    if len({finding.visit.institution_id for finding in findings}) > 1:
        raise CaseRefused(_("One case concerns one institution: choose findings of one only."))
    if len({finding.article_code for finding in findings}) > 1:
        raise CaseRefused(_("One case concerns one item of law: open a case for each."))
    act_from = min(finding.act_from for finding in findings)
    act_to = max(finding.act_to for finding in findings)
    found = governing_article(findings[0].article_code, act_from, act_to)
    if isinstance(found, Decision):
        raise CaseRefused(explain(found, act_from, act_to))
    for finding in findings:
        last_day = limitation_ends_on(finding.act_to)
        if opened_on > last_day:
            raise CaseRefused(
                _(
                    "The act ended on %(end)s; a penalty was possible until %(last)s "
                    "(Administrative Penalty Law, article 36: two years). The loss can still be "
                    "recovered under the agreement."
                )
                % {"end": finding.act_to, "last": last_day}
            )
    loss = sum((finding.loss for finding in findings), ZERO)
    return Act(found, act_from, act_to, loss)
