"""Columns of every list as people read them: order, empty cells, figures; words of the menu."""

import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, DecimalField, IntegerField
from django.test import RequestFactory
from django.utils import translation

from enrollment.access.models import User
from enrollment.desk import navigation
from enrollment.lists.keyset import keys_of
from enrollment.lists.ordering import EMPTY, RANK, is_choice
from enrollment.tests.factories import make_bureau

SCREENS = {model._meta.label: screen for model, screen in admin.site._registry.items()}
# Numbers that are names.
NAMES = {"number", "year"}


def shown(label: str, query: str = "") -> Any:
    request = RequestFactory().get(f"/?{query}")
    request.user = User.objects.get(username="root")
    return SCREENS[label].get_changelist_instance(request)


@pytest.fixture
def root(db: None) -> User:
    make_bureau()
    return User.objects.create_superuser("root", password="a-long-password")


@pytest.mark.parametrize("label", SCREENS)
def test_no_list_is_sorted_by_a_hidden_code_nor_begins_with_what_is_empty(label, root):
    screen = SCREENS[label]
    plain = shown(label)
    for place, column in enumerate(plain.list_display):
        path = plain.get_ordering_field(column)
        if column not in plain.sortable:
            continue
        assert isinstance(path, str)
        name = path.lstrip("-")
        up, down = (shown(label, f"o={sign}{place}") for sign in ("", "-"))
        # The arrow stands over the column that was asked for.
        assert up.get_ordering_field_columns() == {place: "asc"}, (label, name)
        assert down.get_ordering_field_columns() == {place: "desc"}, (label, name)
        if is_choice(screen.model, name):
            assert screen.bounded_list, (label, name)
            assert up.keys[0].path == RANK, (label, name)
        (key, *_rest) = keys_of(screen.model, [name], plain.root_queryset.query.annotations)
        if screen.bounded_list and key.nullable:
            assert down.keys[0].path == EMPTY, (label, name)
        list(down.result_list)


def numeric(screen: Any, column: Any) -> bool:
    """Whether the column holds figures: by its field, or by what its method returns."""
    try:
        field = screen.model._meta.get_field(column if isinstance(column, str) else "")
    except FieldDoesNotExist:
        method = column if callable(column) else getattr(type(screen), str(column), None)
        if hasattr(method, "money_path") or method is None or not inspect.isfunction(method):
            return False
        returned = inspect.signature(method).return_annotation
        return returned in (int, "int") or 'class="num"' in inspect.getsource(method)
    return isinstance(field, IntegerField | DecimalField) and not field.choices


def stylesheet() -> str:
    return (Path(settings.BASE_DIR) / "config/static/portal/portal.css").read_text(encoding="utf-8")


def test_days_stay_on_one_line_and_words_whole():
    css = stylesheet()
    (rule,) = re.findall(r"^#content td\[class\*=\"_on\"\].*white-space: nowrap.*$", css, re.M)
    missing = []
    for label, screen in SCREENS.items():
        for column in screen.list_display:
            try:
                field = screen.model._meta.get_field(column)
            except (FieldDoesNotExist, TypeError, AttributeError):
                continue
            kept = ("_on" in column) or ("_at" in column) or (f".field-{column}" in rule)
            if isinstance(field, DateField) and not kept and "_login" not in column:
                missing.append((label, column))
    assert missing == []
    # Numbers of a batch and a case.
    assert all(f".field-{column}" in rule for column in ("batch", "case_link", "track"))
    narrow = css[css.index("@media (max-width: 1023px)") :]
    assert '#content td[class*="field-"] { overflow-wrap: break-word; }' in narrow


def test_figures_are_aligned_to_the_right():
    css = stylesheet()
    aligned = set(re.findall(r"\.column-(\w+)", css))
    figures = {
        (label, str(column))
        for label, screen in SCREENS.items()
        for column in screen.list_display
        if numeric(screen, column) and str(column) not in NAMES
    }
    assert {one for one in figures if one[1] not in aligned} == set()
    assert ("claims.PaymentBatch", "orders_count") in figures


@pytest.mark.parametrize(("language", "end"), [("zh-hans", "。"), ("en", ".")])
def test_what_a_page_is_for_is_a_whole_sentence(language, end):
    with translation.override(language):
        hints = [str(page.hint) for page in navigation.registry.pages.values()]
    assert [hint for hint in hints if hint and not hint.endswith(end)] == []
