"""All golden cases of the five schemes, through the window's form and the night.

A case is a resident; its claims are typed one after another in the order of calculation, each
quoted live, entered, approved and settled before the next. `quote`, the live quote and what was
settled must say the same: every layer, every sentence, what is left to the resident.
"""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from django.utils import translation

from claims.benefit.loading import shipped_schemes
from claims.benefit.types import PRIOR_LAYERS
from claims.corrections.recalculation import recalculate
from claims.corrections.selectors import load_year
from claims.intake.quote import Quote, quote_claim, settled_quote
from claims.intake.services import submit_claim
from claims.models import Claim, ClaimState
from claims.policies.selectors import current_scheme
from claims.quoting.answering import answer_line
from claims.tests.factories import make_clerk
from claims.tests.night import ledger_faults, settle
from claims.tests.test_benefit_golden import GOLDEN, SCHEMES, spelled_out
from claims.window.forms import ClaimForm
from enrollment.models import Institution, Person, User
from enrollment.tests.factories import (
    enrol,
    make_bureau,
    make_identity,
    make_institution,
    make_person,
)

STAYS = ("inpatient", "maternity")
AT = datetime(2032, 1, 5, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))  # after all golden cases
# Cases with two stays on one day, which no resident can have, or without any cost: no claim then.
# Counted, so that none slips away.
LEFT_OUT = {"tianjin": 0, "yongqiao": 0, "ejinhoro": 0, "taojiang": 0, "yongshun": 3}


@dataclass
class Case:
    """A golden case as a resident with claims, and what `quote` answers."""

    name: str
    assistance: list[str]
    claims: list[dict[str, Any]]
    answers: list[dict[str, Any]]
    person: Person | None = None
    entered: list[Claim] = field(default_factory=list)


def cases_of(prefix: str) -> list[Case]:
    found = []
    for file in sorted(GOLDEN.glob(f"{prefix}*.yaml")):
        for case in yaml.safe_load(file.read_text()):
            claims = [spelled_out(one) for one in case["claims"] if Decimal(one["total"]) > 0]
            line = {
                "scheme": SCHEMES[prefix],
                "person": {"assistance": case.get("assistance", [])},
                "claims": claims,
            }
            answer, refused = answer_line(1, json.dumps(line).encode(), shipped_schemes(), "zh")
            assert not refused, answer
            by_id = {one["id"]: one for one in claims}
            order = [by_id[one["id"]] for one in answer["claims"]]
            found.append(Case(case["name"], case.get("assistance", []), order, answer["claims"]))
    return found


def is_possible(case: Case) -> bool:
    """Whether a resident can have had these stays."""
    days = [one["discharged_on"] for one in case.claims if one["kind"] in STAYS]
    return bool(case.claims) and len(days) == len(set(days))


