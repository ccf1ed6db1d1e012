"""Staff and their roles."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as StockGroupAdmin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Count, ManyToManyField, Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from enrollment.access.models import User
from enrollment.access.roles import role_label
from enrollment.desk.admin import NOTHING, PortalModelAdmin
from enrollment.desk.tags import Tone, status_tag

if TYPE_CHECKING:
    _ModelMultipleChoiceField = forms.ModelMultipleChoiceField[Group]
    _StockUserAdmin = StockUserAdmin[User]
else:
    _ModelMultipleChoiceField = forms.ModelMultipleChoiceField
    _StockUserAdmin = StockUserAdmin


class RolesField(_ModelMultipleChoiceField):
    """Roles as boxes with their names in words."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        """The role in words."""
        return role_label(obj.name)


@admin.register(User)
class UserAdmin(_StockUserAdmin, PortalModelAdmin):
    """Staff: nobody is deleted, since their name stands in the log; they are switched off."""

    list_display = ("username", "full_name", "roles", "certificate_no", "status", "last_login")
    list_filter = ("is_active", "groups")
    search_fields = ("username", "full_name")
    search_help_text = _("Login name or name")
    ordering = ("username",)
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Personal details"), {"fields": ("full_name", "certificate_no")}),
        (_("Login and roles"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "full_name", "password1", "password2", "groups")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With the groups of the listed users in one statement."""
        groups = Prefetch("groups", queryset=Group.objects.order_by("name"))
        users: QuerySet[User] = super().get_queryset(request)
        return users.prefetch_related(groups)

    @admin.display(description=_("Roles"))
    def roles(self, obj: User) -> str:
        """The roles in words."""
        names = [role_label(group.name) for group in obj.groups.all()]
        return str(pgettext("between listed words", ", ")).join(names) or NOTHING

    @admin.display(description=_("Status"), ordering="is_active")
    def status(self, obj: User) -> str:
        """Whether the account may log in."""
        if obj.is_active and obj.is_staff:
            return status_tag(pgettext("account", "Active"), Tone.GREEN)
        return status_tag(pgettext("account", "Switched off"), Tone.NEUTRAL)

    def formfield_for_manytomany(
        self, db_field: "ManyToManyField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "forms.ModelMultipleChoiceField[Any] | None":
        """Roles as boxes."""
        if db_field.name == "groups":
            return RolesField(
                Group.objects.order_by("name"),
                label=_("Roles"),
                required=False,
                help_text=_("A member of staff may do what any of their roles may do."),
            )
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Everyone entered here works at the desks."""
        if not change:
            obj.is_staff = True
        super().save_model(request, obj, form, change)


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(StockGroupAdmin, PortalModelAdmin):
    """Roles; the five of the bureau are brought back to `config.roles` after each migrate."""

    list_display = ("role", "code", "members")
    search_fields = ("name",)
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        """With the number of members."""
        groups: QuerySet[Group] = super().get_queryset(request)
        return groups.annotate(member_count=Count("user"))

    @admin.display(description=_("Role"), ordering="name")
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
