"""The bureau's settings: one row, one page."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from enrollment.bureau.models import Bureau
from enrollment.bureau.schemes import scheme_choices
from enrollment.desk.admin import PortalModelAdmin
from enrollment.desk.widgets import ComboboxField
from enrollment.divisions.models import Division

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Bureau]
else:
    _ModelForm = forms.ModelForm


class BureauForm(_ModelForm):
    """The settings; the scheme is one of those that the portal ships."""

    division = ComboboxField(
        Division.objects.filter(level__in=(Division.Level.CITY, Division.Level.COUNTY)),
        code="code",
        label=_("County or city"),
        help_text=_("Rolls are read for its townships."),
    )

    class Meta:
        model = Bureau
        fields = (
            "name",
            "division",
            "address",
            "phone",
            "government",
            "court",
            "fine_account",
            "fund_account",
            "scheme",
            "clerk_check_is_first_review",
            "idle_minutes",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the known schemes, and the present one even if it is unknown."""
        super().__init__(*args, **kwargs)
        known = scheme_choices()
        field = self.fields.get("scheme")
        if field is None or not known:
            return
        present = self.instance.scheme
        if present not in dict(known):
            known.append((present, present))
        self.fields["scheme"] = forms.ChoiceField(
            label=field.label, help_text=field.help_text, choices=known
        )


@admin.register(Bureau)
class BureauAdmin(PortalModelAdmin):
    """The list leads to the one row."""

    changed_by_the_county = True
    form = BureauForm
    fieldsets = (
        (None, {"fields": ("name", "division", ("address", "phone"))}),
        (
            _("On decisions and notices"),
            {"fields": (("government", "court"), "fine_account", "fund_account")},
        ),
        (
            _("How it works"),
            {"fields": ("scheme", "clerk_check_is_first_review", "idle_minutes")},
        ),
    )
    list_display = ("name", "division", "scheme_named")
    empty_list_hint = _("The settings appear when the county is loaded: manage.py load_divisions.")

    readonly_fields = ("scheme_named",)

    @admin.display(description=_("Benefit scheme"))
    def scheme_named(self, obj: Bureau) -> str:
        """The scheme by its name; its code where no app knows it."""
        return dict(scheme_choices()).get(obj.scheme, obj.scheme)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who only looks reads the scheme's name, not the code that the form would send."""
        fieldsets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return fieldsets
        return [
            (title, {"fields": ["scheme_named" if x == "scheme" else x for x in options["fields"]]})
            for title, options in fieldsets
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one row, made when the county is loaded."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Straight to the settings."""
        if self.has_view_permission(request) and Bureau.objects.exists():
            return redirect("admin:enrollment_bureau_change", 1)
        return super().changelist_view(request, extra_context)
