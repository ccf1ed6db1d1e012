"""The search box: what enrolment finds, who sees what, and that no number leaks."""

from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from enrollment.search import finders
from enrollment.search.finders import (
    FETCHED,
    SHOWN,
    Hit,
    cleaned,
    find_everywhere,
    finders_for,
    register_finder,
)
from enrollment.tests.factories import (
    id_number,
    make_bureau,
    make_household,
    make_institution,
    make_person,
    make_user,
)

pytestmark = pytest.mark.django_db
SEE = ["enrollment.view_person", "enrollment.view_household", "enrollment.view_institution"]
BOX = "/search/"


@pytest.fixture
def clerk(client):
    make_bureau()
    user = make_user(SEE)
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return user


def search(client, term):
    """The page that comes after pressing Enter in the box."""
    return client.post(BOX, {"q": term}, follow=True)


def page_of(record):
    return reverse(f"admin:enrollment_{record._meta.model_name}_change", args=[record.pk])


def found(page):
    return {group.finder.key: [hit.label for hit in group.hits] for group in page.context["groups"]}


@pytest.mark.parametrize("key", ["id", "id in lower case", "last four", "name", "begins the name"])
def test_a_resident_is_found_and_opened_at_once(client, clerk, key):
    person = make_person(name="彭大山", id_number=id_number(born_on=date(1971, 3, 7), serial=4))
    make_person(name="向彭大", id_number=id_number(born_on=date(1972, 3, 7), serial=9))
    term = {
        "id": person.id_number,
        "id in lower case": person.id_number.lower(),
        "last four": person.id_number[-4:],
        "name": "彭大山",
        "begins the name": " 彭大 ",
    }[key]
    answer = client.post(BOX, {"q": term})
    assert answer.headers["Location"] == page_of(person)


def test_a_household_and_an_institution_are_found_by_what_names_them(client, clerk):
    household = make_household("H20260001")
    hospital = make_institution(code="H43312700001", name="示范县人民医院")
    for term, record in (
        ("H20260001", household),
        ("H43312700001", hospital),
        ("h43312700001", hospital),
        ("人民医院", hospital),
    ):
        assert client.post(BOX, {"q": term}).headers["Location"] == page_of(record)


def test_several_give_one_page_by_kind_with_counts(client, clerk):
    for n in range(2):
        make_person(name="王村", id_number=id_number(serial=n))
    make_institution(name="王村镇卫生院")
    page = search(client, "王村")
    assert found(page) == {"persons": ["王村"] * 2, "institutions": ["王村镇卫生院"]}
    html = page.content.decode()
    assert 'data-found="persons"' in html
    assert 'data-found="institutions"' in html
    assert client.get(page.redirect_chain[-1][0]).status_code == 200  # back and forth


def test_more_than_are_shown_are_said_to_be_more(client, clerk):
    for n in range(FETCHED + 2):
        make_person(name="田大", id_number=id_number(serial=n))
    page = search(client, "田大")
    (group,) = page.context["groups"]
    assert (len(group.hits), group.has_more) == (SHOWN, True)
    assert f"Only the first {SHOWN} are shown" in page.content.decode()


@pytest.mark.parametrize("term", ["无此人", "%", "_", "4331", "H1", "院", "x" * 500, "0" * 18])
def test_what_nobody_has_finds_nothing(client, clerk, term):
    make_person(name="彭大山", id_number=id_number(serial=1))
    make_institution(name="县医院")
    page = search(client, term)
    assert page.status_code == 200
    assert found(page) == {}
    assert "Nothing was found" in page.content.decode()


def test_a_miscopied_identity_number_is_told_as_such(client, clerk):
    number = id_number(serial=1)
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    assert "compare it with the card" in search(client, wrong).content.decode()
    assert "compare it with the card" not in search(client, "无此人").content.decode()


@pytest.mark.parametrize("term", ["", "   ", "\0\t"])
def test_an_empty_box_searches_for_nothing(client, clerk, term):
    make_person()
    page = search(client, term)
    assert page.redirect_chain == [("/", 302)]
    assert "Type what you look for" in page.content.decode()


