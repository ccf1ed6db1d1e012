"""Items of law to choose from."""

from django.utils.translation import get_language

from supervision.articles.wording import code_label
from supervision.statutes.loading import articles
from supervision.statutes.types import Subject

Group = tuple[str, list[tuple[str, str]]]


def institution_items() -> list[Group]:
    """The items that bind institutions, grouped by law and article, in today's language."""
    language = get_language() or "zh-hans"
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, wordings in articles().items():
        newest = wordings[-1]
        if Subject.INSTITUTION not in newest.subjects:
            continue
        law = newest.law.in_language(language)
        number = code.partition("-")[0]
        heading = f"{law} {code_label(number)}" if number.isdigit() else law
        item = f"{code} {newest.title.in_language(language)}"
        groups.setdefault(heading, []).append((code, item))
    return list(groups.items())
