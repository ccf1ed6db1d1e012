"""Which of the calculator's two languages the reader reads."""

from django.utils.translation import get_language


def reader_language() -> str:
    """`en` or `zh`, as the calculator's texts name languages."""
    return "en" if (get_language() or "").startswith("en") else "zh"
