"""Residents, households and institutions, by what people have in hand."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.access.models import User
from enrollment.access.scope import visible_to
from enrollment.designation.selectors import STANDING_TONES, Standing, with_standing
from enrollment.institutions.selectors import matching_institutions
from enrollment.residents.models import Household
from enrollment.residents.selectors import matching_persons
from enrollment.search.finders import FETCHED, Hit, register_finder

# A single character would find half the institutions.
SHORTEST_NAME = 2


def persons(term: str, user: User) -> list[Hit]:
    """Residents by number, last four or name: what the register's list finds."""
    found = visible_to(matching_persons(term), user).select_related("division")[:FETCHED]
    return [
        Hit(
            person.name,
            reverse("admin:enrollment_person_change", args=[person.pk]),
            (person.masked_id, person.born_on.isoformat(), person.division.name),
        )
        for person in found
    ]


def households(term: str, user: User) -> list[Hit]:
    """A household by its number."""
    numbered = visible_to(Household.objects.filter(number=term), user)
    found = numbered.select_related("division")[:FETCHED]
    return [
        Hit(
            household.number,
            reverse("admin:enrollment_household_change", args=[household.pk]),
            (household.division.name,),
        )
        for household in found
    ]


def institutions(term: str, _user: User) -> list[Hit]:
    """Institutions by code, or by a part of the name."""
    if len(term) < SHORTEST_NAME:
        return []
    found = with_standing(matching_institutions(term), timezone.localdate())
    return [
        Hit(
            institution.name,
            reverse("admin:enrollment_institution_change", args=[institution.pk]),
            (institution.code, institution.get_level_display()),
            Standing(institution.standing).label,  # type: ignore[attr-defined]  # annotated
            STANDING_TONES[institution.standing],  # type: ignore[attr-defined]  # annotated
        )
        for institution in found[:FETCHED]
    ]


def register() -> None:
    """Tell the box; called once by `enrollment.search.screens`."""
    register_finder(
        "persons",
        pgettext_lazy("list", "Residents"),
        persons,
        permission="enrollment.view_person",
        order=10,
        by=_("name, initials, ID number or its last four"),
    )
    register_finder(
        "households", _("Households"), households, permission="enrollment.view_household", order=20
    )
    register_finder(
        "institutions",
        _("Institutions"),
        institutions,
        permission="enrollment.view_institution",
        order=30,
        by=_("code or name"),
    )
