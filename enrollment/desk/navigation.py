"""Where one can go: areas in the header, pages in them, and the apps' own views.

Each installed app may have a module `APP/screens.py`; the admin site imports it once all apps
are loaded (`config.apps.PortalAdminConfig`). There the app registers what belongs to it:

    register_area("claims", _("Claims"), order=20)
    register_page("claims", _("Window"), "admin:claims_window",
                  permission="claims.submit_claim", order=10)
    register_page("claims", _("Claims"), "admin:claims_claim_changelist",
                  permission="claims.view_claim", order=20, hint=_("All claims by state."))
    register_view("claims/window/", window_view, "claims_window",
                  permission="claims.submit_claim")

Order of import does not matter: a page may name an area that a lower app registers later. A
page is current for its own address and for those whose names continue its own
(`claims_window` covers `claims_window_quote`, a `_changelist` covers `_change` and `_add`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponseBase
from django.urls import reverse

from enrollment.access.models import User
from enrollment.access.scope import is_limited
from enrollment.desk.tags import Label

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Area:
    """A part of the bureau's work, one word in the header."""

    key: str
    label: Label
    order: int


@dataclass(frozen=True)
class Page:
    """A list or an own page; `permission` None means every member of staff."""

    area: str
    label: Label
    url_name: str
    permission: str | None
    order: int = 100
    hint: Label = ""
    whole_county: bool = False

    def covers(self, view_name: str) -> bool:
        """Whether the named view belongs to this page."""
        stem = self.url_name.removesuffix("_changelist")
        return view_name == self.url_name or view_name.startswith(f"{stem}_")

    @property
    def url(self) -> str:
        """The page's address."""
        return reverse(self.url_name)


@dataclass(frozen=True)
class OwnView:
    """A view under the admin site beside those of the models."""

    path: str
    view: View
    name: str
    permission: str | None
    whole_county: bool = False


@dataclass(frozen=True)
class MenuArea:
    """An area with the pages that one user may see."""

    area: Area
    pages: list[Page]
    current: Page | None = None

    @property
    def url(self) -> str:
        """The first page of the area."""
        return self.pages[0].url


@dataclass(frozen=True)
class Start:
    """A task that begins at the desk, without a record that waits: a button on the first page."""

    view: OwnView
    label: Label
    order: int

    @property
    def url(self) -> str:
        """Where it begins."""
        return reverse(f"admin:{self.view.name}")


@dataclass
class Registry:
    """Areas, pages, views and starts as the apps registered them."""

    areas: dict[str, Area] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    views: dict[str, OwnView] = field(default_factory=dict)
    starts: dict[str, Start] = field(default_factory=dict)


registry = Registry()


def register_area(key: str, label: Label, *, order: int) -> None:
    """Add an area; raises ImproperlyConfigured when the key is taken."""
    _once(registry.areas, key)
    registry.areas[key] = Area(key, label, order)


def register_page(
    area: str,
    label: Label,
    url_name: str,
    *,
    permission: str | None,
    order: int = 100,
    hint: Label = "",
    whole_county: bool = False,
) -> None:
    """Add a page to an area; raises ImproperlyConfigured when the address is taken.

    A page of the `whole_county` is not shown to users limited to some townships.
    """
    _once(registry.pages, url_name)
    registry.pages[url_name] = Page(area, label, url_name, permission, order, hint, whole_county)


def register_view(
    path: str, view: View, name: str, *, permission: str | None, whole_county: bool = False
) -> None:
    """Add a view under the admin site: `reverse("admin:" + name)`.

    The site asks for a login and for the permission (`app.codename`; None: every member of
    staff) before it calls the view; one that acts on the `whole_county` refuses users limited
    to some townships, all others narrow what they read by `visible_to`. Raises
    ImproperlyConfigured when the name is taken.
    """
    _once(registry.views, name)
    registry.views[name] = OwnView(path, view, name, permission, whole_county)


def register_start(name: str, label: Label, *, order: int) -> None:
    """Offer a registered view (by its name) as a button of the desk to all who may open it."""
    _once(registry.starts, name)
    registry.starts[name] = Start(registry.views[name], label, order)


def starts_for(user: User) -> list[Start]:
    """The tasks that the user may begin, the first in order being the desk's main one."""
    return sorted(
        (start for start in registry.starts.values() if _allowed(user, start.view)),
        key=lambda start: start.order,
    )


def menu_for(user: User, view_name: str = "") -> list[MenuArea]:
    """The areas and pages that the user may see, the page of `view_name` marked.

    No statement beyond the user's permissions, which Django reads once per request. Raises
    ImproperlyConfigured for a page whose area nobody registered.
    """
    visible = [page for page in registry.pages.values() if _allowed(user, page)]
    covering = [page for page in visible if view_name and page.covers(view_name)]
    current = max(covering, key=lambda page: len(page.url_name), default=None)
    by_area: dict[str, list[Page]] = {}
    for page in sorted(visible, key=lambda page: page.order):
        if page.area not in registry.areas:
            raise ImproperlyConfigured(f"{page.url_name} is in the unknown area {page.area!r}")
        by_area.setdefault(page.area, []).append(page)
    return [
        MenuArea(area, by_area[area.key], current if current in by_area[area.key] else None)
        for area in sorted(registry.areas.values(), key=lambda area: area.order)
        if area.key in by_area
    ]


def may_open(user: User, name: str) -> bool:
    """Whether the site lets the user into a registered view; what would be refused is not offered.

    Raises KeyError for a name that nobody registered.
    """
    return _allowed(user, registry.views[name])


def is_beyond(user: "User | AnonymousUser", page: Page | OwnView) -> bool:
    """Whether it is the whole county's, and the user works for some townships only."""
    return page.whole_county and is_limited(user)


def _allowed(user: User, page: Page | OwnView) -> bool:
    """Whether the user may open the page or view."""
    if is_beyond(user, page):
        return False
    return page.permission is None or user.has_perm(page.permission)


def _once(known: Iterable[str], key: str) -> None:
    """Refuse a second registration of the same name."""
    if key in known:
        raise ImproperlyConfigured(f"{key} is registered twice")
