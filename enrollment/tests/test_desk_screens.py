"""The frame, the work desk and the pages of the admin site."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from enrollment.access.models import User
from enrollment.access.roles import Role, permission_label, role_label
from enrollment.desk import navigation
from enrollment.desk.errors import MissingPermission, forbidden
from enrollment.desk.site import _guarded
from enrollment.desk.tags import record_link, status_tag
from enrollment.tests.factories import make_bureau, make_institution, make_user

pytestmark = pytest.mark.django_db


class Inline(HTMLParser):
    """Collects what a strict policy would block."""

    def __init__(self) -> None:
        super().__init__()
        self.blocked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in given):
            self.blocked.append(tag)
        self.blocked += [
            f"{tag}[{name}]" for name in given if name == "style" or name.startswith("on")
        ]
        for name in ("src", "href"):
            if tag in ("script", "link", "img") and (given.get(name) or "/").startswith(
                ("http", "//")
            ):
                self.blocked.append(f"{tag}[{name}]")


PAGES = [
    "admin:index",
    "admin:enrollment_user_changelist",
    "admin:enrollment_user_add",
    "admin:auth_group_changelist",
    "admin:auth_group_add",
    "admin:password_change",
    "admin:django_celery_beat_periodictask_changelist",
]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_passes_the_strict_policy(
    client_of: Any, root: User, page: str, language: str
) -> None:
    response = client_of(root, language).get(reverse(page))
    assert response.status_code == 200
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    parser = Inline()
    parser.feed(response.content.decode())
    assert parser.blocked == []
    assert f'<html lang="{language}"' in response.content.decode()


def test_record_history_and_password_pages_pass_too(client_of: Any, root: User) -> None:
    for name in ("change", "history"):
        page = client_of(root).get(reverse(f"admin:enrollment_user_{name}", args=[root.pk]))
        assert page.status_code == 200
        parser = Inline()
        parser.feed(page.content.decode())
        assert parser.blocked == []
    page = client_of(root).get(reverse("admin:enrollment_user_set_password", args=[root.pk]))
    assert page.status_code == 200


def test_the_login_page_is_chinese_even_for_an_english_browser(client: Client) -> None:
    page = client.get(reverse("admin:login"), headers={"accept-language": "en-US,en"})
    assert '<html lang="zh-hans"' in page.content.decode()


def test_the_switch_keeps_the_page_and_changes_the_language(client_of: Any, root: User) -> None:
    client = client_of(root)
    response = client.post(reverse("set_language"), {"language": "en", "next": "/enrollment/user/"})
    assert response.headers["Location"] == "/enrollment/user/"
    assert '<html lang="en"' in client.get("/enrollment/user/").content.decode()


def test_the_header_shows_only_what_the_user_may_see(
    client_of: Any, root: User, clerk: User
) -> None:
    staff = reverse("admin:enrollment_user_changelist")
    assert staff in client_of(root).get("/").content.decode()
    assert staff not in client_of(clerk).get("/").content.decode()


def test_the_header_names_the_role_in_words(client_of: Any, clerk: User) -> None:
    assert "Window clerk" in client_of(clerk, "en").get("/").content.decode()


def test_the_staff_list_costs_the_same_for_many(client_of: Any, root: User) -> None:
    client = client_of(root)
    url = reverse("admin:enrollment_user_changelist")

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    before = statements()
    for n in range(20):
        User.objects.create(username=f"u{n}").groups.add(
            Group.objects.get_or_create(name=Role.FINANCE)[0]
        )
    assert statements() <= before + 1


def test_a_guarded_view_refuses_before_it_runs(clerk: User) -> None:
    ran: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        ran.append("ran")
        return HttpResponse()

    request = RequestFactory().get("/x/")
    request.user = clerk
    own = navigation.OwnView("x/", view, "x", "enrollment.change_user")
    with pytest.raises(MissingPermission) as caught:
        _guarded(own)(request)
    assert caught.value.permission == "enrollment.change_user"
    assert ran == []


def test_the_refusal_names_the_roles_that_may(clerk: User, rf: RequestFactory) -> None:
    group = Group.objects.get_or_create(name=Role.SUPERVISOR)[0]
    group.permissions.add(Permission.objects.get(codename="delete_user"))
    request = rf.get("/x/")
    request.user = clerk
    with translation.override("en"):
        page = forbidden(request, MissingPermission("enrollment.delete_user"))
    assert page.status_code == 403
    assert "<li>Fund supervisor</li>" in page.content.decode()
    assert "enrollment.delete_user" in page.content.decode()


def test_stock_pages_are_refused_calmly(client_of: Any, clerk: User) -> None:
    page = client_of(clerk, "en").get(reverse("admin:enrollment_user_changelist"))
    assert page.status_code == 403
    assert "This is not within your role" in page.content.decode()


def test_pages_belong_to_areas_and_cover_their_record_pages(
    monkeypatch: pytest.MonkeyPatch, root: User
) -> None:
    monkeypatch.setattr(navigation, "registry", navigation.Registry())
    navigation.register_page("a", "Staff", "admin:enrollment_user_changelist", permission=None)
    with pytest.raises(ImproperlyConfigured):
        navigation.menu_for(root)
    navigation.register_area("a", "Area", order=1)
    [area] = navigation.menu_for(root, "admin:enrollment_user_change")
    assert area.current is not None
    [area] = navigation.menu_for(root, "admin:enrollment_userother_change")
    assert area.current is None
    with pytest.raises(ImproperlyConfigured):
        navigation.register_area("a", "Area", order=1)


def test_staff_are_never_deleted_and_never_show_their_hash(client_of: Any, root: User) -> None:
    client = client_of(root)
    assert client.post(reverse("admin:enrollment_user_delete", args=[root.pk])).status_code == 403
    assert User.objects.filter(pk=root.pk).exists()
    page = client.get(reverse("admin:enrollment_user_change", args=[root.pk])).content.decode()
    assert "argon2" not in page
    assert "md5" not in page


def test_a_new_member_of_staff_gets_a_role_and_may_log_in(client_of: Any, root: User) -> None:
    role = Group.objects.get_or_create(name=Role.REVIEWER)[0]
    answer = client_of(root).post(
        reverse("admin:enrollment_user_add"),
        {
            "username": "wang",
            "full_name": "王建国",
            "password1": "portal-2026-x",
            "password2": "portal-2026-x",
            "groups": [role.pk],
        },
    )
    assert answer.status_code == 302
    user = User.objects.get(username="wang")
    assert (user.is_staff, [group.name for group in user.groups.all()]) == (True, ["reviewer"])


def test_words_for_roles_and_permissions() -> None:
    with translation.override("en"):
        assert role_label("finance") == "Finance"
        assert role_label("Archive room") == "Archive room"
        permission = Permission.objects.get(codename="view_user")
        assert permission_label(permission) == "View: staff"


def test_a_tag_escapes_its_word_and_knows_its_tones() -> None:
    assert status_tag("<b>", "green") == '<span class="tag tag-green">&lt;b&gt;</span>'
    with pytest.raises(ValueError, match="purple"):
        status_tag("x", "purple")


def test_every_registered_list_passes_the_strict_policy(client_of: Any, root: User) -> None:
    client = client_of(root)
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        page = client.get(reverse(name))
        assert page.status_code == 200, name
        parser = Inline()
        parser.feed(page.content.decode())
        assert parser.blocked == [], name


def test_lists_keep_nothing_in_the_browsers_storage(client_of: Any, root: User) -> None:
    page = client_of(root).get(reverse("admin:enrollment_user_changelist")).content.decode()
    assert "admin/js/filters.js" not in page
    assert "portal/portal.js" in page


def test_a_record_is_a_link_for_who_may_open_it(root: User) -> None:
    hospital = make_institution(name="甲<乙>医院")
    nobody = User.objects.create_user("nobody", password="a-long-password")
    assert record_link(hospital, nobody) == "甲&lt;乙&gt;医院"
    url = reverse("admin:enrollment_institution_change", args=[hospital.pk])
    assert record_link(hospital, root) == f'<a href="{url}">甲&lt;乙&gt;医院</a>'


def test_the_desk_offers_the_tasks_that_the_role_begins(
    monkeypatch: pytest.MonkeyPatch, client_of: Any, clerk: User, root: User
) -> None:
    kept = navigation.registry
    fresh = navigation.Registry(kept.areas, kept.pages, kept.views)
    monkeypatch.setattr(navigation, "registry", fresh)
    navigation.register_start("enrollment_importjob_hand_in", "Second", order=2)
    navigation.register_start("claims_window", "First", order=1)
    assert [start.label for start in navigation.starts_for(root)] == ["First", "Second"]
    assert navigation.starts_for(User.objects.create_user("nobody", is_staff=True)) == []
    window = f'<a class="button default" href="{reverse("admin:claims_window")}">First</a>'
    page = client_of(clerk).get(reverse("admin:index")).content.decode()
    assert window in page
    assert "Second" not in page
    with pytest.raises(ImproperlyConfigured):
        navigation.register_start("claims_window", "Again", order=1)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_record_that_is_not_there_leads_to_the_desk_with_a_word(
    client: Client, db: None, language: str
) -> None:
    make_bureau()
    client.force_login(make_user(["enrollment.view_person"]))
    client.cookies["django_language"] = language
    answer = client.get("/enrollment/person/999999/change/", follow=True)
    said = {"en": "no such record", "zh-hans": "没有这条记录"}[language]
    assert said in answer.content.decode()
    assert answer.redirect_chain == [("/", 302)]
