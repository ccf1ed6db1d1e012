"""A small settled year for the tests of what-if, and drafts to run on it."""

from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

from claims.models import PolicyProposal
from claims.policies.services import propose_scheme
from claims.tests.factories import NOW
from claims.tests.night import approved_claim, covered_person
from claims.tests.test_policies import CODE, FILES
from claims.whatif.models import WhatIfRun
from claims.whatif.services import ask_what_if, run_what_if
from enrollment.models import Institution, Person
from enrollment.tests.factories import make_identity, make_institution

YEAR = 2026
START = date(2026, 1, 1)
LOWER_RATES = {"township": "0.90", "county": "0.70", "city": "0.60", "province": "0.60"}


def draft_data(**rows: Any) -> Any:
    """The shipped scheme with one more row of the basic layer for each `parameter=value`,
    from the year's first day or, as `parameter=(value, day)`, from that day.
    """
    data = deepcopy(FILES[CODE])
    parameters = data["layers"][0]["parameters"]
    for parameter, value in rows.items():
        held, starts_on = value if isinstance(value, tuple) else (value, START)
        source = parameters[parameter][0]["source"]
        parameters[parameter].append({"value": held, "source": source, "starts_on": starts_on})
    return data


def propose(data: Any, title: str = "测算") -> PolicyProposal:
    """A proposal that a command brought in."""
    made = propose_scheme(data, title=title, actor=None, at=NOW).proposal
    assert made is not None
    return made


def run(proposal: PolicyProposal, year: int = YEAR, *, whole_year: bool = False) -> WhatIfRun:
    """A finished run, each new value from its own day unless `whole_year`."""
    asked = ask_what_if(proposal, year, actor=None, at=NOW, send=False, whole_year=whole_year)
    assert run_what_if(asked.pk, at=NOW) == WhatIfRun.State.DONE
    asked.refresh_from_db()
    return asked


def stay(person: Person, institution: Institution, **fields: Any) -> Any:
    """A stay of 10,000.00, discharged on 2026-09-08."""
    fields.setdefault("total", Decimal("10000.00"))
    fields.setdefault("discharged_on", date(2026, 9, 8))
    fields.setdefault("admitted_on", date(2026, 9, 1))
    return approved_claim(person, institution, kind="inpatient", **fields)


def three_residents() -> tuple[Person, Person, Person]:
    """One with a special-outpatient claim, one with a stay, one of low income with both."""
    hospital = make_institution()
    first = covered_person(name="甲", born_on=date(2020, 3, 1))
    second = covered_person(name="乙", born_on=date(1970, 3, 1))
    third = covered_person(name="丙", born_on=date(1940, 3, 1))
    make_identity(third, "low_income")
    approved_claim(first, hospital)
    stay(second, hospital)
    approved_claim(third, hospital)
    stay(third, hospital)
    return first, second, third
