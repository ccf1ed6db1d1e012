"""The bureau's settings and premium standards as staff see them; every page in both languages."""

from decimal import Decimal

import pytest
from django.urls import reverse

from enrollment.bureau.schemes import scheme_choices
from enrollment.models import Bureau, PremiumStandard
from enrollment.tests.factories import (
    COUNTY,
)


def subsidies(*rows):
    form = {"subsidies-TOTAL_FORMS": len(rows), "subsidies-INITIAL_FORMS": 0}
    for n, (tier, amount) in enumerate(rows):
        form |= {f"subsidies-{n}-tier": tier, f"subsidies-{n}-amount": amount}
    return form


def test_a_premium_standard_with_its_tiers(client, administrator):
    form = {"year": "2031", "personal": "420", "source": "湘医保发〔2030〕1号"}
    form |= subsidies(("central", "400.00"), ("province", "1,200.50"))
    url = "/enrollment/premiumstandard/"
    assert client.post(f"{url}add/", form).status_code == 302
    standard = PremiumStandard.objects.get(year=2031)
    assert (standard.personal, standard.confirmed) == (Decimal("420.00"), False)
    html = client.get(url).content.decode()
    for shown in ("1,600.50", "2,020.50", "Not confirmed"):
        assert shown in html
    html = client.get(f"{url}{standard.pk}/change/").content.decode()
    assert "1,600.50" in html


def test_a_year_without_tiers_shows_no_sum(client, administrator):
    standard = PremiumStandard.objects.create(year=2031, personal="420.00", source="x")
    url = "/enrollment/premiumstandard/"
    [row] = [one for one in client.get(url).context["cl"].result_list if one.year == 2031]
    assert (row.subsidies_total, row.total) == (None, None)
    html = client.get(f"{url}{standard.pk}/change/").content.decode()
    assert "No subsidies entered yet" in html


@pytest.mark.parametrize(
    ("rows", "personal"),
    [
        ([("central", "-1")], "400"),
        ([("central", "1"), ("central", "2")], "400"),
        ([("central", "1.005")], "400"),
        ([], "-0.01"),
    ],
)
def test_a_premium_that_cannot_be_is_refused(client, administrator, rows, personal):
    form = {"year": "2031", "personal": personal, "source": "x", **subsidies(*rows)}
    assert client.post("/enrollment/premiumstandard/add/", form).status_code == 200
    assert not PremiumStandard.objects.filter(year=2031).exists()


def test_the_bureau_is_one_page(client, administrator):
    change = reverse("admin:enrollment_bureau_change", args=[1])
    assert client.get("/enrollment/bureau/").headers["Location"] == change
    html = client.get(change).content.decode()
    assert f"{COUNTY} 永顺县" in html
    assert dict(scheme_choices()).keys() > {"yongshun-resident"}
    form = {"name": "某县医疗保障局", "division": COUNTY, "scheme": "yongshun-resident"}
    form["idle_minutes"] = "20"
    assert client.post(change, form).status_code == 302
    bureau = Bureau.objects.get()
    assert (bureau.name, bureau.clerk_check_is_first_review) == ("某县医疗保障局", False)
    assert "Select a valid choice" in client.post(change, form | {"scheme": "x"}).content.decode()
    bureau.refresh_from_db()
    assert bureau.scheme == "yongshun-resident"


def test_the_settings_are_the_administrators(client, desk_clerk):
    assert client.get("/enrollment/bureau/").status_code == 403
    assert client.get("/enrollment/premiumstandard/").status_code == 403
    assert client.get("/enrollment/division/").status_code == 200


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    "page",
    ["person", "household", "accountchange", "unmasking", "institution", "institution/add",
     "division", f"division/{COUNTY}/change", "premiumstandard", "premiumstandard/add"],
)  # fmt: skip
def test_every_page_opens_in_both_languages(client, administrator, page, language):
    client.cookies["django_language"] = language
    answer = client.get(f"/enrollment/{page}/")
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.content.decode()
