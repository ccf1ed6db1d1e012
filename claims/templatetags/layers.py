"""Benefit layers in words: `{% load layers %}`."""

from django import template
from django.utils.translation import get_language

from claims.benefit.loading import shipped_schemes

register = template.Library()


@register.filter
def layer_name(code: str) -> str:
    """The layer's name in the reader's language; an unknown code as it is."""
    lang = "en" if (get_language() or "").startswith("en") else "zh"
    for scheme in shipped_schemes().values():
        for layer in scheme.layers:
            if layer.code == code:
                return layer.name.in_(lang)
    return code
