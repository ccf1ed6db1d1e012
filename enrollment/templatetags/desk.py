"""Template tags of the portal's own pages: `{% load desk %}`."""

from decimal import Decimal
from typing import Any

from django import template
from django.forms.utils import ErrorList
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from enrollment.desk.navigation import may_open
from enrollment.desk.tags import Label, Tone, money_link, record_link, status_tag
from enrollment.values.identifiers import mask_account as _mask_account
from enrollment.values.identifiers import mask_id as _mask_id
from enrollment.values.identifiers import mask_phone as _mask_phone
from enrollment.values.money import format_yuan

register = template.Library()

# Before the id of a part of the page in the code of an error: `part:papers`.
PART = "part:"

_BOOLEAN_ICONS = {"True": _("yes"), "False": _("no"), "None": "—"}


@register.simple_tag
def tag(label: Label, tone: Tone | str = Tone.NEUTRAL) -> SafeString:
    """`{% tag claim.get_state_display "green" %}`: the status as a word in its tone."""
    return status_tag(label, tone)


@register.simple_tag
def money(amount: Decimal | None, url: str = "") -> SafeString | str:
    """`{% money line.row.loss line.loss_url %}`: the amount, to its rows where there is a link."""
    return "—" if amount is None else money_link(amount, url)


@register.simple_tag(takes_context=True, name="may_open")
def _may_open(context: dict[str, Any], name: str) -> bool:
    """`{% may_open "claims_settlement_settle" as may %}`: whether the site lets the reader in."""
    return may_open(context["request"].user, name)


@register.simple_tag(takes_context=True, name="record_link")
def _record_link(context: dict[str, Any], record: Any) -> SafeString | str:
    """`{% record_link claim.person %}`: its name, to its page for who may open it."""
    return record_link(record, context["request"].user) if record else "—"


@register.simple_tag
def progress(done: int, total: int) -> SafeString:
    """`{% progress 120 400 %}`: a bar with its figures; an empty total shows an empty bar."""
    return format_html(
        '<span class="progress"><progress value="{}" max="{}"></progress>'
        ' <span class="num">{} / {}</span></span>',
        done,
        max(total, 1),
        f"{done:,}",
        f"{total:,}",
    )


@register.filter
def yuan(amount: Decimal | None) -> str:
    """`1,234.50`; a dash for no amount."""
    return "—" if amount is None else format_yuan(amount)


@register.filter
def booleans_in_words(contents: Any) -> Any:
    """A read-only value as the stock admin gives it, its yes/no icon in the reader's words."""
    word = _BOOLEAN_ICONS.get(str(contents).partition('alt="')[2].partition('"')[0])
    return word if word and str(contents).startswith("<img") else contents


@register.filter
def linked(errors: ErrorList) -> list[tuple[str, str]]:
    """Errors of a whole form, each with the id of the part of the page that it is about.

    The code of such an error is `PART` and that id; others have none.
    """
    return [
        (code.removeprefix(PART) if (code := str(error.code or "")).startswith(PART) else "", text)
        for error in errors.as_data()
        for text in error.messages
    ]


@register.filter
def grouped(count: int) -> str:
    """A count with thousand separators: `42,190`."""
    return f"{count:,}"


@register.filter
def mask_id(number: Any) -> str:
    """An identity number with its middle hidden."""
    return _mask_id(str(number or ""))


@register.filter
def mask_phone(number: Any) -> str:
    """A telephone number with its middle hidden."""
    return _mask_phone(str(number or ""))


@register.filter
def mask_account(number: Any) -> str:
    """The last four of an account."""
    return _mask_account(str(number or ""))
