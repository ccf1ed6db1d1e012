"""A resident's page on paper: unfolded, numbers whole, the bureau, the day and the pages told."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from claims.tests.factories import make_claim
from claims.tests.night import approved_claim, covered_person, settle
from config.tests.browser.driving import Clerk
from enrollment.models import PremiumStandard
from enrollment.tests.factories import make_bureau, make_user
from enrollment.tests.papers import pdf_pages

pytestmark = [pytest.mark.browser, pytest.mark.pdf]
PASSWORD = "a-long-password-for-tests"
SEES = [
    "enrollment.view_person",
    "enrollment.view_household",
    "enrollment.view_enrolment",
    "enrollment.view_premiumstandard",
    "claims.view_claim",
]


def test_a_residents_page_prints_unfolded_with_bureau_day_and_pages(
    desk: Callable[[], Clerk], transactional_db: None
) -> None:
    make_bureau()
    standard, _new = PremiumStandard.objects.update_or_create(
        year=2026, defaults={"personal": Decimal("400.00"), "source": "湘医保发〔2025〕1号"}
    )
    standard.subsidies.all().delete()
    standard.subsidies.create(tier="central", amount=Decimal("400.00"))
    standard.subsidies.create(tier="county", amount=Decimal("12.34"))
    person = covered_person(name="彭大山")
    claims = [
        make_claim(
            "checked",
            person=person,
            kind="general_outpatient",
            admitted_on=None,
            discharged_on=date(2026, 10, 1) + timedelta(nth),
        )
        for nth in range(30)
    ]
    user = make_user(SEES, username="reader", full_name="向打印")
    user.set_password(PASSWORD)
    user.save()
    clerk = desk()
    clerk.log_in("reader", PASSWORD)
    clerk.open(reverse("admin:enrollment_person_change", args=[person.pk]))
    assert not clerk.page.get_by_text("12.34", exact=True).is_visible()  # folded on the screen
    pages = pdf_pages(clerk.page.pdf(format="A4", prefer_css_page_size=True))
    whole = "".join(pages)
    assert "永顺县医疗保障局" in pages[0]
    assert "打印人：向打印" in pages[0]
    assert re.search(r"(?<!4)12\.34", whole)
    assert all(claim.number in whole for claim in claims)
    assert len(pages) > 1
    for nth, text in enumerate(pages, start=1):
        assert f"{nth}/{len(pages)}" in text.replace(" / ", "/")
    assert not clerk.page.get_by_text("12.34", exact=True).is_visible()  # and folded again
    assert clerk.faults == []


def test_what_opens_behind_the_figures_is_on_the_paper_and_not_left_on_the_page(
    desk: Callable[[], Clerk], transactional_db: None
) -> None:
    make_bureau(scheme="yongshun-resident")
    person = covered_person(name="彭大山")
    claim = approved_claim(person)
    settle()
    user = make_user([*SEES, "claims.view_settledclaim"], username="reader", full_name="向打印")
    user.set_password(PASSWORD)
    user.save()
    clerk = desk()
    clerk.log_in("reader", PASSWORD)
    clerk.open(reverse("admin:enrollment_person_change", args=[person.pk]))
    assert not clerk.page.get_by_text("的计算过程").is_visible()
    whole = "".join(pdf_pages(clerk.page.pdf(format="A4", prefer_css_page_size=True)))
    assert re.sub(r"\s", "", whole).count(f"{claim.number}的计算过程") == 1
    assert not clerk.page.locator(f"#behind-{claim.pk} *").count()
    assert clerk.faults == []
