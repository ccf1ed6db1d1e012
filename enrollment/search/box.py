"""The box in the header: what it promises to find is what its reader may find."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from enrollment.access.models import User
from enrollment.search.finders import Finder, finders_for

# Who may find residents may type an identity number.
_PEOPLE = "persons"


@dataclass(frozen=True)
class Box:
    """The box of one reader: its name, the words in it, and its tooltip."""

    label: str
    placeholder: str
    hint: str


def box_for(user: User) -> Box | None:
    """The reader's box; None for who may find nothing. No statement."""
    finders = finders_for(user)
    return _box(finders) if finders else None


def _box(finders: Sequence[Finder]) -> Box:
    named = [finder for finder in finders if finder.by]
    numbered = [str(finder.title) for finder in finders if not finder.by]
    colon = pgettext("between label and text", ": ")
    lines = [f"{finder.title}{colon}{finder.by}" for finder in named]
    if numbered:
        lines.append(colon.join((_("By number"), _listed(numbered))))
    lines.append(_("Press / or Ctrl+K to come here"))
    end = pgettext("end of a sentence", ".")
    return Box(
        label=_("Find: %(kinds)s") % {"kinds": _listed([str(one.title) for one in finders])},
        placeholder=_placeholder(finders),
        hint="\n".join(f"{line}{end}" for line in lines),
    )


def _placeholder(finders: Sequence[Finder]) -> str:
    """What may be typed, as short as the box is."""
    if any(finder.key == _PEOPLE for finder in finders):
        return _("Name, ID or number")
    if any(finder.key == "institutions" for finder in finders):
        return _("Name or number")
    return _("Number")


def _listed(words: Sequence[str]) -> str:
    return pgettext("between listed words", ", ").join(words)
