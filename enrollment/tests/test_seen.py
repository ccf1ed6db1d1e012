"""Two people on one record: the second sees both versions before anything is saved."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from enrollment.access.models import User
from enrollment.desk.seen import seen_input, seen_of
from enrollment.models import Bureau, Institution, PremiumStandard
from enrollment.tests.factories import make_bureau, make_institution, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    """A member of staff who may do everything, with English screens."""
    make_bureau()
    client.force_login(User.objects.create_superuser("wang", full_name="Wang"))
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def other() -> Client:
    """The colleague who is faster."""
    colleague = Client()
    colleague.force_login(User.objects.create_superuser("zhao", full_name="Zhao"))
    colleague.cookies["django_language"] = "en"
    return colleague


def opened(client: Client, url: str) -> dict[str, str]:
    """What the browser would send of the page as it stands."""
    page = client.get(url).content.decode()
    form = page[page.index('<form method="post"') if '<form method="post"' in page else 0 :]
    data = {}
    for tag in re.findall(r"<input[^>]*>", form):
        told = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if told.get("type") == "checkbox" and " checked" not in tag:
            continue
        if "name" in told:
            data[told["name"]] = told.get("value", "on" if told["type"] == "checkbox" else "")
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)"[^>]* selected', inner)
        data[name] = chosen.group(1) if chosen else ""
    for name, inner in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S
    ):
        data[name] = inner.strip()
    data.pop("_addanother", None)
    data.pop("_continue", None)
    return data


def errors(answer: Any) -> str:
    page: str = answer.content.decode()
    start = page.index("error-summary")
    return page[start : page.index("</div>", start)]


def test_what_only_the_other_changed_is_taken_over_and_shown(desk: Client, other: Client):
    hospital = make_institution(name="First", level="county")
    url = reverse("admin:enrollment_institution_change", args=[hospital.pk])
    mine, theirs = opened(desk, url), opened(other, url)
    assert other.post(url, {**theirs, "level": "city"}).status_code == 302
    answer = desk.post(url, {**mine, "name": "Mine"})
    assert answer.status_code == 200
    said = errors(answer)
    assert "Zhao" in said
    assert "Taken over: Level: “county level” → “city level”" in said
    hospital.refresh_from_db()
    assert (hospital.name, hospital.level) == ("First", "city")
    again = {**opened_again(answer), "name": "Mine"}
    assert again["level"] == "city"
    assert desk.post(url, again).status_code == 302
    hospital.refresh_from_db()
    assert (hospital.name, hospital.level) == ("Mine", "city")


def opened_again(answer: Any) -> dict[str, str]:
    """What the browser would send of the page that came back."""

    class Page:
        def get(self, _url: str) -> Any:
            return answer

    return opened(Page(), "")  # type: ignore[arg-type]


def test_where_both_changed_a_field_both_versions_stand_beside_it(desk: Client, other: Client):
    hospital = make_institution(name="First")
    url = reverse("admin:enrollment_institution_change", args=[hospital.pk])
    mine, theirs = opened(desk, url), opened(other, url)
    assert other.post(url, {**theirs, "name": "Theirs"}).status_code == 302
    answer = desk.post(url, {**mine, "name": "Mine"})
    said = errors(answer)
    assert "Changed by both of you: Name" in said
    assert "has entered “Theirs” here" in said
    assert "before it was “First”" in said
    assert Institution.objects.get(pk=hospital.pk).name == "Theirs"
    again = opened_again(answer)
    assert again["name"] == "Mine"
    assert desk.post(url, again).status_code == 302
    assert Institution.objects.get(pk=hospital.pk).name == "Mine"


def test_both_having_entered_the_same_is_no_conflict(desk: Client, other: Client):
    hospital = make_institution(name="First")
    url = reverse("admin:enrollment_institution_change", args=[hospital.pk])
    mine, theirs = opened(desk, url), opened(other, url)
    assert other.post(url, {**theirs, "name": "Same"}).status_code == 302
    assert desk.post(url, {**mine, "name": "Same"}).status_code == 302


def test_nobody_else_no_question(desk: Client):
    url = reverse("admin:enrollment_bureau_change", args=[Bureau.objects.get().pk])
    assert desk.post(url, {**opened(desk, url), "name": "新名"}).status_code == 302
    assert Bureau.objects.get().name == "新名"


def test_a_switch_that_the_other_turned_stays_turned(desk: Client, other: Client):
    url = reverse("admin:enrollment_bureau_change", args=[Bureau.objects.get().pk])
    mine, theirs = opened(desk, url), opened(other, url)
    assert theirs.pop("clerk_check_is_first_review") == "on"
    assert other.post(url, theirs).status_code == 302
    answer = desk.post(url, {**mine, "name": "新名"})
    assert "“yes” → “no”" in errors(answer)
    again = opened_again(answer)
    assert "clerk_check_is_first_review" not in again
    assert desk.post(url, again).status_code == 302
    bureau = Bureau.objects.get()
    assert (bureau.name, bureau.clerk_check_is_first_review) == ("新名", False)


def test_a_line_below_the_record_is_compared_too(desk: Client, other: Client):
    standard = PremiumStandard.objects.create(year=2050, personal=Decimal(400), source="s")
    line = standard.subsidies.create(tier="central", amount=Decimal(300))
    url = reverse("admin:enrollment_premiumstandard_change", args=[standard.pk])
    mine, theirs = opened(desk, url), opened(other, url)
    assert other.post(url, {**theirs, "subsidies-0-amount": "310"}).status_code == 302
    answer = desk.post(url, {**mine, "subsidies-0-amount": "320"})
    assert answer.status_code == 200
    assert "“310” here" in errors(answer)
    line.refresh_from_db()
    assert line.amount == Decimal(310)
    assert desk.post(url, opened_again(answer)).status_code == 302
    line.refresh_from_db()
    assert line.amount == Decimal(320)


def test_an_action_says_which_of_its_facts_has_changed(desk: Client):
    person = make_person(name="张三")
    url = reverse("admin:enrollment_person_account", args=[person.pk])
    page = opened(desk, url)
    person.name = "张叁"
    person.save()
    answer = desk.post(url, {**page, "account_no": "6222026000001234", "account_name": "张三"})
    assert answer.status_code == 200
    assert "“张三” → “张叁”" in errors(answer)
    person.refresh_from_db()
    assert person.account_no != "6222026000001234"
    assert opened_again(answer)["account_no"] == "6222026000001234"


def test_facts_in_another_language_are_shown_once_more(desk: Client):
    person = make_person(name="张三")
    url = reverse("admin:enrollment_person_account", args=[person.pk])
    page = opened(desk, url)
    desk.cookies["django_language"] = "zh-hans"
    answer = desk.post(url, {**page, "account_no": "6222026000001234", "account_name": "张三"})
    assert "切换了语言" in errors(answer)
    again = desk.post(url, {**page, **opened_again(answer)})
    assert again.status_code == 302
    person.refresh_from_db()
    assert person.account_no == "6222026000001234"


def test_what_the_page_showed_cannot_be_made_up():
    token = re.search(r'value="([^"]+)"', seen_input({"name": "First"}))
    assert token is not None
    assert seen_of({"seen": token.group(1)}) == {"name": "First"}
    assert seen_of({"seen": token.group(1)[:-2] + "xx"}) is None
    assert seen_of({}) is None