class Counter:
    """Types golden claims into the window's form and has them settled."""

    def __init__(self) -> None:
        self.clerk: User = make_clerk()
        self.places: dict[tuple[str, bool], Institution] = {}
        self.invoices = 0

    def resident(self, case: Case) -> Person:
        person = make_person(sex=Person.Sex.FEMALE, born_on=date(1996, 3, 1))
        for year in {int(one["discharged_on"][:4]) for one in case.claims}:
            enrol(person, year)
        for kind in case.assistance:
            make_identity(person, kind, starts_on=date(2010, 1, 1), ends_on=None)
        return person

    def place(self, claim: dict[str, Any]) -> Institution:
        where = claim.get("institution", {})
        key = (where.get("level", "county"), where.get("in_county", True))
        if key not in self.places:
            self.places[key] = make_institution(
                level=key[0],
                in_county=key[1],
                agreement=(date(2010, 1, 1), date(2032, 12, 31)),
            )
        return self.places[key]

    def typed(self, claim: dict[str, Any]) -> dict[str, str]:
        """The form's fields as a clerk fills them."""
        self.invoices += 1
        diseases = claim.get("diseases", [])
        detail = "both" if len(diseases) == 2 else "".join(diseases)
        if claim.get("chronic"):
            detail = "chronic"
        paid = claim.get("already_paid", {})
        return {
            "institution": self.place(claim).code,
            "kind": claim["kind"],
            "detail": detail
            or claim.get("delivery")
            or ("chronic" if claim.get("chronic") else ""),
            "filing": claim.get("filing", "none"),
            "admitted_on": claim["discharged_on"],
            "discharged_on": claim["discharged_on"],
            "diagnosis": "J18.9",
            "invoice_no": f"G{self.invoices:06d}",
            "total": claim["total"],
            **{name: claim.get(name, "") for name in ("excluded", "over_limit", "first_self_pay")},
            **{f"already_{layer}": paid.get(layer, "") for layer in PRIOR_LAYERS},
        }

    def take(self, case: Case, nth: int) -> Quote:
        """Quote the claim as the window does, enter it, have it approved."""
        claim = case.claims[nth]
        if case.person is None:
            case.person = self.resident(case)
        form = ClaimForm(self.typed(claim), scheme=current_scheme())
        assert form.is_valid(), form.errors
        draft = form.draft()
        assert draft is not None
        live = quote_claim(case.person.pk, draft)
        place = draft.institution
        if claim["kind"] == "inpatient" and not place.in_county and draft.filing == "none":
            # The window asks for the filing; an upload does not carry it.
            entered = Claim.objects.create(
                number=f"U{self.invoices:06d}",
                source=Claim.Source.UPLOAD,
                person=case.person,
                entered_by=self.clerk,
                entered_at=AT,
                **draft.values(),
            )
        else:
            entered = submit_claim(draft, person=case.person, actor=self.clerk, at=AT)
        case.entered.append(entered)
        return live

    def approve(self, day: date) -> None:
        open_claims = Claim.objects.exclude(state=ClaimState.SETTLED)
        open_claims.update(state=ClaimState.APPROVED, approved_on=day)


def told(quote: Quote) -> dict[str, Any]:
    """A quote of the portal in the form of the contract, without the policy's date."""
    return {
        "in_policy": str(quote.in_policy),
        "layers": [
            {
                "layer": layer.code,
                "paid": str(layer.paid),
                "steps": [{"text": text, "amount": str(amount)} for text, amount in layer.steps],
            }
            for layer in quote.layers
        ],
        "paid": str(quote.paid),
        "personal": str(quote.personal),
    }


def expected(answer: dict[str, Any]) -> dict[str, Any]:
    """What `quote` printed, in the same form."""
    layers = [{key: layer[key] for key in ("layer", "paid", "steps")} for layer in answer["layers"]]
    return {key: answer[key] for key in ("in_policy", "paid", "personal")} | {"layers": layers}


@pytest.mark.parametrize("prefix", SCHEMES)
def test_quote_window_and_night_say_the_same(db: None, prefix: str) -> None:
    make_bureau(scheme=SCHEMES[prefix])
    counter = Counter()
    cases = [case for case in cases_of(prefix) if is_possible(case)]
    assert len(cases_of(prefix)) - len(cases) == LEFT_OUT[prefix]
    with translation.override("zh-hans"):
        for nth in range(max(len(case.claims) for case in cases)):
            due = [case for case in cases if nth < len(case.claims)]
            for case in due:
                live = counter.take(case, nth)
                assert told(live) == expected(case.answers[nth]), f"{case.name}: live quote"
            night = AT.date() + timedelta(nth)
            counter.approve(night)
            result = settle(night)
            assert (result.claims, result.held, result.failed) == (len(due), 0, 0)
            for case in due:
                claim = Claim.objects.select_related("institution").get(pk=case.entered[nth].pk)
                assert told(settled_quote(claim)) == expected(case.answers[nth]), case.name
                policies = dict(claim.settled.layers.values_list("layer", "policy"))
                said = {one["layer"]: one["policy"] for one in case.answers[nth]["layers"]}
                assert policies.items() <= said.items(), case.name
    assert ledger_faults() == []
    scheme = shipped_schemes()[SCHEMES[prefix]]
    for case in cases:  # calculated anew, nothing changes
        assert case.person is not None
        for year in {claim.discharged_on.year for claim in case.entered}:
            standings = load_year(case.person.pk, year).standings
            assert recalculate(scheme, standings) == [], case.name
