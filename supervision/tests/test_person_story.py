"""Findings on a resident's page: at the institution that treated them, in the days of the act."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.tests.factories import make_claim, make_resident
from enrollment.models import Person
from enrollment.stories.sections import sections_of
from enrollment.tests.factories import make_institution, make_user
from supervision.tests.helpers import make_finding, make_visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    return make_user(["enrollment.view_person", "supervision.view_finding"])


def findings_of(person, reader):
    (section,) = [one for one in sections_of(Person) if one.key == "findings"]
    with CaptureQueriesContext(connection) as captured:
        told = section.load(person, reader)
    assert len(captured) <= section.statements
    return [line.row for line in told.facts["lines"]] if told else None


def test_a_finding_concerns_who_was_treated_there_in_its_days(reader):
    person, institution = make_resident(), make_institution()
    make_claim(person=person, institution=institution)  # 2026-09-01 to 2026-09-08
    visit = make_visit(institution=institution)
    first = make_finding(visit, act_from=date(2026, 9, 8), act_to=date(2026, 9, 30))
    last = make_finding(visit, act_from=date(2026, 8, 1), act_to=date(2026, 9, 8))
    make_finding(visit, act_from=date(2026, 9, 9), act_to=date(2026, 9, 30))
    make_finding(visit, act_from=date(2026, 8, 1), act_to=date(2026, 9, 7))
    make_finding(make_visit(), act_from=date(2026, 9, 1), act_to=date(2026, 9, 30))
    assert findings_of(person, reader) == [last, first]
    assert findings_of(make_resident(), reader) is None


def test_the_section_is_told_only_to_who_may_see_findings(client, reader):
    person, institution = make_resident(), make_institution()
    make_claim(person=person, institution=institution)
    finding = make_finding(
        make_visit(institution=institution), act_from=date(2026, 9, 1), act_to=date(2026, 9, 30)
    )
    address = reverse("admin:enrollment_person_change", args=[person.pk])
    client.force_login(reader)
    assert finding.description in client.get(address).content.decode()
    client.force_login(make_user(["enrollment.view_person", "claims.view_claim"]))
    html = client.get(address).content.decode()
    assert finding.description not in html
    assert 'data-part="findings"' not in html
