"""The book of policies: reads like a document, shows what differs, asks for a second person."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from claims.benefit.layers import LAYER_KINDS
from claims.models import PolicyProposal, PolicyRow, ProposalState
from claims.policies.writing import as_yaml
from claims.policybook.wording import PARAMETERS, lines_of
from claims.tests.test_policies import CODE, FILES, OFFICER, approved, changed
from enrollment.tests.factories import make_bureau, make_user

BOOK = "/policies/yongshun-resident/"


@pytest.fixture
def officers(db: None) -> tuple[Any, Any]:
    make_bureau()
    return make_user(OFFICER), make_user(OFFICER)


@pytest.fixture
def page(client: Any, officers: tuple[Any, Any]) -> Any:
    """Read an address in English as the second officer."""
    client.force_login(officers[1])
    client.cookies["django_language"] = "en"

    def read(url: str) -> str:
        response = client.get(url)
        assert response.status_code == 200
        return str(response.content.decode())

    return read


def test_every_parameter_of_every_layer_has_a_name_in_words() -> None:
    known = {
        f"{kind.KIND}.{parameter}"
        for kind in LAYER_KINDS.values()
        for parameter in (*kind.REQUIRED, *kind.OPTIONAL)
    }
    assert known <= set(PARAMETERS)


@pytest.mark.parametrize(
    ("kind", "parameter", "value", "lines"),
    [
        ("basic", "special_rate", "0.755", ["75.5%"]),
        ("basic", "year_ceiling", "150000.00", ["150,000.00 yuan"]),
        ("basic", "filing_points", {"referred": "-0.05"}, ["referred: -5 points"]),
        (
            "critical_illness",
            "bands",
            [{"upto": "30000.00", "rate": "0.60"}, {"rate": "0.85"}],
            ["to 30,000.00 yuan: 60%", "above: 85%"],
        ),
        (
            "critical_illness",
            "favours",
            {"low_income": {"deductible_factor": "0.5", "points": "0.05", "unlimited": True}},
            ["Low income: deductible × 50%, +5 points, no ceiling"],
        ),
        (
            "guarantee",
            "targets",
            {"registered_poor": {"in_county": "0.85", "referred": "0.80"}},
            ["Registered poor: in the county 85%, referred 80%"],
        ),
        ("basic", "special_rate", None, ["no longer holds"]),
    ],
)
def test_values_read_as_in_the_document(
    kind: str, parameter: str, value: Any, lines: list[str], settings: Any
) -> None:
    from django.utils import translation

    with translation.override("en"):
        assert lines_of(kind, parameter, value) == lines


def test_the_book_shows_the_day_asked_for_and_what_differs(
    page: Any, officers: tuple[Any, Any]
) -> None:
    assert "No policy of this scheme is approved yet" in page(BOOK)
    approved(FILES[CODE], officers)
    approved(changed("0.80", date(2027, 1, 1)), officers)
    before, after = page(BOOK + "?on=2026-12-31"), page(BOOK + "?on=2027-01-01")
    assert "80%" not in before.split("Special outpatient rate")[1].split("</tr>")[0]
    assert "80%" in after.split("Special outpatient rate")[1].split("</tr>")[0]
    both = page(BOOK + "?on=2027-01-01&against=2026-12-31")
    row = both.split("What differs")[1].split("<tbody>")[1].split("</tbody>")[0]
    assert row.count("<tr>") == 1
    assert "70%" in row
    assert "80%" in row
    assert "not confirmed" in before


def test_an_officer_proposes_by_file_and_another_approves(
    client: Any, officers: tuple[Any, Any]
) -> None:
    client.force_login(officers[0])
    approved(FILES[CODE], officers)
    text = as_yaml(changed("0.80", date(2027, 1, 1)))
    given = {"title": "2027 年调整", "file": SimpleUploadedFile("p.yaml", text.encode())}
    response = client.post(reverse("admin:claims_policy_propose"), given)
    made = PolicyProposal.objects.get(state=ProposalState.PROPOSED)
    assert response.headers["Location"] == reverse(
        "admin:claims_policyproposal_change", args=[made.pk]
    )
    url = reverse("admin:claims_policy_approve", args=[made.pk])
    assert client.post(url).status_code == 200  # the same person: refused on the page
    made.refresh_from_db()
    assert made.state == ProposalState.PROPOSED
    client.force_login(officers[1])
    client.post(url)
    made.refresh_from_db()
    assert (made.state, made.version) == (ProposalState.APPROVED, 2)


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"\xff\xfe\x00", b"code: [", b"code: x\nlayers: 3", b"- 1"),
        *(b"[" * 800, b"code: " + b"9" * 5_000, b"code: 0x" + b"9" * 5_000),
        as_yaml({**FILES[CODE], "name": {"zh": "a\0b", "en": "x"}}).encode(),
        as_yaml({**FILES[CODE], "name": {"zh": "SURROGATE", "en": "x"}})
        .replace("SURROGATE", '"\\uD800"')
        .encode(),
    ],
    ids=range(10),
)
def test_a_file_that_is_no_policy_is_refused_with_its_place(
    client: Any, officers: tuple[Any, Any], content: bytes
) -> None:
    client.force_login(officers[0])
    given = {"title": "错", "file": SimpleUploadedFile("p.yaml", content)}
    response = client.post(reverse("admin:claims_policy_propose"), given)
    assert response.status_code == 200
    assert "error" in response.content.decode()
    assert not PolicyProposal.objects.exists()


def test_a_value_is_confirmed_once(client: Any, officers: tuple[Any, Any]) -> None:
    approved(FILES[CODE], officers)
    client.force_login(officers[1])
    row = PolicyRow.objects.get(parameter="special_rate")
    url = reverse("admin:claims_policy_confirm", args=[row.pk])
    assert "70%" in client.get(url).content.decode()
    client.post(url, {"note": "公布稿第 3 页"})
    assert row.confirmation.actor == officers[1]
    client.post(url, {"note": "再次"})
    row.refresh_from_db()
    assert row.confirmation.note == "公布稿第 3 页"


def test_a_clerk_reads_and_changes_nothing(client: Any, officers: tuple[Any, Any]) -> None:
    approved(FILES[CODE], officers)
    clerk = make_user(["claims.view_policyproposal"])
    client.force_login(clerk)
    assert client.get(BOOK).status_code == 200
    assert client.get(BOOK + "policy.yaml").status_code == 200
    for name, args in (
        ("policy_propose", []),
        ("policy_approve", [1]),
        ("policy_confirm", [PolicyRow.objects.earliest("pk").pk]),
    ):
        assert client.post(reverse(f"admin:claims_{name}", args=args)).status_code == 403
    client.force_login(make_user([]))
    assert client.get(BOOK).status_code == 403


def test_the_book_takes_a_bounded_number_of_statements(
    client: Any, officers: tuple[Any, Any], django_assert_max_num_queries: Any
) -> None:
    approved(FILES[CODE], officers)
    client.force_login(officers[1])
    with django_assert_max_num_queries(14):
        client.get(BOOK)
