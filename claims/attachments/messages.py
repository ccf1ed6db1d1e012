"""Why a file is not taken, in words."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from claims.attachments.content import LARGEST, MOST_PAGES, MOST_PIXELS

_MEGABYTE = 1024 * 1024
_SENTENCES: Mapping[str, Callable[[], str]] = {
    "empty": lambda: _("The file is empty."),
    "too_large": lambda: (
        _("The file is larger than %(limit)d MB: scan with fewer dots per inch.")
        % {"limit": LARGEST // _MEGABYTE}
    ),
    "unknown_type": lambda: _("The file is no PDF, JPEG or PNG, whatever its name says."),
    "too_many_pixels": lambda: (
        _("The picture has more than %(limit)d million dots: scan with fewer dots per inch.")
        % {"limit": MOST_PIXELS // 1_000_000}
    ),
    "damaged": lambda: _("The file is damaged or incomplete: scan it again."),
    "something_behind": lambda: _(
        "The PDF has other data behind its end: print it as a PDF again, or scan the paper."
    ),
    "active": lambda: _(
        "The PDF is encrypted or contains programs, forms or other files: print it and scan it."
    ),
    "too_many_pages": lambda: (
        _("The PDF has more than %(limit)d pages: split it.") % {"limit": MOST_PAGES}
    ),
}


def say_refused(code: str) -> str:
    """The sentence for a code; KeyError for an unknown one."""
    return _SENTENCES[code]()
