"""Who sees whose records: each role, the own and another township, every screen and page.

`scope_table` says what must be; a screen or page that is not in it fails the first tests.
"""

import pytest
from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.db.models import ForeignKey
from django.urls import reverse

from config.roles import ROLES
from config.tests.scope_table import (
    COUNTY,
    FRAGMENTS,
    KINDS,
    LETTERS,
    MORE_ARGS,
    NAMED,
    NO_PAGE,
    OPEN,
    PAGES,
    PAPERS,
    READ_ONLY,
    SCREENS,
    SLOW,
    TOWN,
)
from config.tests.scoped_county import (
    Ground,
    address,
    everything,
    is_shown,
    screens,
    staff,
)
from enrollment.access.roles import Role
from enrollment.access.scope import ScopeKind, scope_of
from enrollment.desk.navigation import registry
from enrollment.tests.factories import TOWNSHIP

pytestmark = pytest.mark.django_db


def test_every_screen_says_who_reads_it_and_how_it_is_cut() -> None:
    assert set(screens()) == set(SCREENS)
    for label, model in screens().items():
        assert scope_of(model).kind == KINDS[SCREENS[label][2]], label


def test_every_page_says_who_opens_it_and_how_it_is_cut() -> None:
    assert set(registry.views) == set(PAGES)
    county = {name for name, (_letters, kind) in PAGES.items() if kind == COUNTY}
    assert county == {view.name for view in registry.views.values() if view.whole_county}


def test_no_filter_lists_records_of_a_township() -> None:
    """A filter over a relation would name them all."""
    for model, screen in admin.site._registry.items():
        for entry in screen.list_filter:
            name = entry[0] if isinstance(entry, tuple) else entry
            if not isinstance(name, str):
                continue
            field = get_fields_from_path(model, name)[-1]
            if isinstance(field, ForeignKey):
                assert scope_of(field.remote_field.model).kind is ScopeKind.OPEN, (model, name)


@pytest.mark.parametrize("role", Role.values)
def test_each_screen_for_the_whole_county(ground: Ground, role: str) -> None:
    client = staff(role)
    for label, model in screens().items():
        reads = LETTERS[role] in SCREENS[label][0]
        answer = client.get(address(model, "changelist"))
        assert (answer.status_code in (200, 302)) == reads, (label, answer.status_code)
        for records in (ground.own, ground.other, ground.county):
            record = records.get(model._meta.model_name)
            if record is not None:
                assert is_shown(client, address(model, "change", record.pk)) == reads, label


@pytest.mark.parametrize("role", Role.values)
def test_each_screen_for_one_township(ground: Ground, role: str) -> None:
    client = staff(role, TOWNSHIP)
    before = everything()
    for label, model in screens().items():
        letters, changers, kind = SCREENS[label]
        reads, changes = LETTERS[role] in letters, LETTERS[role] in changers
        listed = client.get(address(model, "changelist"))
        name = model._meta.model_name
        mine, theirs = ground.own.get(name), ground.other.get(name)
        if not reads:
            assert listed.status_code == 403, label
        elif kind == TOWN:
            shown = {row.pk for row in listed.context["cl"].queryset}
            assert mine.pk in shown, label
            assert theirs.pk not in shown, label
        elif kind == COUNTY:
            assert list(listed.context["cl"].queryset) == [], label
        if kind == TOWN:
            assert is_shown(client, address(model, "change", mine.pk)) == reads, label
            for page in ("change", "history", "delete"):
                assert not is_shown(client, address(model, page, theirs.pk)), (label, page)
                assert client.post(address(model, page, theirs.pk), {}).status_code != 200, label
        record = ground.county.get(name)
        if record is not None:
            reachable = reads and kind == OPEN
            assert is_shown(client, address(model, "change", record.pk)) == reachable, label
        ruled = getattr(admin.site.get_model_admin(model), "changed_by_the_county", False)
        if not changes or ruled:
            assert client.get(address(model, "add"), follow=True).status_code == 403, label
            assert client.post(address(model, "add"), {}, follow=True).status_code == 403, label
    assert everything() == before


@pytest.mark.parametrize("role", Role.values)
def test_choices_offer_one_township(ground: Ground, role: str) -> None:
    """The completion of every relation to a record of a township."""
    client = staff(role, TOWNSHIP)
    asked = 0
    for label, model in screens().items():
        for field in model._meta.get_fields():
            target = field.related_model if isinstance(field, ForeignKey) else None
            screen = admin.site._registry.get(target) if target else None
            if screen is None or not screen.get_search_fields(None):
                continue
            answer = client.get(
                reverse("admin:autocomplete"),
                {
                    "app_label": model._meta.app_label,
                    "model_name": model._meta.model_name,
                    "field_name": field.name,
                },
            )
            letters, _changers, kind = SCREENS[target._meta.label]
            if LETTERS[role] not in letters:
                assert answer.status_code == 403, (label, field.name)
                continue
            found = {row["id"] for row in answer.json()["results"]}
            other = ground.other.get(target._meta.model_name)
            if kind == TOWN:
                assert str(other.pk) not in found, (label, field.name)
                asked += 1
            elif kind == COUNTY:
                assert found == set(), (label, field.name)
    assert asked or role in (Role.OPERATOR, Role.ADMINISTRATOR, Role.INSTITUTION_OFFICER)


def acts_on_claims(role: str) -> bool:
    held = [name for name in ROLES[role] if name.startswith("claims.")]
    return any(not name.startswith("claims.view_") for name in held)


@pytest.mark.parametrize("role", Role.values)
def test_each_page_for_one_township(ground: Ground, role: str) -> None:
    client = staff(role, TOWNSHIP)
    before = everything()
    for name, (letters, kind) in PAGES.items():
        opens = LETTERS[role] in letters
        path = registry.views[name].path
        more, headers = MORE_ARGS.get(name, ()), FRAGMENTS.get(name, {})
        if "<" not in path:
            page = reverse(f"admin:{name}")
        elif kind == COUNTY:
            key = "settlementrun" if "settlement" in name else "paymentbatch"
            page = reverse(f"admin:{name}", args=[ground.county[key].pk, *more])
        elif kind == OPEN:
            named = NAMED.get(name, 0 if NO_PAGE.get(name) == 404 else ground.own["institution"].pk)
            page = reverse(f"admin:{name}", args=[named, *more])
        else:
            page = reverse(f"admin:{name}", args=[ground.own[kind].pk, *more])
            foreign = reverse(f"admin:{name}", args=[ground.other[kind].pk, *more])
            refusal = 404 if opens else 403
            assert client.get(foreign, headers=headers).status_code == refusal, name
            if name not in READ_ONLY | SLOW:
                assert client.post(foreign, {"reason": "x"}).status_code == refusal, name
        if name in SLOW and opens:
            continue
        status = client.get(page, headers=headers).status_code
        if not opens or kind == COUNTY:
            assert status == 403, name
        else:
            unissued = name in PAPERS and not acts_on_claims(role)
            expected = 302 if unissued else NO_PAGE.get(name, 200)
            assert status == expected, (name, status)
    assert everything() == before
