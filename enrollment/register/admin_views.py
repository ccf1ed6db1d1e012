"""The pages of the acts on a resident's record."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.access.scope import visible_to
from enrollment.desk.actions import ActionView, Fact
from enrollment.desk.tags import Label, Tone
from enrollment.divisions.models import Division
from enrollment.register.admin_forms import AccountForm, EndForm, GrantForm, MoveForm, UnmaskForm
from enrollment.register.selectors import holding
from enrollment.residents.models import AssistanceIdentity, Person
from enrollment.residents.selectors import homes_for
from enrollment.residents.services import (
    change_division,
    correct_account,
    end_identity,
    grant_identity,
    unmask_person,
)

_JOIN = "、"


class PersonAction(ActionView):
    """An act on one resident."""

    queryset = Person.objects.select_related("division")

    def get_facts(self, obj: Person) -> Sequence[Fact]:
        """Who it is."""
        return [
            Fact(gettext_lazy("Resident"), obj.name),
            Fact(gettext_lazy("ID number"), obj.masked_id),
            Fact(gettext_lazy("Division"), obj.division.name),
        ]

    def get_back_url(self, obj: Person) -> str:
        """The card."""
        return reverse("admin:enrollment_person_change", args=[obj.pk])


class CorrectAccountView(PersonAction):
    """A new bank account."""

    title = gettext_lazy("Correct the account")
    submit_label = gettext_lazy("Correct the account")
    explanation = gettext_lazy(
        "Payments that are ordered from now on go to the new account. The old one stays in the log."
    )
    form_class = AccountForm

    def get_facts(self, obj: Person) -> Sequence[Fact]:
        """With the account on file."""
        account = f"{obj.masked_account} {obj.account_name}".strip()
        return [*super().get_facts(obj), Fact(gettext_lazy("Account on file"), account)]

    def get_form_kwargs(self, obj: Person) -> dict[str, Any]:
        """The holder is usually the resident."""
        initial = {"account_name": obj.account_name or obj.name}
        return {**super().get_form_kwargs(obj), "initial": initial}

    def perform(self, obj: Person, data: dict[str, Any]) -> str:
        """Correct it."""
        change = correct_account(
            obj,
            account_no=data["account_no"],
            account_name=data["account_name"],
            actor=self.actor,
            at=timezone.now(),
        )
        return _("The account is now %(account)s.") % {"account": change.masked_new}


class GrantIdentityView(PersonAction):
    """A new period of an assistance identity."""

    title = gettext_lazy("Grant an identity")
    submit_label = gettext_lazy("Grant the identity")
    explanation = gettext_lazy(
        "Claims of services in the period are calculated with the identity once they are "
        "settled. What is settled already changes when the benefit office calculates the year "
        "anew (a correction, or a round of corrections for many residents)."
    )
    form_class = GrantForm

    def get_facts(self, obj: Person) -> Sequence[Fact]:
        """With the identities of today."""
        rows = obj.identities.filter(holding(timezone.localdate())).order_by("starts_on", "id")
        held = _JOIN.join(f"{row.get_kind_display()} {period_of(row)}" for row in rows)
        return [*super().get_facts(obj), Fact(gettext_lazy("Identities today"), held)]

    def perform(self, obj: Person, data: dict[str, Any]) -> str:
        """Grant it."""
        identity = grant_identity(obj, **data, actor=self.actor, at=timezone.now())
        held = {"name": obj.name, "identity": identity.get_kind_display()}
        if identity.ends_on is None:
            held["day"] = identity.starts_on.isoformat()
            return _("%(name)s holds “%(identity)s” from %(day)s on.") % held
        held["period"] = period_of(identity)
        return _("%(name)s holds “%(identity)s” %(period)s.") % held


class MoveView(PersonAction):
    """Another township or village."""

    queryset = Person.objects.select_related("division__parent")
    title = gettext_lazy("Change the township or village")
    submit_label = gettext_lazy("Change the township or village")
    explanation = gettext_lazy(
        "Only this resident is moved. Others of the household stay where they are registered: "
        "change each who has moved. The resident's enrolments and claims are from now on the "
        "business of the new township, and its roll can bring the resident."
    )
    form_class = MoveForm

    def get_facts(self, obj: Person) -> Sequence[Fact]:
        """Where the resident belongs now, and how many live in the same household."""
        who, number, _division = super().get_facts(obj)
        facts = [who, number, Fact(gettext_lazy("Present division"), place_of(obj.division))]
        if obj.household_id is not None:
            members = Person.objects.filter(household_id=obj.household_id).exclude(pk=obj.pk)
            others = visible_to(members, self.actor).count()
            facts.append(Fact(gettext_lazy("Others of the household"), others))
        return facts

    def get_form_kwargs(self, obj: Person) -> dict[str, Any]:
        """With the divisions that the user works for."""
        return {**super().get_form_kwargs(obj), "homes": homes_for(self.actor)}

    def perform(self, obj: Person, data: dict[str, Any]) -> str:
        """Move the resident."""
        moved = change_division(obj, data["division"], actor=self.actor, note=data["note"])
        return _("%(name)s now belongs to %(division)s.") % {
            "name": moved.name,
            "division": place_of(moved.division),
        }


class EndIdentityView(ActionView):
    """An earlier end."""

    queryset = AssistanceIdentity.objects.select_related("person")
    title = gettext_lazy("End the identity")
    submit_label = gettext_lazy("End the identity")
    explanation = gettext_lazy(
        "Claims of services after the day are calculated without the identity. What is settled "
        "stays as it is."
    )
    form_class = EndForm
    tone = Tone.RED

    def get_facts(self, obj: AssistanceIdentity) -> Sequence[Fact]:
        """Whose, which, since when."""
        return [
            Fact(gettext_lazy("Resident"), obj.person.name),
            Fact(gettext_lazy("Identity"), obj.get_kind_display()),
            Fact(gettext_lazy("Period"), period_of(obj)),
            Fact(gettext_lazy("Document"), obj.document),
        ]

    def get_refusal(self, obj: AssistanceIdentity) -> Label:
        """What is over cannot be ended."""
        if obj.ends_on is not None and obj.ends_on < timezone.localdate():
            return _("The identity ended on %(day)s.") % {"day": obj.ends_on}
        return ""

    def perform(self, obj: AssistanceIdentity, data: dict[str, Any]) -> str:
        """End it."""
        ended = end_identity(obj, **data, actor=self.actor, at=timezone.now())
        return _("“%(identity)s” ends on %(day)s.") % {
            "identity": ended.get_kind_display(),
            "day": ended.ends_on,
        }

    def get_back_url(self, obj: AssistanceIdentity) -> str:
        """The card."""
        return reverse("admin:enrollment_person_change", args=[obj.person_id])


class UnmaskView(PersonAction):
    """The full numbers, once, after the reason is in the log."""

    title = gettext_lazy("Show full numbers")
    submit_label = gettext_lazy("Show them once")
    form_class = UnmaskForm

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Log, then answer with the numbers themselves: no address shows them again."""
        person = self.get_object(**kwargs)
        form = self.get_form(person)
        if not form.is_valid():
            return super().post(request, **kwargs)
        reason = form.cleaned_data["reason"]
        seen = unmask_person(person, reason=reason, actor=self.actor, at=timezone.now())
        context = {
            **admin.site.each_context(request),
            "title": person.name,
            "facts": [
                Fact(gettext_lazy("ID number"), person.id_number),
                Fact(gettext_lazy("Phone"), person.phone),
                Fact(gettext_lazy("Bank account"), person.account_no),
                Fact(gettext_lazy("Account holder"), person.account_name),
            ],
            "seen": seen,
            "back_url": self.get_back_url(person),
        }
        answer = render(request, "register/unmasked.html", context)
        answer.headers["Cache-Control"] = "no-store, private"
        return answer


def period_of(row: AssistanceIdentity) -> str:
    """`2026-01-01 – 2026-12-31`; an open end is left out."""
    return f"{row.starts_on} – {row.ends_on or ''}".strip()


def place_of(division: Division) -> str:
    """`灵溪镇司城村`; a township alone is its name."""
    if division.level == Division.Level.VILLAGE and division.parent is not None:
        return f"{division.parent.name}{division.name}"
    return division.name
