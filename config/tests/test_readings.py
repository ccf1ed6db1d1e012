"""Every page that names a resident writes one reading of it, and pages of nobody write none."""

import pytest
from django.test import Client
from django.urls import reverse

from config.tests.scope_table import COUNTY, FRAGMENTS, MORE_ARGS, OPEN, PAGES, SCREENS, SLOW, TOWN
from config.tests.scoped_county import Ground, address, screens
from enrollment.audit.pages import page_label
from enrollment.audit.services import residents_of
from enrollment.models import Person, RecordReading, User

RECORDS = [name for name, (_who, kind) in PAGES.items() if name not in SLOW]


@pytest.fixture
def reader(client: Client) -> User:
    user: User = User.objects.create_superuser("root", password="a-long-password")
    client.force_login(user)
    return user


def written(since: int) -> list[tuple[int, int, str]]:
    rows = RecordReading.objects.filter(pk__gt=since).order_by("pk")
    return list(rows.values_list("person_id", "actor_id", "page"))


def last() -> int:
    newest = RecordReading.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


def test_each_page_of_a_record(ground: Ground, client: Client, reader: User) -> None:
    wrong, asked = [], 0
    for name in RECORDS:
        record = ground.own.get(PAGES[name][1])
        if record is None:
            continue
        before = last()
        url = reverse(f"admin:{name}", args=[record.pk, *MORE_ARGS.get(name, ())])
        answer = client.get(url, headers=FRAGMENTS.get(name, {}))
        expected = [(pk, reader.pk, name) for pk in residents_of(record, reader)]
        if answer.status_code != 200:
            expected = []
        asked += len(expected)
        if written(before) != expected:
            wrong.append((name, answer.status_code, written(before), expected))
    assert wrong == []
    assert asked >= 40


def test_each_screen_of_a_record_and_its_history(
    ground: Ground, client: Client, reader: User
) -> None:
    wrong, asked = [], set()
    for label, model in screens().items():
        record = ground.own.get(model._meta.model_name)
        if record is None:
            continue
        for page in ("change", "history"):
            before = last()
            # A record written once has no history: that leads to its page.
            answer = client.get(address(model, page, record.pk), follow=True)
            shown = "change" if answer.redirect_chain else page
            name = f"{model._meta.app_label}_{model._meta.model_name}_{shown}"
            expected = [(pk, reader.pk, name) for pk in residents_of(record, reader)]
            if written(before) != expected or answer.status_code != 200:
                wrong.append((name, answer.status_code, written(before), expected))
            asked |= {label} if expected else set()
    assert wrong == []
    of_residents = {label for label, row in SCREENS.items() if row[2] == TOWN}
    assert {label for label in of_residents if not label.startswith("supervision.")} == asked


def test_the_quote_at_the_window_once_a_sitting(
    ground: Ground, client: Client, reader: User
) -> None:
    person = ground.own["person"]
    before = last()
    for _key in range(3):
        typed = {"person": str(person.pk), "total": "100.00"}
        assert client.post("/window/quote/", typed).status_code == 200
    assert written(before) == [(person.pk, reader.pk, "claims_window_quote")]
    assert client.post("/window/quote/", {"person": "999999999"}).status_code == 200
    assert len(written(before)) == 1


def test_a_household_names_its_members(ground: Ground, client: Client, reader: User) -> None:
    household = ground.own["household"]
    members = set(Person.objects.filter(household=household).values_list("pk", flat=True))
    assert members
    assert set(residents_of(household, reader)) == members


def test_a_step_that_is_refused_on_the_page_is_read_and_one_that_is_taken_is_not(
    ground: Ground, client: Client, reader: User
) -> None:
    correction = ground.own["correction"]
    url = reverse("admin:claims_correction_reject", args=[correction.pk])
    before = last()
    assert client.post(url, {"reason": ""}).status_code == 200
    assert len(written(before)) == 1
    assert client.post(url, {"reason": "缺发票"}).status_code == 302
    assert len(written(before)) == 1


def test_every_page_that_is_written_has_its_name_in_words() -> None:
    bare = [
        name
        for name in RECORDS
        if PAGES[name][1] not in {OPEN, COUNTY}
        and not name.startswith("supervision_")
        and str(page_label(name)) == name
    ]
    assert bare == []
    assert str(page_label("claims_claim_history")) != "claims_claim_history"
