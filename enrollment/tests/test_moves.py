"""A resident moves to another township or village: the act, its page, its trace, the roll after."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from enrollment.access.models import User
from enrollment.coverage.models import Enrolment
from enrollment.divisions.models import Division
from enrollment.history.entries import history_of
from enrollment.models import Household, Person
from enrollment.residents.selectors import homes_for
from enrollment.residents.services import DivisionRefused, change_division
from enrollment.roll.services import RollImport, import_roll
from enrollment.tests.factories import (
    COUNTY,
    OTHER_TOWNSHIP,
    TOWNSHIP,
    VILLAGE,
    make_bureau,
    make_household,
    make_person,
    make_user,
)
from enrollment.tests.roll_files import ZHANG, write_csv
from enrollment.transitions.table import NotPermitted, ReasonMissing, TransitionRefused

MOVE = "enrollment.move_person"
NOTE = "户口迁移证 2026-118"
OUTSIDE = "433130000000"


@pytest.fixture(autouse=True)
def _county(db: Any) -> None:
    make_bureau()
    Division.objects.create(code=OUTSIDE, name="龙山县", level="county", parent_id="433100000000")
    Division.objects.create(
        code="433130100000", name="民安街道", level="township", parent_id=OUTSIDE
    )


def division(code: str) -> Division:
    return Division.objects.get(code=code)


def officer(*divisions: str, permissions: tuple[str, ...] = (MOVE,)) -> User:
    return make_user(["enrollment.view_person", *permissions], divisions=list(divisions))


def browser(user: User, language: str = "en") -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    return client


def page_of(person: Person) -> str:
    return reverse("admin:enrollment_person_change", args=[person.pk])


def move_page(person: Person) -> str:
    return reverse("admin:enrollment_person_move", args=[person.pk])


def home_of(person: Person) -> str:
    return Person.objects.get(pk=person.pk).division_id


def test_the_resident_moves_and_the_household_stays() -> None:
    household = make_household()
    person, other = make_person(household=household), make_person(household=household)
    moved = change_division(person, division(OTHER_TOWNSHIP), actor=officer(), note=f" {NOTE} ")
    assert (moved.division_id, person.division_id) == (OTHER_TOWNSHIP, OTHER_TOWNSHIP)
    assert (home_of(person), home_of(other)) == (OTHER_TOWNSHIP, TOWNSHIP)
    assert Household.objects.get().division_id == TOWNSHIP
    assert Person.objects.get(pk=person.pk).household_id == household.pk


def test_the_history_keeps_who_moved_whom_from_where_and_why() -> None:
    person, actor = make_person(), officer()
    change_division(person, division(VILLAGE), actor=actor, note=NOTE)
    with translation.override("en"):
        (entry,) = history_of(Person.objects.get(pk=person.pk))
    assert [(change.before, change.after) for change in entry.changes] == [("灵溪镇", "司城村")]
    assert (entry.who, entry.note) == (str(actor), NOTE)


@pytest.mark.parametrize(
    ("place", "note", "refusal", "words"),
    [
        (OTHER_TOWNSHIP, "  ", ReasonMissing, "Say why"),
        (TOWNSHIP, NOTE, DivisionRefused, "belongs to 灵溪镇 already"),
        (COUNTY, NOTE, DivisionRefused, "“永顺县” is no township or village"),
        ("433130100000", NOTE, DivisionRefused, "“民安街道” is no township or village"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    place: str, note: str, refusal: type[Exception], words: str
) -> None:
    person = make_person()
    with translation.override("en"), pytest.raises(refusal, match=words):
        change_division(person, division(place), actor=officer(), note=note)
    assert home_of(person) == TOWNSHIP
    assert history_of(person) == []


@pytest.mark.parametrize(
    ("works_for", "place", "allowed"),
    [
        ([TOWNSHIP], VILLAGE, True),
        ([TOWNSHIP], OTHER_TOWNSHIP, False),
        ([OTHER_TOWNSHIP], OTHER_TOWNSHIP, False),
        ([TOWNSHIP, OTHER_TOWNSHIP], OTHER_TOWNSHIP, True),
        ([COUNTY], OTHER_TOWNSHIP, True),
    ],
)
def test_who_works_for_townships_moves_within_them(
    works_for: list[str], place: str, allowed: bool
) -> None:
    person, actor = make_person(), officer(*works_for)
    if allowed:
        change_division(person, division(place), actor=actor, note=NOTE)
    else:
        with pytest.raises(TransitionRefused):
            change_division(person, division(place), actor=actor, note=NOTE)
    assert home_of(person) == (place if allowed else TOWNSHIP)


@pytest.mark.parametrize("held", [(), ("enrollment.correct_account", "enrollment.unmask_person")])
def test_without_the_permission_nobody_moves_anyone(held: tuple[str, ...]) -> None:
    person, actor = make_person(), officer(permissions=held)
    with pytest.raises(NotPermitted):
        change_division(person, division(VILLAGE), actor=actor, note=NOTE)
    client = browser(actor)
    assert move_page(person) not in client.get(page_of(person)).content.decode()
    answer = client.post(move_page(person), {"division": VILLAGE, "note": NOTE})
    assert answer.status_code == 403
    assert home_of(person) == TOWNSHIP


def test_a_village_stands_in_the_list_with_its_township() -> None:
    places = dict(homes_for(officer()).values_list("code", "place"))
    assert places == {TOWNSHIP: "灵溪镇", OTHER_TOWNSHIP: "首车镇", VILLAGE: "灵溪镇司城村"}
    assert set(homes_for(officer(TOWNSHIP)).values_list("pk", flat=True)) == {TOWNSHIP, VILLAGE}


@pytest.mark.parametrize("typed", [VILLAGE, f"{VILLAGE} 灵溪镇司城村", "灵溪镇司城村", " 司城村 "])
def test_the_page_takes_code_or_name(typed: str) -> None:
    person, actor = make_person(household=make_household()), officer()
    client = browser(actor)
    assert move_page(person) in client.get(page_of(person)).content.decode()
    html = client.get(move_page(person)).content.decode()
    assert f'<option value="{VILLAGE} 灵溪镇司城村"' in html
    answer = client.post(move_page(person), {"division": typed, "note": NOTE}, follow=True)
    assert answer.redirect_chain == [(page_of(person), 302)]
    assert f"{person.name} now belongs to 灵溪镇司城村." in answer.content.decode()
    assert home_of(person) == VILLAGE
    history = client.get(reverse("admin:enrollment_person_history", args=[person.pk]))
    assert NOTE in history.content.decode()


@pytest.mark.parametrize(
    ("works_for", "typed", "words"),
    [
        ([], "", "This field is required"),
        ([], "民安街道", "is not in the list"),
        ([], "\0", "is not in the list"),
        ([], TOWNSHIP, "belongs to 灵溪镇 already"),
        ([TOWNSHIP], OTHER_TOWNSHIP, "is not in the list"),
    ],
)
def test_the_page_says_what_is_wrong(works_for: list[str], typed: str, words: str) -> None:
    person, client = make_person(), browser(officer(*works_for))
    answer = client.post(move_page(person), {"division": typed, "note": NOTE})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert words in html
    assert NOTE in html  # nothing typed is lost
    assert home_of(person) == TOWNSHIP


def test_a_village_name_that_two_townships_have_must_be_chosen_with_its_township() -> None:
    Division.objects.create(
        code="433127101201", name="司城村", level="village", parent_id=OTHER_TOWNSHIP
    )
    person, client = make_person(), browser(officer())
    html = client.post(move_page(person), {"division": "司城村", "note": NOTE}).content.decode()
    assert "433127101201 首车镇司城村" in html
    assert home_of(person) == TOWNSHIP
    client.post(move_page(person), {"division": "首车镇司城村", "note": NOTE})
    assert home_of(person) == "433127101201"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_roll_names_the_act_and_takes_the_row_after_it(tmp_path: Path, language: str) -> None:
    def run(name: str, **cells: str) -> RollImport:
        path = write_csv(tmp_path / name, [{**ZHANG, **cells}])
        return import_roll(path, 2026, at=datetime(2026, 9, 1, tzinfo=UTC))

    run("a.csv")
    person = Person.objects.get()
    actor = officer()
    with translation.override(language):
        (refused,) = run("b.csv", division="首车镇").first_rejects
        button = translation.gettext("Change the township or village")
    assert f"“{button}”" in refused.remedy
    assert button in browser(actor, language).get(page_of(person)).content.decode()
    change_division(person, division(OTHER_TOWNSHIP), actor=actor, note=NOTE)
    result = run("b.csv", division="首车镇")
    assert (result.read, result.rejected) == (1, 0)
    assert home_of(person) == OTHER_TOWNSHIP
    assert Enrolment.objects.filter(person=person, year=2026, status="active").count() == 1
