"""Tones and status tags: a word in a quiet colour that means the same everywhere."""

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from enrollment.access.scope import sees_none
from enrollment.values.money import format_yuan

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import Model
    from django.utils.functional import _StrPromise

    from enrollment.access.models import User

    Label = str | _StrPromise
else:
    # A word for screens, translated when it is shown.
    Label = str | Promise


class Tone(StrEnum):
    """What a colour says; the word beside it says it too.

    NEUTRAL: nothing to do or a draft. BLUE: under way. AMBER: waits for somebody or is near a
    limit. GREEN: done, paid, valid. RED: refused, failed, overdue, suspended.
    """

    NEUTRAL = "neutral"
    BLUE = "blue"
    AMBER = "amber"
    GREEN = "green"
    RED = "red"


def status_tag(label: Label, tone: Tone | str = Tone.NEUTRAL) -> SafeString:
    """The status as HTML; an unknown tone raises ValueError."""
    return format_html('<span class="tag tag-{}">{}</span>', Tone(tone).value, label)


def words_listed(*words: object) -> str:
    """The words one after another, as the reader's language separates them: `覃立军、刘晓梅`."""
    separator: str = pgettext("between listed words", ", ")
    return separator.join(map(str, words))


def money_link(amount: Decimal, url: str) -> SafeString:
    """The amount as a link to its rows; without an address the amount alone."""
    if not url:
        return format_html('<span class="money">{}</span>', format_yuan(amount))
    return format_html('<a class="money" href="{}">{}</a>', url, format_yuan(amount))


def record_link(record: "Model", user: "User | AnonymousUser") -> SafeString:
    """The record's name as a link to its page; the name alone for who may not open that."""
    options = record._meta
    name = f"{options.app_label}_{options.model_name}"
    may_read = user.has_perm(f"{options.app_label}.view_{options.model_name}")
    if not may_read or sees_none(user, type(record)):
        return format_html("{}", record)
    url = reverse(f"admin:{name}_change", args=[record.pk])
    return format_html('<a href="{}">{}</a>', url, record)
