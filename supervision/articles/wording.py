"""The law's answers in words, for screens and messages, in the user's language."""

from datetime import date, timedelta

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from enrollment.printing.words import figure, in_english
from enrollment.values.money import format_yuan
from supervision.statutes.loading import articles
from supervision.statutes.types import Article, Decision, FineKind, FineRule, OnlyIf, Verdict


def quote(article: Article) -> str:
    """The law's name and the article's full text."""
    language = get_language() or "zh-hans"
    return _("%(law)s, %(code)s: “%(text)s”") % {
        "law": law_name(article),
        "code": code_label(article.code),
        "text": article.quote.in_language(language),
    }


def law_name(article: Article) -> str:
    """The law's name, in Chinese in its marks: `《…条例》（国务院令第735号）`."""
    name = article.law.in_language(get_language() or "zh-hans")
    if in_english():
        return name
    title, bracket, rest = name.partition("（")
    return f"《{title}》{bracket}{rest}"


def law_text(article: Article) -> SafeString:
    """The quotation across the whole width of a record's facts."""
    return format_html('<span class="wide">{}</span>', quote(article))


def code_label(code: str) -> str:
    """`38-3` as `article 38 (3)`, `第三十八条第三项`; other codes as they are."""
    number, _dash, item = code.partition("-")
    if not number.isdigit():
        number, _dash, item = item, "", ""
    if item.startswith("P"):
        return _("article %(number)s, paragraph %(item)s") % {
            "number": _figure(number),
            "item": _figure(item.removeprefix("P")),
        }
    if item:
        return _("article %(number)s (%(item)s)") % {
            "number": _figure(number),
            "item": _figure(item),
        }
    return _("article %(number)s") % {"number": _figure(number)}


def _figure(text: str) -> str:
    return figure(int(text)) if text.isdigit() else text


def title_of(code: str) -> str:
    """The act that an item names, in a few words; the code itself when it is unknown."""
    wordings = articles().get(code)
    if not wordings:
        return code
    return wordings[-1].title.in_language(get_language() or "zh-hans")


def code_and_title(code: str) -> str:
    """`38-3 重复收费…`, as lists show an item."""
    return f"{code} {title_of(code)}"


def article_and_title(code: str) -> str:
    """`第三十八条第三项：重复收费…`, as papers cite an item."""
    return _("%(article)s: %(title)s") % {"article": code_label(code), "title": title_of(code)}


def range_label(rule: FineRule) -> str:
    """What fine an article allows, in words."""
    if rule.kind is FineKind.MULTIPLE:
        text = _("%(low)s to %(high)s times the loss") % {"low": rule.low, "high": rule.high}
    elif rule.kind is FineKind.RANGE:
        text = _("%(low)s to %(high)s yuan") % {
            "low": f"{rule.low:,}",
            "high": f"{rule.high:,}",
        }
    else:
        return _("no fine")
    if rule.only_if is OnlyIf.REFUSED:
        return _("%(range)s, only when the party refuses to correct") % {"range": text}
    if rule.only_if is OnlyIf.FRAUD:
        return _("%(range)s, only when done to defraud the fund") % {"range": text}
    return text


def explain(decision: Decision, act_from: date | None = None, act_to: date | None = None) -> str:
    """Why a fine is refused, with the range computed and the article quoted; empty if allowed.

    The days of the act make the remedy concrete where an act must be split.
    """
    article = decision.article
    if decision.allowed:
        return ""
    if article is None:
        return _("This item of law is not in the list of articles. Choose one from the list.")
    reason = _reason(decision, article, act_from, act_to)
    return f"{reason} {quote(article)}" if decision.verdict in _QUOTED else reason


_QUOTED = frozenset(
    {
        Verdict.ABOVE_MAXIMUM,
        Verdict.BELOW_MINIMUM,
        Verdict.MANDATORY,
        Verdict.NOT_REFUSED,
        Verdict.NOT_FRAUD,
        Verdict.NO_LOSS,
        Verdict.NO_FINE_HERE,
    }
)


def _reason(
    decision: Decision, article: Article, act_from: date | None, act_to: date | None
) -> str:
    """The verdict in a sentence or two."""
    words = {
        "code": code_label(article.code),
        "law": law_name(article),
        "day": decision.changes_on,
        "day_before": (decision.changes_on - timedelta(days=1) if decision.changes_on else None),
        "first": act_from,
        "last": act_to,
        "fine": format_yuan(decision.fine),
        "loss": format_yuan(decision.loss),
        "low": format_yuan(decision.min_fine) if decision.min_fine is not None else "",
        "high": format_yuan(decision.max_fine) if decision.max_fine is not None else "",
        "range": range_label(article.fine),
    }
    match decision.verdict:
        case Verdict.ABOVE_MAXIMUM:
            text = _(
                "A fine of %(fine)s is above the highest that the law allows here: %(high)s "
                "(%(range)s; loss %(loss)s, so %(low)s to %(high)s)."
            )
        case Verdict.BELOW_MINIMUM:
            text = _(
                "A fine of %(fine)s is below the least that the law demands here: %(low)s "
                "(%(range)s; loss %(loss)s, so %(low)s to %(high)s)."
            )
        case Verdict.MANDATORY:
            text = _(
                "The law demands a fine of %(low)s to %(high)s here. Impose it, or state the "
                "ground of exemption (Administrative Penalty Law, article 33)."
            )
        case Verdict.NOT_REFUSED:
            text = _("The article allows a fine only when the party refuses to correct.")
        case Verdict.NOT_FRAUD:
            text = _("The article allows a fine only when it was done to defraud the fund.")
        case Verdict.NO_LOSS:
            text = _("The fine is a multiple of the loss, and no loss is recorded.")
        case Verdict.NO_FINE_HERE:
            text = _("The article knows no fine.")
        case Verdict.STRADDLES_CHANGE:
            text = _(
                "The act runs from %(first)s to %(last)s, but the law changed on %(day)s "
                "(%(law)s, %(code)s). Enter two findings: %(first)s to %(day_before)s, and "
                "%(day)s to %(last)s, each with its own loss."
            )
        case Verdict.NOT_YET_IN_FORCE:
            text = _(
                "%(law)s, %(code)s has been in force only since %(day)s; when the act was done "
                "it did not exist, so no fine can rest on it. Recover the loss under the "
                "agreement, or choose an article that was in force."
            )
        case _:
            text = _(
                "%(law)s, %(code)s was in force only until %(day)s, before the act. Choose the "
                "article that was in force when it was done."
            )
    return text % words
