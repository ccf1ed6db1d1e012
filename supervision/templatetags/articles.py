"""Items of law in templates: `{% load articles %}`."""

from django import template

from supervision.articles.wording import article_and_title as _article_and_title
from supervision.articles.wording import code_and_title as _code_and_title

register = template.Library()


@register.filter
def code_and_title(code: str) -> str:
    """`38-3` with what it says, in the user's language."""
    return _code_and_title(code)


@register.filter
def article_and_title(code: str) -> str:
    """The article and item as a paper cites them, with what they say."""
    return _article_and_title(code)
