"""Staff and their roles."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin as StockGroupAdmin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Count, Field, Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from enrollment.access.admin_forms import (
    RolesField,
    StaffCreationForm,
    StaffForm,
    TownshipsField,
    township_choices,
)
from enrollment.access.models import User
from enrollment.access.roles import permission_label, role_label
from enrollment.desk.admin import NOTHING, ObjectAction, PortalModelAdmin
from enrollment.desk.tags import Tone, status_tag, words_listed

if TYPE_CHECKING:
    _StockUserAdmin = StockUserAdmin[User]
else:
    _StockUserAdmin = StockUserAdmin


class RoleFilter(admin.SimpleListFilter):
    """Staff by role, in words."""

    title = _("Roles")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The roles that there are."""
        names = Group.objects.order_by("name").values_list("name", flat=True)
        return [(name, role_label(name)) for name in names]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """Who has the role."""
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


@admin.register(User)
class UserAdmin(_StockUserAdmin, PortalModelAdmin):  # type: ignore[misc]  # stubs of get_form
    """Staff: nobody is deleted, since their name stands in the log; they are switched off."""

    bounded_list = True
    form = StaffForm
    add_form = StaffCreationForm
    list_display = ("username", "full_name", "roles", "certificate_no", "status", "last_login")
    list_filter = ("is_active", RoleFilter)
    search_fields = ("username", "full_name")
    search_help_text = _("Login name or name")
    ordering = ("username",)
    readonly_fields = ("last_login", "date_joined", "password_link")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password_link")}),
        (_("Personal details"), {"fields": ("full_name", "certificate_no")}),
        (
            _("Login and roles"),
            {"fields": ("is_active", "is_superuser", "groups", "divisions")},
        ),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "full_name", "password1", "password2")}),
        (_("Login and roles"), {"fields": ("groups", "divisions")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Nobody raises themselves: one's own roles are set by another administrator."""
        fixed = list(super().get_readonly_fields(request, obj))
        if not request.user.is_superuser:
            fixed.append("is_superuser")
        if obj is not None and obj.pk == request.user.pk:
            fixed += ["is_active", "is_superuser", "own_roles", "own_townships"]
        return [*fixed, "roles", "own_townships"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """One's own roles are shown, not offered; who may not change gets no link to a change."""
        shown = super().get_fieldsets(request, obj)
        if obj is None:
            return shown
        if not self.has_change_permission(request, obj):
            return _with_fields(shown, _READ)
        if obj.pk == request.user.pk:
            return _with_fields(shown, _OWN)
        return shown

    @admin.display(description=_("Roles"))
    def own_roles(self, obj: User) -> str:
        """One's own roles, with whom to ask."""
        hint = _("Another administrator sets your own roles.")
        return format_html('{} <span class="muted">{}</span>', self.roles(obj), hint)

    @admin.display(description=_("Townships"))
    def own_townships(self, obj: User) -> str:
        """Whose residents one works for."""
        names = dict(township_choices())
        chosen = [str(names.get(code, code)) for code in obj.divisions]
        return words_listed(*chosen) or str(_("the whole county"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An account with all permissions is changed by its like only."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def object_actions(self, request: HttpRequest, obj: User) -> Sequence[ObjectAction]:
        """What an administrator does to somebody's login, each with its reason."""
        if not self.has_change_permission(request, obj) or obj.pk == request.user.pk:
            return ()
        offered = (
            ("unlock", _("Unlock the login"), Tone.NEUTRAL),
            ("end_sessions", _("Log the person out everywhere"), Tone.NEUTRAL),
            ("reset_second_step", _("Reset the second step"), Tone.RED),
        )
        return [
            ObjectAction(
                label=label,
                url=reverse(f"admin:enrollment_user_{name}", args=[obj.pk]),
                tone=tone,
            )
            for name, label, tone in offered
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With the groups of the listed users in one statement."""
        groups = Prefetch("groups", queryset=Group.objects.order_by("name"))
        users: QuerySet[User] = super().get_queryset(request)
        return users.prefetch_related(groups)

    @admin.display(description=_("Roles"))
    def roles(self, obj: User) -> str:
        """The roles in words."""
        names = [role_label(group.name) for group in obj.groups.all()]
        return words_listed(*names) or NOTHING

    @admin.display(description=_("Status"), ordering="is_active")
    def status(self, obj: User) -> str:
        """Whether the account may log in."""
        if obj.is_active and obj.is_staff:
            return status_tag(pgettext("account", "Active"), Tone.GREEN)
        return status_tag(pgettext("account", "Switched off"), Tone.NEUTRAL)

    @admin.display(description=_("Password"))
    def password_link(self, obj: User) -> str:
        """Where to set a new password; what is stored is nobody's business."""
        address = reverse("admin:enrollment_user_set_password", args=[obj.pk])
        return format_html('<a href="{}">{}</a>', address, _("Set a new password"))

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """The stock page asks for no reason: the portal's own stands in its place."""
        user = self.get_object(request, unquote(id))
        if user is None:
            raise Http404
        return redirect("admin:enrollment_user_set_password", pk=user.pk)

    def formfield_for_dbfield(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Roles as boxes, without links to edit a role on the way."""
        if db_field.name == "groups":
            return RolesField(
                Group.objects.order_by("name"),
                label=_("Roles"),
                required=False,
                help_text=_("A member of staff may do what any of their roles may do."),
            )
        if db_field.name == "divisions":
            return TownshipsField()
        if db_field.name == "username":
            kwargs["help_text"] = _("Letters, digits and @ . + - _ only.")
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Everyone entered here works at the desks, after changing the password given here."""
        if not change:
            obj.is_staff = True
            obj.must_change_password = True
        super().save_model(request, obj, form, change)


# What stands in the place of a field: on one's own account, and for whoever only reads.
_OWN = {"groups": "own_roles", "divisions": "own_townships"}
_READ = {"groups": "roles", "divisions": "own_townships", "password_link": ""}


def _with_fields(fieldsets: Any, instead: Mapping[str, str]) -> Any:
    """The fieldsets with other fields in some places; nothing in the place of an empty one."""
    changed = []
    for title, options in fieldsets:
        fields = [instead.get(name, name) for name in options["fields"]]
        changed.append((title, {**options, "fields": [name for name in fields if name]}))
    return changed


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(StockGroupAdmin, PortalModelAdmin):
    """Roles; those of the bureau are brought back to `config.roles` after each migrate."""

    bounded_list = True
    list_label = _("Roles")
    list_display = ("role", "code", "members")
    search_fields = ("name",)
    search_help_text = _("Code")
    ordering = ("name",)
    readonly_fields = ("role", "code", "permission_words")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """In words for whoever looks; the stock selection for whoever may change."""
        if obj is not None and not self.has_change_permission(request, obj):
            return ((None, {"fields": ("role", "code", "permission_words")}),)
        return ((None, {"fields": ("name", "permissions")}),)

    def get_record_title(self, obj: Group) -> str:
        """The role in words."""
        return role_label(obj.name)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        """With the number of members."""
        groups: QuerySet[Group] = super().get_queryset(request)
        return groups.annotate(member_count=Count("user"))

    @admin.display(description=_("Role"))
    def role(self, obj: Group) -> str:
        """The role in words."""
        return role_label(obj.name)

    @admin.display(description=_("Code"), ordering="name")
    def code(self, obj: Group) -> str:
        """The group's name."""
        return obj.name

    @admin.display(description=_("Members"), ordering="member_count")
    def members(self, obj: Group) -> int:
        """How many hold the role."""
        count: int = obj.member_count  # type: ignore[attr-defined]  # annotated above
        return count

    @admin.display(description=_("May"))
    def permission_words(self, obj: Group) -> str:
        """What the role may do, a line each."""
        permissions = obj.permissions.select_related("content_type")
        lines = sorted((permission_label(permission),) for permission in permissions)
        return format_html('<ul class="lines">{}</ul>', format_html_join("", "<li>{}</li>", lines))
