"""Layers and reasons in words: `{% load money_words %}`."""

from django import template

from claims.payments.models import PaymentOrder
from claims.payments.tones import ORDER_TONES
from claims.policies.language import reader_language
from claims.policies.selectors import layer_name as name_of_layer
from claims.policies.selectors import scheme_name as name_of_scheme
from claims.review import holding
from enrollment.desk.tags import status_tag

register = template.Library()


@register.filter
def layer_name(code: str) -> str:
    """The layer's name in the reader's language; an unknown code as it is."""
    return name_of_layer(code, reader_language())


@register.filter
def scheme_name(code: str) -> str:
    """The scheme's name in the reader's language; an unknown code as it is."""
    return name_of_scheme(code, reader_language())


@register.filter
def held_because(stored: str) -> str:
    """Why the settlement holds a claim, from what stands on the claim."""
    return holding.held_because(stored)


@register.simple_tag
def order_tag(order: PaymentOrder) -> str:
    """An order's state as a coloured tag."""
    return status_tag(order.get_state_display(), ORDER_TONES[order.state])