def test_what_was_typed_stands_in_no_address_and_readable_in_no_session(client, clerk):
    for n in range(2):
        make_person(name="王村", id_number=id_number(serial=n))
    number = id_number(serial=7)
    for term in ("王村", number):
        page = search(client, term)
        (address, _status) = page.redirect_chain[-1]
        assert term not in address
        assert number not in page.content.decode()
        assert term not in str(dict(client.session))
    assert client.get(BOX, {"q": number}).status_code == 405


def test_another_ones_search_is_not_found(client, clerk):
    for n in range(2):
        make_person(name="王村", id_number=id_number(serial=n))
    address, _status = search(client, "王村").redirect_chain[-1]
    client.force_login(make_user(SEE))
    answer = client.get(address)
    assert answer.status_code == 404
    assert "王村" not in answer.content.decode()
    assert "no longer kept" in answer.content.decode()


def test_only_the_last_searches_are_kept(client, clerk):
    for term in range(12):
        search(client, f"无{term}")
    assert len(client.session["searches"]) == 10


@pytest.mark.parametrize("missing", SEE)
def test_who_may_not_see_a_kind_does_not_find_it(client, clerk, missing):
    person = make_person(name="王村")
    household = make_household("王村1")
    hospital = make_institution(name="王村镇卫生院")
    key, terms = {
        SEE[0]: ("persons", ["王村", person.id_number, person.id_number[-4:]]),
        SEE[1]: ("households", [household.number]),
        SEE[2]: ("institutions", ["王村", hospital.code]),
    }[missing]
    user = make_user([name for name in SEE if name != missing])
    for term in terms:
        assert key in {group.finder.key for group in find_everywhere(term, clerk)}
        assert key not in {group.finder.key for group in find_everywhere(term, user)}


def test_who_may_see_nothing_has_no_box_and_finds_nothing(client, clerk):
    person = make_person()
    assert "data-finder" in client.get("/").content.decode()
    client.force_login(make_user())
    assert "data-finder" not in client.get("/").content.decode()
    assert found(search(client, person.id_number)) == {}


def test_nobody_searches_without_a_login(client):
    answer = client.post(BOX, {"q": "王"})
    assert answer.status_code == 302
    assert "/login/" in answer.headers["Location"]


def test_each_finder_makes_one_statement_that_ends(clerk):
    for finder in finders_for(clerk):
        for term in ("王村", id_number(serial=1), "1234", "H1"):
            with CaptureQueriesContext(connection) as captured:
                finder.find(term, clerk)
            assert len(captured) <= 1, finder.key
            for query in captured:
                assert f"LIMIT {FETCHED}" in query["sql"], finder.key


def test_persons_and_households_are_found_through_an_index(clerk):
    """The planner can do without reading a whole table; institutions are few and may be read."""
    for finder in finders_for(clerk):
        if finder.key == "institutions":
            continue
        for term in ("王村", id_number(serial=1), "1234", "H20260001"):
            with CaptureQueriesContext(connection) as captured:
                finder.find(term, clerk)
            for query in captured:
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL enable_seqscan = off")
                    cursor.execute("EXPLAIN " + query["sql"])
                    plan = "\n".join(line for (line,) in cursor.fetchall())
                    cursor.execute("SET LOCAL enable_seqscan = on")
                assert "Seq Scan" not in plan, (finder.key, term, plan)


def test_the_same_finder_twice_is_refused(monkeypatch):
    monkeypatch.setattr(finders, "_finders", {})

    def find(term, user):
        return [Hit(term, "/")]

    register_finder("one", "One", find, permission="enrollment.view_person", order=1)
    with pytest.raises(ImproperlyConfigured):
        register_finder("one", "One", find, permission="enrollment.view_person", order=1)


def test_what_a_scanner_adds_is_cut_off():
    assert cleaned("\t20261124000001\r\n") == "20261124000001"
    assert len(cleaned("x" * 500)) == 60
