"""A whole identity number that is searched for stands in no address."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from enrollment.lists.terms import addressed, in_words, opened
from enrollment.tests.factories import make_person, make_user

NUMBER = "433127199001011234"


@pytest.mark.parametrize("typed", [NUMBER, "43312719900101123x", "４３３１２７ 19900101 1234"])
def test_a_whole_number_is_sealed_and_masked(typed):
    kept = addressed(typed)
    assert kept.startswith("~")
    assert not any(part in kept for part in typed.split())
    assert opened(kept) == typed
    assert "19900101" not in in_words(typed)


@pytest.mark.parametrize("typed", ["", "1234", "彭大山", "PDS", "43312719900101", "~x", "~", "~?"])
def test_anything_else_is_as_typed(typed):
    assert addressed(typed) == typed
    assert opened(typed) == typed
    assert in_words(typed) == typed


@pytest.fixture
def staff(client, db):
    user = make_user(["enrollment.view_person", "enrollment.view_accountchange"])
    client.force_login(user)
    return client


@pytest.mark.parametrize("model", ["person", "accountchange"])
def test_the_box_sends_it_by_post_and_no_link_has_it(staff, model):
    person = make_person()
    page = reverse(f"admin:enrollment_{model}_changelist")
    assert 'method="post"' in staff.get(page).text.partition('id="changelist-search"')[2][:200]
    sent = staff.post(page, {"_narrow": "1", "q": person.id_number})
    address = sent.headers["Location"]
    assert person.id_number not in address
    shown = staff.get(address)
    links = [part.split('"')[0] for part in shown.text.split('href="')[1:]]
    assert not [link for link in links if person.id_number in link]
    chips = shown.text.partition('class="chips"')[2].partition("</ul>")[0]
    assert person.id_number not in chips
    if model == "person":
        assert [row.pk for row in shown.context["cl"].result_list] == [person.pk]


def test_other_filters_go_along_and_empty_ones_do_not(staff):
    page = reverse("admin:enrollment_person_changelist")
    sent = staff.post(page, {"_narrow": "1", "q": " 彭 ", "township": "433127116000", "x": ""})
    split = urlsplit(sent.headers["Location"])
    assert (split.path, parse_qs(split.query)) == (
        page,
        {"q": ["彭"], "township": ["433127116000"]},
    )
    assert staff.post(page, {"_narrow": "1", "q": ""}).headers["Location"] == page
