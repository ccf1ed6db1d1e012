"""Finders: each app looks for its own records by what people have in hand.

An app registers its finders in `APP/screens.py`:

    def claims_by_number(term: str, user: User) -> list[Hit]:
        ...

    register_finder("claims", _("Claims"), claims_by_number,
                    permission="claims.view_claim", order=30)

A finder makes at most one statement, which uses an index and ends after `FETCHED` rows; it sees
only what the user may see. It gets the term as typed, without control characters and outer spaces.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

from enrollment.access.models import User
from enrollment.access.scope import is_limited
from enrollment.desk.tags import Label, Tone
from enrollment.values.written import half_width_words

SHOWN = 20
# One more than is shown: whether there are more.
FETCHED = SHOWN + 1
LONGEST = 60
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Hit:
    """One record found: its name, what tells it apart, its page, and its state as a tag."""

    label: str
    url: str
    details: Sequence[Label] = ()
    state: Label = ""
    tone: Tone = Tone.NEUTRAL


FinderFunction = Callable[[str, User], Sequence[Hit]]


@dataclass(frozen=True)
class Finder:
    """A kind of record that can be found.

    `by` says what to type, for records that are found by more than their number. `yields`: what
    it finds does not keep the box from opening the only record that others find. What is the
    `whole_county`'s is not for users limited to some townships.
    """

    key: str
    title: Label
    find: FinderFunction
    permission: str
    order: int
    by: Label = ""
    yields: bool = False
    whole_county: bool = False

    def is_for(self, user: User) -> bool:
        """Whether the user may see what it finds."""
        return user.has_perm(self.permission) and not (self.whole_county and is_limited(user))


@dataclass(frozen=True)
class Group:
    """What one finder found: the first `SHOWN`, and whether there are more."""

    finder: Finder
    hits: Sequence[Hit]
    has_more: bool


_finders: dict[str, Finder] = {}


def register_finder(
    key: str,
    title: Label,
    find: FinderFunction,
    *,
    permission: str,
    order: int,
    by: Label = "",
    yields: bool = False,
    whole_county: bool = False,
) -> None:
    """Let the box find a kind of record; ImproperlyConfigured when the key is taken."""
    if key in _finders:
        raise ImproperlyConfigured(f"there is a finder {key!r} already")
    _finders[key] = Finder(key, title, find, permission, order, by, yields, whole_county)


def finders_for(user: User) -> list[Finder]:
    """The finders whose records the user may see, in order."""
    allowed = [finder for finder in _finders.values() if finder.is_for(user)]
    return sorted(allowed, key=lambda finder: finder.order)


def cleaned(text: str) -> str:
    """What was typed or scanned, without control characters and outer spaces, at most 60 long.

    Full-width digits and letters, as an input method leaves them, count as plain ones.

    >>> cleaned("  20261124000001 ")
    '20261124000001'
    """
    return half_width_words(_CONTROL.sub("", text))[:LONGEST]


def find_everywhere(term: str, user: User) -> list[Group]:
    """What the user's finders find; at most one statement each, none for an empty term."""
    groups = []
    for finder in finders_for(user) if term else ():
        hits = finder.find(term, user)
        if hits:
            groups.append(Group(finder, hits[:SHOWN], has_more=len(hits) > SHOWN))
    return groups


def only_hit(groups: Sequence[Group]) -> Hit | None:
    """The one record that was meant; None when there are several, or none."""
    firm = [group for group in groups if not group.finder.yields] or groups
    hits = [hit for group in firm for hit in group.hits]
    return hits[0] if len(hits) == 1 else None
