"""Figures of the law: entered by one person, in force once another has approved them."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enrollment.access.models import User
from enrollment.models import LegalParameter
from enrollment.parameters.selectors import Code, parameter_on, parameters_on
from enrollment.parameters.services import ParameterRefused, approve_parameter
from enrollment.tests.factories import make_bureau

pytestmark = pytest.mark.django_db
DAY = date(2040, 1, 1)


@pytest.fixture
def row() -> LegalParameter:
    """Entered by Li, not approved."""
    li = User.objects.create_superuser("li")
    return LegalParameter.objects.create(
        code=Code.CLAIM_TERM, starts_on=DAY, value=Decimal(20), source="s", entered_by=li
    )


def test_a_proposed_value_does_not_hold(row: LegalParameter) -> None:
    assert parameter_on(Code.CLAIM_TERM, DAY) == 30
    assert parameters_on(DAY)[Code.CLAIM_TERM].value == 30
    zhao = User.objects.create_user("zhao")
    approve_parameter(row, actor=zhao, at=timezone.now())
    assert parameter_on(Code.CLAIM_TERM, DAY) == 20
    assert parameters_on(DAY)[Code.CLAIM_TERM].value == 20


def test_nobody_approves_what_they_entered_nor_twice(row: LegalParameter) -> None:
    assert row.entered_by is not None
    with pytest.raises(ParameterRefused, match="另一人"):
        approve_parameter(row, actor=row.entered_by, at=timezone.now())
    zhao = User.objects.create_user("zhao")
    approve_parameter(row, actor=zhao, at=timezone.now())
    with pytest.raises(ParameterRefused, match="已经生效"):
        approve_parameter(row, actor=zhao, at=timezone.now())


def test_the_database_refuses_one_person_as_both(row: LegalParameter) -> None:
    with pytest.raises(IntegrityError, match="parameter_approved_by_another"), transaction.atomic():
        LegalParameter.objects.filter(pk=row.pk).update(
            approved_by=row.entered_by, approved_at=timezone.now()
        )


def test_what_is_proposed_can_be_put_right_and_then_needs_another_person(
    client: Client, row: LegalParameter
) -> None:
    make_bureau()
    zhao = User.objects.create_superuser("zhao")
    client.force_login(zhao)
    page = reverse("admin:enrollment_legalparameter_change", args=[row.pk])
    shown = client.get(page)
    assert [one.enabled for one in shown.context["object_actions"]] == [True]
    data = {"code": "claim_term", "starts_on": "2040-02-01", "value": "25", "source": "s"}
    assert client.post(page, data).status_code == 302
    row.refresh_from_db()
    assert (row.value, row.starts_on, row.entered_by) == (25, date(2040, 2, 1), zhao)
    shown = client.get(page)
    assert [one.enabled for one in shown.context["object_actions"]] == [False]
    listed = client.get(reverse("admin:enrollment_legalparameter_changelist") + "?state=proposed")
    assert [one.pk for one in listed.context["cl"].result_list] == [row.pk]


def test_the_desk_counts_what_waits_for_somebody_else(client: Client, row: LegalParameter) -> None:
    make_bureau()
    client.force_login(User.objects.create_superuser("zhao"))
    assert "enrollment/legalparameter/?state=proposed" in client.get("/").content.decode()
    assert row.entered_by is not None
    client.force_login(row.entered_by)
    assert "enrollment/legalparameter/?state=proposed" not in client.get("/").content.decode()
