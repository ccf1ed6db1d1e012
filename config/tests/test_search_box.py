"""The box in the header promises each role what that role may find, and no more."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import translation

from config.roles import permissions_of_role
from enrollment.access.roles import Role
from enrollment.search.box import box_for
from enrollment.search.finders import finders_for
from enrollment.tests.factories import TOWNSHIP, make_bureau, make_user

pytestmark = pytest.mark.django_db
COLON = {"zh-hans": "：", "en": ": "}
COMMA = {"zh-hans": "、", "en": ", "}
END = {"zh-hans": "。", "en": "."}
# What stands in the box, by whether residents may be found.
SHORT = {
    "zh-hans": ("名称、编号", "姓名、证件号、单号"),
    "en": ("Name or number", "Name, ID or number"),
}
NUMBERED = {"zh-hans": "按编号", "en": "By number"}
LANGUAGES = ["zh-hans", "en"]


def all_finders() -> dict[str, str]:
    """Every kind that can be found, as the reader of everything has it, with its permission."""
    return {str(one.title): one.permission for one in finders_for(make_user(is_superuser=True))}


def page_for(role: str, language: str, *divisions: str) -> str:
    make_bureau()
    user = make_user(divisions=list(divisions))
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    return client.get("/", follow=True).content.decode()


def box_of(html: str) -> dict[str, str] | None:
    found = re.search(r'<input type="search" name="q"[^>]*>', html)
    if found is None:
        return None
    pairs = re.findall(r'(aria-label|placeholder|title)="([^"]*)"', found[0])
    return {name: unescape(text) for name, text in pairs}


def promised(hint: str, language: str) -> set[str]:
    """The kinds that a tooltip names: those with words of their own, and those by number."""
    kinds: set[str] = set()
    for line in hint.splitlines():
        name, colon, rest = line.removesuffix(END[language]).partition(COLON[language])
        if name == NUMBERED[language]:
            kinds |= set(rest.split(COMMA[language]))
        elif colon:
            kinds.add(name)
    return kinds


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", Role.values)
def test_each_role_is_promised_what_it_may_find(role: str, language: str) -> None:
    held = permissions_of_role(role)
    with translation.override(language):
        expected = {title for title, permission in all_finders().items() if permission in held}
    box = box_of(page_for(role, language))
    if not expected:
        assert box is None
        return
    assert box is not None
    assert promised(box["title"], language) == expected
    for title in expected:
        assert title in box["aria-label"]
    finds_people = "enrollment.view_person" in held
    assert box["placeholder"] == SHORT[language][finds_people]


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", ("参保人", "证件", "报销")), ("en", ("Residents", "ID number", "Claims"))],
)
def test_who_keeps_institutions_is_promised_no_residents(
    language: str, words: tuple[str, ...]
) -> None:
    box = box_of(page_for(Role.INSTITUTION_OFFICER, language))
    assert box is not None
    for word in words:
        assert word not in " ".join(box.values()), word


def test_a_township_is_not_promised_what_is_the_countys() -> None:
    with translation.override("en"):
        box = box_of(page_for(Role.FINANCE, "en", TOWNSHIP))
        assert box is not None
        assert not promised(box["title"], "en") & {"Payment batches", "Issued papers"}
        whole = box_of(page_for(Role.FINANCE, "en"))
        assert whole is not None
        assert {"Payment batches", "Issued papers"} <= promised(whole["title"], "en")


def test_who_may_find_nothing_has_no_box() -> None:
    assert box_for(make_user()) is None
    with translation.override("en"):
        box = box_for(make_user(["claims.view_claim"]))
    assert box is not None
    assert box.placeholder == "Number"
