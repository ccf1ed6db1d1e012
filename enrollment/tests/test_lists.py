"""Lists: pages by key, bounded counts, totals, filters that are applied together."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib import admin
from django.db import connection
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from enrollment.access.models import User
from enrollment.coverage.models import Enrolment
from enrollment.institutions.selectors import matching_institutions
from enrollment.lists import changelist, counting
from enrollment.lists.bar import canonical
from enrollment.lists.changelist import PortalChangeList
from enrollment.lists.indexes import ordered_by_index
from enrollment.lists.keyset import keys_of, position_of, read_position, rows_after
from enrollment.models import AccountChange, Household, Institution, Person
from enrollment.residents import selectors
from enrollment.tests.factories import (
    TOWNSHIP,
    enrol,
    make_bureau,
    make_institution,
    make_person,
    make_user,
)

pytestmark = pytest.mark.django_db
PERSONS = "admin:enrollment_person_changelist"
CHANGES = "admin:enrollment_accountchange_changelist"


@pytest.fixture
def clerk() -> User:
    make_bureau()
    return make_user(
        ["enrollment.view_person", "enrollment.view_household", "enrollment.view_accountchange"]
    )


@pytest.fixture
def signed_in(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    client.cookies["django_language"] = "en"
    return client


def list_of(model: Any, query: str, user: User, per_page: int = 50) -> PortalChangeList:
    screen = admin.site._registry[model]
    request = RequestFactory().get(f"/?{query}")
    request.user = user
    screen.list_per_page = per_page
    try:
        return screen.get_changelist_instance(request)
    finally:
        del screen.list_per_page


def place_of(keys: Any, row: Any) -> str:
    paths = [key.path for key in keys]
    return position_of(keys, type(row).objects.filter(pk=row.pk).values_list(*paths).get())


def query_of(address: str) -> str:
    return urlsplit(address).query


def pages_along(model: Any, user: User, query: str, per_page: int, link: str) -> list[list[Any]]:
    """The primary keys of each page along a link."""
    pages: list[list[Any]] = []
    for _page in range(100):
        shown = list_of(model, query, user, per_page)
        pages.append([row.pk for row in shown.result_list])
        address = getattr(shown, link)
        if not address:
            return pages
        query = query_of(address)
    raise AssertionError("the pages never end")


def walk(model: Any, user: User, query: str, per_page: int, link: str = "next_url") -> list[Any]:
    """The primary keys along a link, in the order of the list."""
    pages = pages_along(model, user, query, per_page, link)
    return [pk for page in (pages[::-1] if link == "previous_url" else pages) for pk in page]


# --- pages ---------------------------------------------------------------------------------


def test_pages_forwards_and_backwards_show_each_row_once_in_order(clerk):
    for name in ("王芳", "王芳", "李娜", "王芳", "张伟", "李娜", "陈静", "王芳"):
        make_person(name=name)
    expected = list(Person.objects.order_by("name", "id").values_list("pk", flat=True))
    assert walk(Person, clerk, "", 2) == expected
    assert walk(Person, clerk, "last=1", 2, "previous_url") == expected
    assert walk(Person, clerk, "o=-0", 3) == list(
        Person.objects.order_by("-name", "-id").values_list("pk", flat=True)
    )


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 5, 6, 7, 11])
@pytest.mark.parametrize("per_page", [1, 2, 3, 4])
@pytest.mark.parametrize("counted", [5_000, 0], ids=["counted", "too many to count"])
def test_from_the_last_page_back_to_the_first_each_row_is_shown_once(
    rows, per_page, counted, clerk, monkeypatch
):
    monkeypatch.setattr(counting, "COUNTED", counted)
    Household.objects.bulk_create(
        Household(number=f"H{n:02d}", division_id=TOWNSHIP) for n in range(rows)
    )
    expected = list(Household.objects.order_by("number").values_list("pk", flat=True))
    backwards = pages_along(Household, clerk, "last=1", per_page, "previous_url")
    assert [pk for page in reversed(backwards) for pk in page] == expected
    if counted:  # then the pages are those that one meets from the beginning
        forwards = pages_along(Household, clerk, "", per_page, "next_url")
        assert backwards == forwards[::-1]
        assert list_of(Household, "last=1", clerk, per_page).shown_page == len(forwards)


def test_rows_that_come_in_meanwhile_neither_repeat_nor_hide_any(clerk):
    for letter in "cdefgh":
        make_person(name=f"{letter}{letter}")
    first = list_of(Person, "", clerk, 3)
    assert [row.name for row in first.result_list] == ["cc", "dd", "ee"]
    make_person(name="aa")
    make_person(name="bb")
    second = list_of(Person, query_of(first.next_url), clerk, 3)
    assert [row.name for row in second.result_list] == ["ff", "gg", "hh"]
    back = list_of(Person, query_of(second.previous_url), clerk, 3)
    assert [row.name for row in back.result_list] == ["cc", "dd", "ee"]
    assert back.first_url
    start = list_of(Person, query_of(back.previous_url), clerk, 3)
    # "cc" was on the page that one comes from.
    assert [row.name for row in start.result_list] == ["aa", "bb"]
    assert not start.first_url


def test_a_page_after_a_row_that_has_gone_is_still_the_same(clerk):
    households = [Household.objects.create(number=f"H{n}", division_id=TOWNSHIP) for n in range(5)]
    first = list_of(Household, "", clerk, 2)
    households[1].delete()
    second = list_of(Household, query_of(first.next_url), clerk, 2)
    assert [row.number for row in second.result_list] == ["H2", "H3"]


def test_empty_values_have_their_place_in_both_directions():
    parent = make_institution(code="P1", name="总院")
    for n in range(4):
        make_institution(code=f"A{n}", parent=parent if n % 2 else None)
    for term in ("parent", "-parent"):
        keys = keys_of(Institution, [term, "code"])
        rows = Institution.objects.order_by(*(key.term for key in keys))
        listed = list(rows)
        for place, row in enumerate(listed):
            values = read_position(keys, place_of(keys, row))
            after = rows_after(rows, keys, values)
            before = rows_after(rows, keys, values, backwards=True)
            assert list(after) == listed[place + 1 :], term
            assert list(before) == listed[:place], term


def test_a_position_keeps_instants_and_amounts_exactly(clerk):
    person = make_person()
    at = datetime(2026, 11, 24, 1, 2, 3, 456789, tzinfo=UTC)
    for n in range(3):
        AccountChange.objects.create(
            person=person,
            new_account_no="62220212345678",
            new_account_name="甲",
            at=at + timedelta(microseconds=n),
        )
    assert len(set(walk(AccountChange, clerk, "", 1))) == 3
    keys = keys_of(AccountChange, ["-at"])
    row = AccountChange.objects.order_by("-at").first()
    assert read_position(keys, place_of(keys, row)) == [row.at, row.pk]


@pytest.mark.parametrize("text", ["", "x", "AAAA", "…", "bm8gcG9zaXRpb24"])
def test_what_is_no_position_is_the_first_page(text, signed_in):
    make_person(name="甲")
    page = signed_in.get(reverse(PERSONS), {"after": text or "%"})
    assert page.status_code == 200
    assert [row.name for row in page.context["cl"].result_list] == ["甲"]


def test_a_position_of_another_order_is_not_read(clerk):
    make_person()
    keys = keys_of(Person, ["name"])
    place = place_of(keys, Person.objects.get())
    assert read_position(keys_of(Person, ["-name"]), place) is None
    assert "居民" not in place


def test_no_name_stands_in_the_address(clerk):
    for name in ("王芳", "李娜"):
        make_person(name=name)
    address = list_of(Person, "", clerk, 1).next_url
    assert "name" not in address
    assert "%E6" not in address


@pytest.mark.parametrize("page", ["0", "-3", "7", "99999", "x"])
def test_a_page_that_does_not_exist_is_the_first(page, clerk):
    for n in range(3):
        make_person(name=f"甲{n}")
    shown = list_of(Person, f"p={page}", clerk, 2)
    assert [row.name for row in shown.result_list] == ["甲0", "甲1"]
    assert shown.shown_page == 1


def test_a_page_by_number(clerk):
    for n in range(5):
        make_person(name=f"甲{n}")
    shown = list_of(Person, "p=2", clerk, 2)
    assert [row.name for row in shown.result_list] == ["甲2", "甲3"]
    assert (shown.shown_page, shown.pages, shown.farthest) == (2, 3, 3)


def test_no_page_is_called_by_number_behind_what_is_counted(clerk, monkeypatch):
    monkeypatch.setattr(changelist, "COUNTED", 4)
    monkeypatch.setattr(counting, "COUNTED", 4)
    for n in range(9):
        make_person(name=f"甲{n}")
    shown = list_of(Person, "p=4", clerk, 2)
    assert [row.name for row in shown.result_list] == ["甲2", "甲3"]
    assert (shown.shown_page, shown.pages, shown.farthest) == (2, None, 2)
    third = list_of(Person, query_of(shown.next_url), clerk, 2)
    fourth = list_of(Person, query_of(third.next_url), clerk, 2)
    assert [row.name for row in fourth.result_list] == ["甲6", "甲7"]
    assert fourth.shown_page == 4


def test_people_found_by_initials_are_paged_in_the_order_of_the_initials(clerk):
    for name in ("张三", "张三丰", "单田芳", "赵四", "张飒"):
        make_person(name=name)
    seen = walk(Person, clerk, "q=zs", 1)
    names = [Person.objects.get(pk=pk).name for pk in seen]
    assert names == ["张三", "赵四", "张飒", "张三丰"]


# --- order ---------------------------------------------------------------------------------


def test_a_large_list_is_sorted_only_by_what_an_index_puts_in_order(clerk):
    assert {"name", "id", "pk", "id_digest", "last4_digest"} <= ordered_by_index(Person)
    assert "born_on" not in ordered_by_index(Person)
    shown = list_of(Person, "o=3", clerk)  # date of birth
    assert [key.term for key in shown.keys] == ["name", "id"]


def column_of(model: Any, name: str) -> int:
    return list(admin.site._registry[model].list_display).index(name)


def test_a_choice_is_sorted_by_its_process_and_not_by_its_code(clerk):
    for level in ("province", "county", "township", "city", "county"):
        make_institution(level=level)
    place = column_of(Institution, "level")
    reader = make_user(["enrollment.view_institution"])
    for sign, levels in (
        ("", ["township", "county", "county", "city", "province"]),
        ("-", ["province", "city", "county", "county", "township"]),
    ):
        seen = walk(Institution, reader, f"o={sign}{place}", 2)
        assert [Institution.objects.get(pk=pk).level for pk in seen] == levels


def test_what_is_empty_comes_last_in_both_directions(clerk):
    """On every page, and from page to page."""
    reader = User.objects.create_superuser("root", password="a-long-password")
    days = [None, datetime(2026, 11, 2, tzinfo=UTC), None, datetime(2026, 11, 1, tzinfo=UTC)]
    User.objects.update(last_login=None)
    for n, at in enumerate(days):
        User.objects.create_user(f"u{n}", password="a-long-password", last_login=at)
    place = [str(column) for column in list_of(User, "", reader).list_display].index("last_login")
    for sign in ("", "-"):
        seen = walk(User, reader, f"o={sign}{place}", 2)
        found = [User.objects.get(pk=pk).last_login for pk in seen]
        assert len(set(seen)) == len(seen) == User.objects.count()
        first, second, *others = [at and at.day for at in found]
        assert (first, second) == ((1, 2) if not sign else (2, 1))
        assert set(others) == {None}
        back = walk(User, reader, f"o={sign}{place}&last=1", 2, "previous_url")
        assert back == seen


def test_indexes_over_some_rows_only_do_not_count():
    assert "year" not in ordered_by_index(Enrolment)
    assert "person" in ordered_by_index(Enrolment)


# --- count and sums ------------------------------------------------------------------------


def test_a_list_on_one_page_is_not_counted(clerk):
    make_person()
    screen = admin.site._registry[Person]
    request = RequestFactory().get("/")
    request.user = clerk
    with CaptureQueriesContext(
        connection,
    ) as seen:
        shown = screen.get_changelist_instance(request)
    assert shown.counted.text
    assert not [one for one in seen if "COUNT" in one["sql"] or "reltuples" in one["sql"]]


def test_counting_stops(clerk, monkeypatch):
    monkeypatch.setattr(counting, "COUNTED", 3)
    for n in range(6):
        make_person(name=f"甲{n}")
    make_person(name="乙")
    few = list_of(Person, "q=乙", clerk, 2)
    many = list_of(Person, "q=甲", clerk, 2)
    assert (few.counted.rows, few.counted.is_exact) == (1, True)
    assert (many.counted.rows, many.counted.is_exact, many.pages) == (3, False, None)


def test_a_whole_table_is_estimated(clerk, monkeypatch):
    monkeypatch.setattr(counting, "COUNTED", 3)
    for n in range(6):
        make_person(name=f"甲{n}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE enrollment_person")
    shown = list_of(Person, "", clerk, 2)
    assert shown.counted.is_estimate
    assert shown.counted.rows == Person.objects.count()


# --- filters -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("q=&state=", "/page"),
        ("q=%20&kind=a", "/page?kind=a"),
        ("kind=%3Fkind__isnull%3DTrue&o=1", "/page?kind__isnull=True&o=1"),
        ("kind=a&kind=", "/page?kind=a"),
        ("q=%3Fwhat", None),
        ("kind=a&q=b", None),
        ("", None),
    ],
)
def test_an_address_says_what_narrows_the_list_and_no_more(given, kept):
    assert canonical(QueryDict(given), "/page") == kept


def test_long_words_stay_within_the_page(signed_in):
    signed_in.cookies["django_language"] = "zh-hans"
    html = signed_in.get(reverse(PERSONS), {"q": "x" * 400}).content.decode()
    assert f'<span title="{"x" * 400}">查询：<strong>' in html  # cut by the style; a full colon


def test_filters_are_applied_together_and_taken_off_one_by_one(signed_in):
    here = make_person(name="甲", division_id=TOWNSHIP)
    make_person(name="乙", division_id=TOWNSHIP)
    year = date.today().year  # noqa: DTZ011 - the filter is about this year
    enrol(here, year=year)
    chosen = {"township": TOWNSHIP, "enrolment": f"{year}-active", "identity": "", "q": ""}
    page = signed_in.get(reverse(PERSONS), chosen, follow=True)
    address = parse_qs(page.request["QUERY_STRING"])
    assert set(address) == {"township", "enrolment"}
    shown = page.context["cl"]
    assert [row.pk for row in shown.result_list] == [here.pk]
    assert [chip.text for chip in shown.bar.chips] == ["灵溪镇", f"{year}: enrolled"]
    without = parse_qs(query_of(shown.bar.chips[1].without))
    assert without == {"township": [TOWNSHIP]}
    html = page.content.decode()
    assert html.count('type="submit" class="button default">Apply') == 1


def test_a_search_keeps_the_filters_and_the_order(signed_in):
    make_person(name="甲")
    page = signed_in.get(reverse(PERSONS), {"township": TOWNSHIP, "o": "-0"})
    html = page.content.decode()
    assert '<input type="hidden" name="o" value="-0">' in html
    assert f'<option value="{TOWNSHIP}" selected>' in html


def test_days_of_an_instant_are_those_here(signed_in):
    person = make_person()
    late = datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in Shanghai
    for at in (late, late + timedelta(seconds=1)):
        AccountChange.objects.create(
            person=person, new_account_no="62220212345678", new_account_name="甲", at=at
        )
    url = reverse(CHANGES)
    day = {"at__date__gte": "2026-11-24", "at__date__lte": "20261124"}
    assert [row.at for row in signed_in.get(url, day).context["cl"].result_list] == [late]
    next_day = signed_in.get(url, {"at__date__gte": "2026-11-25"}).context["cl"]
    assert len(next_day.result_list) == 1
    assert next_day.keys[0].term == "-at"


def test_a_day_that_is_none_says_so(signed_in):
    page = signed_in.get(reverse(CHANGES), {"at__date__gte": "2026-13-01"})
    (chip,) = page.context["cl"].bar.chips
    assert "2026-13-01" in chip.fault
    assert chip.fault in page.content.decode()


def test_a_search_for_a_name_prefix_is_one_condition_on_one_table(clerk):
    make_person(name="王芳")
    make_person(name="王芳芳")
    make_person(name="李王芳")
    shown = list_of(Person, "q=王芳", clerk)
    assert [row.name for row in shown.result_list] == ["王芳", "王芳芳"]
    assert str(shown.queryset.query).count("FROM") == 1


def test_an_estimate_pretends_no_more_than_it_knows():
    text = counting.Counted(5_438_112, is_exact=False, is_estimate=True).text
    assert "5,400,000" in text
    assert Decimal(counting.COUNTED) == 5_000


# --- searches ------------------------------------------------------------------------------


def test_a_surname_of_too_many_is_answered_and_read_no_further(signed_in, monkeypatch):
    monkeypatch.setattr(selectors, "MOST_NAMESAKES", 2)
    for name in ("王一", "王二", "王三", "李四"):
        AccountChange.objects.create(person=make_person(name=name), at=datetime.now(UTC))
    with CaptureQueriesContext(connection) as seen:
        page = signed_in.get(reverse(CHANGES), {"q": "王"})
    assert page.status_code == 200
    assert page.context["cl"].result_list == []
    (chip,) = page.context["cl"].bar.chips
    assert "more than 2 residents" in chip.fault
    assert "type more of the name" in page.content.decode()
    persons = [one["sql"] for one in seen if 'FROM "enrollment_person"' in one["sql"]]
    assert len(persons) == 1
    assert persons[0].endswith("LIMIT 3")
    found = signed_in.get(reverse(CHANGES), {"q": "王二"}).context["cl"].result_list
    assert [row.person.name for row in found] == ["王二"]


@pytest.mark.parametrize(
    ("term", "codes"),
    [
        ("人民医院", ["A1", "B1"]),
        ("人民", ["A1", "B1", "C1"]),
        ("药", ["D1"]),
        ("a", ["A1"]),
        ("b1", ["B1"]),
        ("1", []),
        ("民人", []),
        ("100%", []),
        ("KTV", ["D1"]),
        (" ", []),
    ],
)
def test_institutions_by_a_part_of_the_name_or_the_beginning_of_the_code(term, codes):
    for code, name in (
        ("A1", "永顺县人民医院"),
        ("B1", "龙山人民医院"),
        ("C1", "人民路诊所"),
        ("D1", "Ktv大药房"),
    ):
        make_institution(code=code, name=name)
    assert [one.code for one in matching_institutions(term)] == codes


def test_a_name_of_three_parts_that_lie_apart_is_no_match():
    make_institution(code="A1", name="县中医院人民路分院")
    assert not matching_institutions("中医院分院").exists()
    assert matching_institutions("人民路分").exists()


def test_institutions_are_found_by_indexes_alone():
    make_institution()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    for term in ("人民医院", "县", "H4331"):
        plan = matching_institutions(term).order_by().explain()
        assert "institution_name_parts" in plan, plan
        assert "Seq Scan" not in plan, plan
