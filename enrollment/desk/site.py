"""The portal's admin site: its frame, its work desk and the apps' own views."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, cast

from django.contrib.admin import AdminSite
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from enrollment.access.models import User
from enrollment.access.roles import role_label
from enrollment.access.scope import is_limited
from enrollment.boards.registry import boards_for
from enrollment.bureau.models import Bureau
from enrollment.desk import navigation
from enrollment.desk.errors import MissingPermission
from enrollment.desk.queues import queues_for, shown_sum
from enrollment.desk.scoped import COUNTY_ONLY
from enrollment.desk.stock import StockScriptTexts
from enrollment.divisions.models import Division
from enrollment.login.forms import LoginForm, OwnPasswordForm
from enrollment.login.sessions import owes_new_password, password_changed
from enrollment.login.start import begin, last_login_of
from enrollment.search.box import box_for


class PortalAdminSite(AdminSite):
    """The stock admin with the bureau's frame, work desk and own pages.

    What stands in the header and on the desk, and which views exist beside those of the
    models, is registered by the apps in their `screens.py`.
    """

    site_header = _("Medical insurance bureau portal")
    site_title = _("Medical insurance bureau portal")
    index_title = _("Work desk")
    site_url = None
    enable_nav_sidebar = False
    login_form = LoginForm

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """The apps' own views first, then the stock ones."""
        own: list[URLResolver | URLPattern] = [
            path(view.path, self.admin_view(_guarded(view)), name=view.name)
            for view in navigation.registry.views.values()
        ]
        stock = super().get_urls()
        # No record has a page outside the admin site for the stock to lead to.
        return own + [one for one in stock if getattr(one, "name", "") != "view_on_site"]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Add the navigation, and the user's roles when the header asks for them."""
        context = super().each_context(request)
        user = request.user
        bureau = SimpleLazyObject(_masthead)
        context["bureau_name"] = SimpleLazyObject(lambda: bureau.name)
        context["is_demonstration"] = SimpleLazyObject(lambda: bureau.is_demonstration)
        if isinstance(user, User) and self.has_permission(request):
            match = request.resolver_match
            menu = navigation.menu_for(user, match.view_name if match else "")
            context["menu"] = menu
            context["menu_area"] = next((area for area in menu if area.current), None)
            context["search_box"] = SimpleLazyObject(lambda: box_for(user))
            context["user_roles"] = SimpleLazyObject(lambda: _roles_of(user))
        return context

    def i18n_javascript(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The texts of the stock's scripts, some in the office's words."""
        view = StockScriptTexts.as_view(packages=["django.contrib.admin"])
        return cast("HttpResponse", view(request))

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The stock login; then the session begins, with a second step where one is owed."""
        before = last_login_of(request)
        answer = super().login(request, extra_context)
        done = request.method == "POST" and answer.status_code == HTTPStatus.FOUND
        if done and isinstance(request.user, User):
            begin(request, request.user, last_login=before)
        return answer

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """One's own password; a session that owed a new one works from then on."""
        view = PasswordChangeView.as_view(
            form_class=OwnPasswordForm,
            success_url=reverse("admin:password_change_done"),
            extra_context={
                **self.each_context(request),
                "is_owed": owes_new_password(request.session),
                **(extra_context or {}),
            },
        )
        answer = cast("TemplateResponse", view(request))
        if request.method == "POST" and answer.status_code == HTTPStatus.FOUND:
            password_changed(request.session)
        return answer

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The work desk: the user's tasks and queues with counts, boards of figures, lists."""
        user = request.user
        queues = queues_for(user) if isinstance(user, User) else []
        boards, later = boards_for(user) if isinstance(user, User) else ([], [])
        asking = [queue for queue in queues if queue.needs_reader]
        waiting = sum(queue.count for queue in asking)
        context = {
            "queues": queues,
            "waiting": waiting,
            "waiting_shown": shown_sum(asking),
            "starts": navigation.starts_for(user) if isinstance(user, User) else [],
            "boards": boards,
            "boards_later": later,
            "today": timezone.localdate(),
            **(extra_context or {}),
        }
        return super().index(request, context)

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Lists are reached by area, not by app: the work desk again."""
        return self.index(request, extra_context)


def _guarded(own: navigation.OwnView) -> Callable[..., HttpResponseBase]:
    """The view behind its permission and, for the whole county's, the user's townships."""

    @wraps(own.view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if own.permission is not None and not request.user.has_perm(own.permission):
            raise MissingPermission(own.permission)
        if navigation.is_beyond(request.user, own):
            raise PermissionDenied(COUNTY_ONLY)
        return own.view(request, *args, **kwargs)

    return inner


def _masthead() -> Bureau:
    """The bureau, under the portal's name before it is set up; one statement."""
    bureau = Bureau.objects.only("name", "is_demonstration").first()
    return bureau or Bureau(name=str(PortalAdminSite.site_header))


def _roles_of(user: User) -> str:
    """The user's roles in words, with the townships of who has some; at most two statements."""
    names = [role_label(name) for name in user.groups.values_list("name", flat=True)]
    if not names and user.is_superuser:
        names = [str(_("All permissions"))]
    if is_limited(user):
        places = Division.objects.filter(code__in=user.divisions).order_by("code")
        names += places.values_list("name", flat=True)
    return pgettext("between listed words", ", ").join(names)
