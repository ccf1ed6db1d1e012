"""Corrections on the screen: proposed by one, before and after, approved by another."""

import io
import json
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from claims.corrections.services import approve_correction, calculate_year
from claims.models import Claim, Correction, PaymentOrder, Revision
from claims.policies.services import approve_proposal, propose_scheme
from claims.tests.night import approved_claim, covered_person, ledger_faults, settle
from claims.tests.test_corrections import NOW, OFFICER, late_bill, proposed
from claims.tests.test_policies import CODE, FILES
from enrollment.models import Institution, Person
from enrollment.stories.sections import sections_of
from enrollment.tests.factories import make_bureau, make_user

READS = [
    *OFFICER,
    "claims.view_claim",
    "claims.view_settledclaim",
    "claims.view_paymentorder",
    "enrollment.view_person",
]


@pytest.fixture
def officers(db: None) -> tuple[Any, Any]:
    make_bureau()
    return make_user(READS), make_user(READS)


def test_one_proposes_and_another_approves_what_the_page_shows(client: Any, officers: Any) -> None:
    client.cookies["django_language"] = "en"
    person = late_bill(source="upload")
    client.force_login(officers[0])
    url = reverse("admin:claims_correction_propose", args=[person.pk])
    assert "2026" in client.get(f"{url}?year=2026").content.decode()
    given = {"year": "2026", "cause": "late_bill", "note": "迟到的票据"}
    response = client.post(url, given)
    correction = Correction.objects.get()
    page = reverse("admin:claims_correction_change", args=[correction.pk])
    assert response.headers["Location"] == page
    text = client.get(page).content.decode()
    assert "149,800.00" in text
    assert "149,300.00" in text
    approve = reverse("admin:claims_correction_approve", args=[correction.pk])
    assert client.post(approve).status_code == 200  # the same person: refused on the page
    assert not Revision.objects.exists()
    client.force_login(officers[1])
    assert "Corrections to approve" in client.get(reverse("admin:index")).content.decode()
    client.post(approve)
    correction.refresh_from_db()
    assert correction.state == "approved"
    text = client.get(page).content.decode()
    order = PaymentOrder.objects.get(correction=correction, person=person)
    assert order.number in text
    assert "149,300.00" in text
    for claim in Claim.objects.filter(person=person):
        told = client.get(reverse("admin:claims_claim_change", args=[claim.pk])).content.decode()
        paid = "149,300.00" if claim.number == "T-SEP" else "700.00"
        assert paid in told
        assert f"correction {correction}" in told
        paper = client.get(reverse("admin:claims_claim_statement", args=[claim.pk]))
        assert f"correction {correction}" in paper.content.decode()
        settled = reverse("admin:claims_settledclaim_change", args=[claim.pk])
        assert str(correction) in client.get(settled).content.decode()
        assert "Results of this claim" in told
    assert client.get(reverse("admin:claims_correction_changelist")).status_code == 200
    order_page = client.get(reverse("admin:claims_paymentorder_change", args=[order.pk]))
    assert str(correction) in order_page.content.decode()


def test_who_may_not_decide_changes_nothing(client: Any, officers: Any) -> None:
    correction = proposed(late_bill(), officers[0])
    client.force_login(make_user(["claims.view_correction", "claims.view_claim"]))
    for action in ("approve", "reject", "withdraw"):
        url = reverse(f"admin:claims_correction_{action}", args=[correction.pk])
        assert client.post(url, {"reason": "x"}).status_code == 403
    propose = reverse("admin:claims_correction_propose", args=[correction.person_id])
    assert client.get(propose).status_code == 403
    correction.refresh_from_db()
    assert (correction.state, Revision.objects.count()) == ("proposed", 0)


def test_a_corrected_policy_proposes_every_year_it_changes_once(officers: Any) -> None:
    drafter, approver = (
        make_user(["claims.propose_policy", "claims.approve_policy"]) for _n in range(2)
    )

    def approved(data: Any) -> None:
        made = propose_scheme(data, title="测试", actor=drafter, at=NOW).proposal
        assert made is not None
        approve_proposal(made, actor=approver, at=NOW)

    approved(FILES[CODE])
    person, other = covered_person(), covered_person()
    approved_claim(person)
    approved_claim(other, discharged_on=date(2026, 5, 1))
    settle()
    data = deepcopy(FILES[CODE])
    row = {"value": "0.80", "source": "outpatient", "starts_on": date(2026, 9, 1)}
    data["layers"][0]["parameters"]["special_rate"].append(row)
    approved(data)

    def run(*more: str) -> Any:
        out = io.StringIO()
        call_command(
            "propose_corrections", "--scheme", CODE, "--from", "2026-09-01", *more,
            stdout=out, stderr=io.StringIO(),
        )  # fmt: skip
        return json.loads(out.getvalue())

    expected = {"found": 1, "proposed": 1, "unchanged": 0, "refused": 0}
    assert run("--dry-run").items() >= expected.items()
    assert not Correction.objects.exists()
    assert run().items() >= expected.items()
    correction = Correction.objects.get()
    assert (correction.person, correction.cause, str(correction.pays)) == (
        person,
        "policy",
        "100.00",
    )
    assert run().items() >= {"found": 1, "proposed": 0, "unchanged": 1}.items()
    approve_correction(correction, actor=officers[0], at=NOW)
    assert run()["found"] == 0
    assert calculate_year(person, 2026).changes == []
    assert ledger_faults() == []


def _section(key: str, model: Any) -> Any:
    (section,) = [one for one in sections_of(model) if one.key == key]
    return section


def test_sums_and_runs_show_what_stands_with_what_is_behind_it(client: Any, officers: Any) -> None:
    client.cookies["django_language"] = "en"
    person = late_bill(source="upload")
    september = Claim.objects.get(number="T-SEP").settled
    correction = proposed(person, officers[0])
    approve_correction(correction, actor=officers[1], at=NOW)
    reader = make_user([*READS, "claims.view_settlementrun"])
    client.force_login(reader)
    url = reverse("admin:claims_settlementrun_change", args=[september.run_id])
    run = client.get(url).context["page"]
    (basic,) = (line for line in run.lines if line.layer == "basic")
    assert [str(one) for one in (basic.paid, basic.corrected, basic.stands)] == [
        "149800.00",
        "-500.00",
        "149300.00",
    ]
    behind = reverse("admin:claims_settledclaim_changelist")
    behind += f"?run__id__exact={september.run_id}&corrected=yes"
    assert "T-SEP" in client.get(behind).content.decode()
    told = _section("claims", Person).load(person, reader).facts
    paid = {line.claim.number: (line.paid, line.is_corrected) for line in told["lines"]}
    changed = {one.settled_id: one for one in Revision.objects.all()}
    assert paid["T-SEP"] == (changed[september.pk].paid, True)
    assert told["totals"].paid == sum(one.paid for one in changed.values())
    assert told["totals"].paid + told["totals"].personal == told["totals"].settled_cost
    months = _section("months", Institution).load(september.institution, reader).facts["months"]
    (month,) = (one for one in months if one.first == date(2026, 9, 1))
    assert (month.paid, sum(month.layers.values())) == (changed[september.pk].paid,) * 2
