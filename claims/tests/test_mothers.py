"""Births: claimed for a woman; an unusual age is said, by figures that have their dates."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.intake.messages import say
from claims.intake.mothers import Mothers
from claims.intake.rules import Mother, Severity, Stop, check_claim
from claims.intake.selectors import Candidate, findings_for
from claims.intake.services import ClaimStopped, submit_claim
from claims.models import Claim
from claims.tests.factories import NOW, make_clerk, make_draft, make_resident
from claims.tests.test_kinds_of_care import AROUND, BIRTH
from enrollment.models import LegalParameter, Person
from enrollment.parameters.services import load_shipped_parameters
from enrollment.tests.factories import make_bureau
from enrollment.values.ages import age_on

DAY = date(2026, 9, 8)
USUAL = (15, 49)


def findings(mother: Mother | None) -> list[Stop]:
    return check_claim(BIRTH, replace(AROUND, mother=mother))


@pytest.mark.parametrize(
    ("mother", "code"),
    [
        (None, None),
        (Mother(True, 30, USUAL), None),
        (Mother(True, 14, USUAL), "mother_of_unusual_age"),
        (Mother(True, 15, USUAL), None),
        (Mother(True, 49, USUAL), None),
        (Mother(True, 50, USUAL), "mother_of_unusual_age"),
        (Mother(True, 10, None), None),
        (Mother(True, 60, None), None),
        (Mother(True, 9, USUAL), "mother_of_impossible_age"),
        (Mother(True, 0, None), "mother_of_impossible_age"),
        (Mother(True, 61, None), "mother_of_impossible_age"),
        (Mother(False, 30, USUAL), "mother_is_male"),
        (Mother(False, 9, USUAL), "mother_is_male"),
    ],
)
def test_who_cannot_be_a_mother_is_kept_out_and_an_unusual_age_only_said(mother, code):
    found = findings(mother)
    assert [one.code for one in found] == ([code] if code else [])
    for one in found:
        wanted = Severity.NOTICE if code == "mother_of_unusual_age" else Severity.STOP
        assert (one.severity, one.field) == (wanted, "kind")
        assert say(one)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("born_on", "unusual"),
    [
        (date(2011, 9, 9), True),  # fifteen on the day after
        (date(2011, 9, 8), False),
        (date(1976, 9, 9), False),  # fifty on the day after
        (date(1976, 9, 8), True),
    ],
)
def test_the_birthday_decides_on_the_day_of_discharge(born_on, unusual):
    load_shipped_parameters()
    mother = make_resident(sex=Person.Sex.FEMALE, born_on=born_on)
    draft = make_draft(kind="maternity", detail="natural", discharged_on=DAY)
    (found,) = findings_for([Candidate(mother.pk, draft)], today=NOW.date())
    said = [say(one) for one in found if one.code == "mother_of_unusual_age"]
    assert len(said) == int(unusual)
    assert all(str(age_on(born_on, DAY)) in text for text in said)


@pytest.mark.django_db
def test_the_ages_in_force_on_the_day_are_asked():
    load_shipped_parameters()
    LegalParameter.objects.create(
        code="birth_age_to", starts_on=date(2026, 9, 8), value=Decimal(45), source="新口径"
    )
    mother = make_resident(sex=Person.Sex.FEMALE, born_on=date(1978, 1, 1))
    mothers = Mothers([mother.pk])
    assert mothers.of(mother.pk, date(2026, 9, 7)).usual == (15, 49)
    assert mothers.of(mother.pk, date(2026, 9, 8)).usual == (15, 45)
    assert mothers.of(mother.pk, date(1999, 1, 1)).usual is None


@pytest.mark.django_db
def test_at_the_window_a_birth_of_a_man_is_not_entered():
    make_bureau()
    man, draft = make_resident(sex=Person.Sex.MALE), make_draft(kind="maternity", detail="natural")
    with pytest.raises(ClaimStopped) as stopped:
        submit_claim(draft, person=man, actor=make_clerk(), at=NOW)
    assert "mother_is_male" in {one.code for one in stopped.value.stops}
    assert not Claim.objects.exists()


@pytest.mark.django_db
def test_other_kinds_of_care_ask_nothing_of_the_mother():
    man, draft = make_resident(sex=Person.Sex.MALE), make_draft()
    with CaptureQueriesContext(connection) as asked:
        (found,) = findings_for([Candidate(man.pk, draft)], today=NOW.date())
    assert not any('"sex"' in one["sql"] for one in asked.captured_queries)
    assert not {one.code for one in found} & {"mother_is_male", "mother_of_unusual_age"}
