"""Boards: groups of figures on the work desk, each figure leading to its rows.

An app registers its boards in `APP/screens.py`:

    def fund_this_year(user: User) -> Board:
        return Board("fund", _("The fund this year"), figures=[Figure(_("Paid"), paid, url)])

    register_board("fund", _("The fund this year"), fund_this_year,
                   permission="claims.view_posting", order=10, statements=1)

`statements` is what the board makes at most; tests hold it to that. A board whose figures take
long to ask for (`later`) is fetched by the page once it stands.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ImproperlyConfigured

from enrollment.access.models import User
from enrollment.access.scope import is_limited
from enrollment.desk.tags import Label, Tone


@dataclass(frozen=True)
class Figure:
    """A figure with its words; a Decimal is money. `url` leads to the rows it is made of."""

    label: Label
    value: Decimal | int | Label
    url: str = ""
    hint: Label = ""
    tone: Tone = Tone.NEUTRAL

    @property
    def is_money(self) -> bool:
        """Whether the value is an amount of yuan."""
        return isinstance(self.value, Decimal)

    @property
    def is_count(self) -> bool:
        """Whether the value is a number of things."""
        return isinstance(self.value, int)


@dataclass(frozen=True)
class Row:
    """One line of a board's table: its name, then a figure for each column."""

    label: Label
    cells: Sequence[Figure]
    is_total: bool = False


@dataclass(frozen=True)
class Table:
    """Figures in rows and columns, with how they come about in words."""

    corner: Label
    columns: Sequence[Label]
    rows: Sequence[Row]
    formula: Label = ""
    # What stands in its place while there is no row.
    nothing: Label = ""

    @property
    def width(self) -> int:
        """How many columns the table has, its corner among them."""
        return len(self.columns) + 1


@dataclass(frozen=True)
class Board:
    """A group of figures under one heading."""

    key: str
    title: Label
    figures: Sequence[Figure] = ()
    table: Table | None = None


BoardProvider = Callable[[User], Board | None]


@dataclass(frozen=True)
class Registered:
    """A provider, who may read it, and what it costs."""

    key: str
    title: Label
    permission: str
    provider: BoardProvider
    order: int
    statements: int
    later: bool


_registered: dict[str, Registered] = {}


def register_board(
    key: str,
    title: Label,
    provider: BoardProvider,
    *,
    permission: str,
    order: int,
    statements: int,
    later: bool = False,
) -> None:
    """Show the provider's board to users who hold the permission.

    Raises ImproperlyConfigured when the key is taken.
    """
    if key in _registered:
        raise ImproperlyConfigured(f"there is a board {key!r} already")
    _registered[key] = Registered(key, title, permission, provider, order, statements, later)


def registered_for(user: User) -> list[Registered]:
    """The boards that the user may read, in order; no statement.

    Their figures are the whole county's: who is limited to some townships reads none.
    """
    if is_limited(user):
        return []
    allowed = [one for one in _registered.values() if user.has_perm(one.permission)]
    return sorted(allowed, key=lambda one: one.order)


def boards_for(user: User) -> tuple[list[Board], list[Registered]]:
    """The user's boards that stand at once, and those that the page fetches later."""
    mine = registered_for(user)
    told = [one.provider(user) for one in mine if not one.later]
    return [board for board in told if board is not None], [one for one in mine if one.later]
