"""The bureau's settings: what papers name of them, and who is reminded of what is missing."""

import pytest
from django.test import Client

from enrollment.bureau.selectors import competent_court, reviewing_government, unnamed_on_papers
from enrollment.models import Bureau
from enrollment.tests.factories import make_bureau, make_user

pytestmark = pytest.mark.django_db
KEEPER = ["enrollment.change_bureau", "enrollment.view_bureau"]


def test_what_the_settings_name_goes_before_what_the_county_suggests() -> None:
    make_bureau(court="")
    assert reviewing_government() == "永顺县人民政府"
    assert competent_court() == "有管辖权的人民法院"
    Bureau.objects.update(government="示范县人民政府", court="示范县人民法院")
    assert reviewing_government() == "示范县人民政府"
    assert competent_court() == "示范县人民法院"


def test_before_the_county_is_loaded_nothing_is_missing() -> None:
    assert unnamed_on_papers() == []


def test_settings_that_papers_name_are_asked_for_on_the_administrators_desk(
    client: Client,
) -> None:
    make_bureau(court="", address="", fine_account="专户", fund_account="专户")
    client.force_login(make_user(KEEPER))
    page = client.get("/").content.decode()
    assert "本局设置待填写" in page
    assert "行政诉讼管辖法院" in page
    Bureau.objects.update(court="永顺县人民法院", address="府正街1号")
    assert "本局设置待填写" not in client.get("/").content.decode()


def test_the_settings_are_entered_by_the_administrator(client: Client) -> None:
    bureau = make_bureau(court="")
    client.force_login(make_user(KEEPER))
    form = {
        "name": bureau.name,
        "division": bureau.division_id,
        "scheme": bureau.scheme,
        "idle_minutes": bureau.idle_minutes,
        "address": "府正街1号",
        "phone": "0743-5220000",
        "government": "",
        "court": "吉首市人民法院",
        "fine_account": "县财政局非税收入专户",
        "fund_account": "县社会保障基金财政专户",
    }
    answer = client.post("/enrollment/bureau/1/change/", form)
    assert answer.status_code == 302
    bureau.refresh_from_db()
    assert (bureau.court, bureau.address) == ("吉首市人民法院", "府正街1号")
    assert unnamed_on_papers() == []
