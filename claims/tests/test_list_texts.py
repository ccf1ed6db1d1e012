"""What Django's admin says on our lists, in the office's words."""

import pytest
from django.utils import translation

from claims.tests.factories import make_claim, make_reviewer
from enrollment.tests.factories import make_bureau

pytestmark = pytest.mark.django_db
LIST = "/claims/claim/"
STOCK_WORDS = ("动作", "---------", "选中了", "条目必须", "个中 0 个")


@pytest.fixture
def page(client):
    make_bureau()
    client.force_login(make_reviewer())
    client.cookies["django_language"] = "zh-hans"
    make_claim("checked")
    return client


def test_a_list_asks_for_an_action_in_the_offices_words(page):
    html = page.get(LIST).content.decode()
    for words in ("批量操作", '<option value="" selected>请选择操作</option>', "已选 0 / 1 条"):
        assert words in html
    for words in STOCK_WORDS:
        assert words not in html


def test_the_counter_of_the_script_says_the_same(page):
    assert "\\u5df2\\u9009 %(sel)s / %(cnt)s \\u6761" in page.get("/jsi18n/").content.decode()
    page.cookies["django_language"] = "en"
    assert "%(sel)s of %(cnt)s selected" in page.get("/jsi18n/").content.decode()


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"action": "approve_selected", "index": "0"}, "请先勾选记录，再选择操作。"),
        ({"action": "", "_selected_action": ["1"]}, "请选择操作。"),
    ],
)
def test_who_chooses_too_little_is_told_what_to_do(page, chosen, said):
    html = page.post(LIST, chosen, follow=True).content.decode()
    assert said in html
    for words in STOCK_WORDS:
        assert words not in html


def test_english_keeps_the_stocks_words(page):
    page.cookies["django_language"] = "en"
    html = page.get(LIST).content.decode()
    for words in ("Action:", "Choose an action", "0 of 1 selected"):
        assert words in html


def test_chosen_filters_are_told_with_a_full_width_colon(page):
    answer = page.get(LIST, {"state__exact": "checked", "queue": "second"})
    html = answer.content.decode()
    assert "队列：<strong>" in html
    with translation.override("zh-hans"):
        said = answer.context["cl"].bar.in_words
    assert "队列：" in said
    assert "；" in said
    assert ": " not in said


def test_boxes_for_searching_show_little_and_tell_all_on_asking(page):
    html = page.get(LIST).content.decode()
    assert 'placeholder="单号、姓名或证件号" title="业务号、票据号、就诊流水号；' in html
    assert 'placeholder="姓名、证件号、单号" title="参保人：姓名、拼音首字母、' in html
