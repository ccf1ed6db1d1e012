"""Two hundred bad uploads of claims: a clear word for each, nothing half-written."""

from pathlib import Path
from typing import Any

import pytest

from claims.intake.models import Claim
from claims.tests.night import NOW
from claims.tests.test_uploads import make_resident
from claims.uploads.columns import COLUMNS
from claims.uploads.services import import_claims
from enrollment.sheets import SheetRefused
from enrollment.tests.factories import make_institution
from enrollment.tests.malformed import bad_cells, broken_files, csv_of, workbook_of
from enrollment.tests.test_malformed_files import assert_clear

VISIT = {
    "visit_no": "V1",
    "institution": "H43312700001",
    "kind": "住院",
    "admitted_on": "2026-09-01",
    "discharged_on": "2026-09-08",
    "diagnosis": "J18.9",
    "total": "10000.00",
    "excluded": "600",
    "first_self_pay": "200.5",
}
OTHER = {
    **VISIT,
    "visit_no": "V2",
    "kind": "普通门诊",
    "admitted_on": "",
    "discharged_on": "2026-09-10",
}
BROKEN = list(broken_files(COLUMNS, {**VISIT, "id_number": "433127198005170012"}))
BAD = list(
    bad_cells(
        COLUMNS,
        amounts=["total", "excluded", "over_limit", "first_self_pay"],
        days=["admitted_on", "discharged_on"],
        numbers=["id_number"],
        words=["kind", "institution"],
    )
)


@pytest.fixture
def number(db: Any) -> str:
    make_institution(code="H43312700001")
    return str(make_resident().id_number)


def test_there_are_two_hundred() -> None:
    assert len(BROKEN) + len(BAD) >= 200


@pytest.mark.parametrize("bad", BROKEN, ids=lambda bad: bad.title)
def test_a_broken_upload_is_refused_in_words(tmp_path: Path, number: str, bad: Any) -> None:
    path = tmp_path / bad.name
    path.write_bytes(bad.content)
    with pytest.raises(SheetRefused) as refused:
        import_claims(path, at=NOW, rejects_to=tmp_path / "rejects.csv")
    assert_clear(str(refused.value), tmp_path)
    assert not Claim.objects.exists()
    assert sorted(one.name for one in tmp_path.iterdir()) == [bad.name]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.title[:60])
def test_a_bad_cell_of_an_upload_sends_its_row_back(tmp_path: Path, number: str, bad: Any) -> None:
    rows = [{**VISIT, "id_number": number, bad.key: bad.value}, {**OTHER, "id_number": number}]
    by_text = isinstance(bad.value, str) and not (
        bad.value.isprintable() and not bad.value.startswith("=")
    )
    path = tmp_path / ("a.csv" if by_text else "a.xlsx")
    path.write_bytes((csv_of if by_text else workbook_of)(COLUMNS, rows))
    result = import_claims(path, at=NOW, rejects_to=tmp_path / "rejects.csv")
    assert (result.read, result.created, result.rejected) == (2, 1, 1)
    assert [claim.visit_no for claim in Claim.objects.all()] == ["V2"]
    line = (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    assert line.startswith("2,")
    assert_clear(line, tmp_path)
