"""What clerks type into days, amounts and comboboxes."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from enrollment.access.models import User
from enrollment.desk.widgets import ComboboxField, DayField, YuanField
from enrollment.values.days import DayError, parse_day
from enrollment.values.money import AmountError, parse_amount

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-09-01", date(2026, 9, 1)),
        ("20260901", date(2026, 9, 1)),
        ("2026/9/1", date(2026, 9, 1)),
        ("2026年9月1日", date(2026, 9, 1)),
        (" 0901 ", date(2026, 9, 1)),
        ("1124", date(2026, 11, 24)),
        ("1125", date(2025, 11, 25)),
        ("２０２６年１１月１日", date(2026, 11, 1)),
        ("2026年11月1号", date(2026, 11, 1)),
        ("2026 11 01", date(2026, 11, 1)),
        ("2026 年 11 月 1 日", date(2026, 11, 1)),
        ("２０２６－１１－０１\u200b", date(2026, 11, 1)),
    ],
)
def test_a_day_is_read_as_it_is_written(text: str, day: date) -> None:
    assert parse_day(text, today=TODAY) == day


def test_ahead_a_short_day_is_always_of_this_year() -> None:
    assert parse_day("1125", today=TODAY, ahead=True) == date(2026, 11, 25)


@pytest.mark.parametrize(
    "text", ["", "901", "20260931", "0230", "2026-13-01", "26-9-1", "昨天", "0229", "²026-01-01"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(DayError):
        parse_day(text, today=TODAY)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("20260229", "2026 年 2 月没有 29 日。"),
        ("0230", f"{timezone.localdate().year} 年 2 月没有 30 日。"),
        ("2026-11-31", "2026 年 11 月没有 31 日。"),
        ("20261301", "没有 13 月，请核对日期。"),
        ("昨天", "日期请写作 2026-09-01、20260901 或 0901。"),
    ],
)
def test_a_day_that_the_calendar_does_not_have_is_named(text: str, sentence: str) -> None:
    with translation.override("zh-hans"), pytest.raises(ValidationError) as refused:
        DayField().clean(text)
    assert refused.value.messages == [sentence]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("１２３４．５０", "1234.50"),
        ("1234.50元", "1234.50"),
        ("300圆", "300.00"),
        ("300 元", "300.00"),
        ("RMB300", "300.00"),
        ("￥300", "300.00"),
        ("¥ 1,234.5", "1234.50"),
        ("1，234，567", "1234567.00"),
        ("人民币 8", "8.00"),
    ],
)
def test_an_amount_is_read_as_it_is_written(text: str, amount: str) -> None:
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["10,99", "10，99", "1,2345", "10²", "元", "3元5", "1元整", "¥¥5", "1 234", "一百"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(AmountError):
        parse_amount(text)


class Entry(forms.Form):
    day = DayField()
    amount = YuanField(min_value=Decimal("0.01"), max_value=Decimal("5000.00"))


def test_a_form_takes_short_days_and_separated_amounts() -> None:
    form = Entry({"day": "20260901", "amount": "1,234.5"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"day": date(2026, 9, 1), "amount": Decimal("1234.50")}


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("12.345", "invalid"),
        ("abc", "invalid"),
        ("1e3", "invalid"),
        ("", "required"),
        ("0.00", "min_value"),
        ("5000.01", "max_value"),
    ],
)
def test_an_amount_is_refused_with_its_reason(amount: str, code: str) -> None:
    form = Entry({"day": "0901", "amount": amount})
    assert not form.is_valid()
    assert [error.code for error in form.errors.as_data()["amount"]] == [code]
    assert "day" not in form.errors


def test_a_refused_form_keeps_what_was_typed() -> None:
    form = Entry({"day": "99", "amount": "12.345"})
    html = form.as_div()
    assert 'value="99"' in html
    assert 'value="12.345"' in html


def test_an_initial_amount_has_separators_and_counts_as_unchanged() -> None:
    form = Entry(
        {"day": "2026-09-01", "amount": "4,321.00"},
        initial={"day": date(2026, 9, 1), "amount": Decimal("4321.00")},
    )
    assert form.changed_data == []
    assert 'value="4,321.00"' in Entry(initial={"amount": Decimal("4321.00")}).as_div()


@pytest.mark.django_db
class TestCombobox:
    """Staff stand in for institutions: a unique code and a name that may repeat."""

    @pytest.fixture(autouse=True)
    def _staff(self) -> None:
        for username, name in (("h1", "县医院"), ("h2", "中医院"), ("h3", "中医院")):
            User.objects.create(username=username, full_name=name, date_joined=timezone.now())

    def field(self) -> ComboboxField:
        return ComboboxField(User.objects.all(), code="username", name="full_name")

    @pytest.mark.parametrize("text", ["h1", "h1 县医院", "  h1   县医院 ", "县医院"])
    def test_takes_code_line_or_unique_name(self, text: str) -> None:
        assert self.field().clean(text).username == "h1"

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("h9", "invalid_choice"),
            ("h1 中医院", "invalid_choice"),
            ("中医院", "ambiguous"),
            ("", "required"),
        ],
    )
    def test_refuses_the_rest(self, text: str, code: str) -> None:
        with pytest.raises(forms.ValidationError) as caught:
            self.field().clean(text)
        assert [error.code for error in caught.value.error_list] == [code]

    def test_names_the_lines_that_a_part_may_mean(self) -> None:
        with pytest.raises(forms.ValidationError) as caught:
            self.field().clean("医院")
        assert caught.value.error_list[0].code == "near"
        assert "h1 县医院、h2 中医院" in str(caught.value.messages[0]).replace(", ", "、")

    def test_lists_the_records_of_its_queryset(self) -> None:
        class Choose(forms.Form):
            who = ComboboxField(
                User.objects.exclude(username="h3"), code="username", name="full_name"
            )

        html = str(Choose(initial={"who": User.objects.get(username="h2").pk})["who"])
        assert '<datalist id="id_who_list"><option value="h1 县医院" label="县医院 XYY">' in html
        assert 'list="id_who_list"' in html
        assert 'value="h2 中医院"' in html
        assert "h3" not in html

    def test_the_same_line_is_no_change(self) -> None:
        user = User.objects.get(username="h2")
        assert not self.field().has_changed(user.pk, "h2 中医院")
        assert self.field().has_changed(user.pk, "h1 县医院")
