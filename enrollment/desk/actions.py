"""A transition's page: what is about to happen, the reason, one button; then the service.

A room writes a form and a view, and registers it in its app's `screens.py`:

    class ReturnClaimView(ActionView):
        queryset = Claim.objects.select_related("person")
        title = _("Return the claim to the window")
        submit_label = _("Return the claim")
        form_class = ReasonForm
        tone = Tone.AMBER

        def get_facts(self, obj: Claim) -> list[Fact]:
            return [Fact(_("Claim"), obj.claim_no), Fact(_("Total"), obj.total_amount)]

        def get_refusal(self, obj: Claim) -> str:
            return "" if obj.state == State.SUBMITTED else str(_("It was reviewed already."))

        def perform(self, obj: Claim, data: dict[str, Any]) -> str:
            return_claim(obj.pk, actor=self.actor, at=timezone.now(), note=data["reason"])
            return str(_("The claim went back to the window."))

        def get_back_url(self, obj: Claim) -> str:
            return reverse("admin:claims_claim_change", args=[obj.pk])

    register_view("claims/claim/<int:pk>/return/", ReturnClaimView.as_view(),
                  "claims_claim_return", permission="claims.return_claim")

What the service refuses (`refusals`) is shown above the form with everything that was typed;
PermissionDenied becomes the 403 page. Nothing changes on GET. Facts that have changed since the
page was opened are said, and nothing is done until it is sent again (`enrollment.desk.seen`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views import View

from enrollment.access.models import User
from enrollment.access.scope import visible_to
from enrollment.audit.services import log_readings
from enrollment.desk.seen import LANGUAGE, NOTHING, changed_facts, seen_input, seen_of
from enrollment.desk.tags import Label, Tone
from enrollment.transitions.table import TransitionRefused

Refusals = tuple[type[Exception], ...]
CONFIRM = _("Confirm")
# What services raise when they refuse; shown above the form.
REFUSALS: Refusals = (TransitionRefused, ValidationError)


@dataclass(frozen=True)
class Fact:
    """A line of the record at hand; a Decimal is shown as money, with `tone` as a tag."""

    label: Label
    value: Any
    tone: Tone | None = None

    @property
    def is_money(self) -> bool:
        """Whether the value is an amount of yuan."""
        return isinstance(self.value, Decimal)


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button confirms."""


class ReasonForm(forms.Form):
    """The reason, which the transition log keeps."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays in the log and is shown to whoever continues."),
    )


def confirm_action(
    request: HttpRequest,
    *,
    title: Label,
    form: forms.Form,
    perform: Callable[[dict[str, Any]], str],
    back_url: str,
    facts: Sequence[Fact] = (),
    submit_label: Label = CONFIRM,
    explanation: Label = "",
    refusal: Label = "",
    refusals: Refusals = REFUSALS,
    tone: Tone = Tone.BLUE,
) -> HttpResponse:
    """Show the action's page, or carry it out on a valid POST and go back.

    `form` is bound when the request is a POST. `perform` gets the cleaned data, calls one
    service and returns the message of success. With a `refusal` the page says why the action
    is impossible now and shows no form; a POST changes nothing then.
    """
    shown = {str(place): str(fact.value) or NOTHING for place, fact in enumerate(facts)}
    shown[LANGUAGE] = get_language() or ""
    if request.method == "POST" and not refusal:
        changed = changed_facts(seen_of(request.POST), shown, [fact.label for fact in facts])
        if form.is_valid() and changed is not None:
            form.add_error(None, changed)
    if request.method == "POST" and not refusal and form.is_valid():
        try:
            message = perform(form.cleaned_data)
        except refusals as error:
            form.add_error(None, _as_validation_error(error))
        else:
            messages.success(request, message)
            return redirect(back_url)
    context = {
        **admin.site.each_context(request),
        "title": title,
        "form": form,
        "facts": facts,
        "seen": seen_input(shown),
        "submit_label": submit_label,
        "explanation": explanation,
        "refusal": refusal,
        "back_url": back_url,
        "tone": tone.value,
    }
    return render(request, "desk/action.html", context)


class ActionView(View):
    """One record, one action; see the module's example."""

    queryset: QuerySet[Any]
    form_class: type[forms.Form] = ConfirmForm
    title: Label = ""
    submit_label: Label = CONFIRM
    explanation: Label = ""
    refusals: Refusals = REFUSALS
    tone: Tone = Tone.BLUE

    @property
    def actor(self) -> User:
        """Who acts; the site has asked for a login before."""
        user = self.request.user
        if not isinstance(user, User):
            raise TypeError("an action needs a member of staff")
        return user

    def get_queryset(self) -> QuerySet[Any]:
        """The records that the page acts on; `get_object` keeps to the user's townships."""
        return self.queryset.all()

    def get_object(self, **kwargs: Any) -> Any:
        """The record of the address, or 404 where it is another township's."""
        return get_object_or_404(visible_to(self.get_queryset(), self.actor), **kwargs)

    def get_title(self, obj: Any) -> Label:
        """The page's title."""
        return self.title

    def get_facts(self, obj: Any) -> Sequence[Fact]:
        """What one must see to decide."""
        return ()

    def get_refusal(self, obj: Any) -> Label:
        """Why it cannot be done now; empty when it can."""
        return ""

    def get_form(self, obj: Any) -> forms.Form:
        """The form, bound on POST."""
        return self.form_class(**self.get_form_kwargs(obj))

    def get_form_kwargs(self, obj: Any) -> dict[str, Any]:
        """Data and files on POST; add initial values here."""
        if self.request.method == "POST":
            return {"data": self.request.POST, "files": self.request.FILES}
        return {}

    def perform(self, obj: Any, data: dict[str, Any]) -> str:
        """Call the service and return the message of success."""
        raise NotImplementedError

    def get_back_url(self, obj: Any) -> str:
        """Where the action was called from."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the page."""
        return self._respond(request, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Carry it out."""
        return self._respond(request, **kwargs)

    def _respond(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        obj = self.get_object(**kwargs)
        answer = confirm_action(
            request,
            title=self.get_title(obj),
            form=self.get_form(obj),
            perform=lambda data: self.perform(obj, data),
            back_url=self.get_back_url(obj),
            facts=self.get_facts(obj),
            submit_label=self.submit_label,
            explanation=self.explanation,
            refusal=self.get_refusal(obj),
            refusals=self.refusals,
            tone=self.tone,
        )
        if answer.status_code == HTTPStatus.OK:
            log_readings(request, obj)
        return answer


def _as_validation_error(error: Exception) -> ValidationError:
    """A service's refusal as the form shows it: a line for each reason."""
    if isinstance(error, ValidationError):
        return error
    return ValidationError(list(str(error).splitlines() or [""]))
