"""Items of law to choose from."""

from django.utils.translation import get_language

from enrollment.printing.words import in_english
from supervision.articles.wording import code_label, law_name
from supervision.statutes.loading import articles
from supervision.statutes.types import Subject

Group = tuple[str, list[tuple[str, str]]]


def institution_items() -> list[Group]:
    """The items that bind institutions, grouped by law and article, in today's language."""
    language = get_language() or "zh-hans"
    gap = " " if in_english() else ""
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, wordings in articles().items():
        newest = wordings[-1]
        if Subject.INSTITUTION not in newest.subjects:
            continue
        law = law_name(newest)
        number = code.partition("-")[0]
        heading = f"{law}{gap}{code_label(number)}" if number.isdigit() else law
        item = f"{code} {newest.title.in_language(language)}"
        groups.setdefault(heading, []).append((code, item))
    return list(groups.items())
