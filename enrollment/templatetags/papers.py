"""Template tags of papers: `{% load papers %}`."""

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from enrollment.printing.words import in_english

register = template.Library()


@register.simple_tag
def days(first: date | None, last: date) -> SafeString:
    """`{% days claim.admitted_on claim.discharged_on %}`: `2026-09-01至2026-09-08`.

    The last day alone when it is the only one; a line breaks between days, never inside one.
    """
    to = format_html('<span class="nowrap">{}</span>', last.isoformat())
    if first is None or first == last:
        return to
    since = format_html('<span class="nowrap">{}</span>', first.isoformat())
    return format_html(_("{first} to {last}"), first=since, last=to)


@register.simple_tag
def gap() -> str:
    """What stands between two sentences: a blank, and nothing in Chinese."""
    return " " if in_english() else ""
