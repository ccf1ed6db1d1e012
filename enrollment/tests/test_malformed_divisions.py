"""Two hundred bad lists of divisions: refused whole, in words, nothing written."""

from pathlib import Path
from typing import Any

import pytest

from enrollment.divisions.models import Division
from enrollment.divisions.services import COLUMNS, load_divisions
from enrollment.sheets import SheetRefused
from enrollment.tests.malformed import bad_cells, broken_files, csv_of
from enrollment.tests.test_malformed_files import assert_clear

pytestmark = pytest.mark.django_db
COUNTY = {"code": "433127000000", "name": "永顺县", "level": "county", "parent_code": ""}
TOWN = {
    "code": "433127101000",
    "name": "灵溪镇",
    "level": "township",
    "parent_code": "433127000000",
}
KEYS = ("code", "level")
BROKEN = list(broken_files(COLUMNS, COUNTY))
# A name may be any word, a parent that is not listed is outside the region.
BAD = [
    bad
    for bad in bad_cells(COLUMNS, numbers=["code"], words=KEYS, days=KEYS, amounts=KEYS)
    if bad.key in KEYS and "," not in str(bad.value)
]
CODES = ("", "4331", "43312710100", "4331271010000", "４３３１２７１０１０００", "43312710100O")
LEVELS = ("", "镇", "TOWNSHIP", "village2", "县")
ODD = [*(("code", code) for code in CODES), *(("level", level) for level in LEVELS)]
ROOTS = ("", "4331", "abcdef", "999999", "４３３１２７", "43312700000O", "-33127", "433127000001")


def test_there_are_two_hundred() -> None:
    assert len(BROKEN) + len(BAD) + len(ODD) + len(ROOTS) >= 200


def refused(path: Path, content: bytes, root: str = "433127") -> None:
    before = Division.objects.count()
    path.write_bytes(content)
    with pytest.raises(SheetRefused) as said:
        load_divisions(path, root)
    assert_clear(str(said.value), path.parent)
    assert Division.objects.count() == before


@pytest.mark.parametrize("bad", BROKEN, ids=lambda bad: bad.title)
def test_a_broken_list_is_refused(tmp_path: Path, bad: Any) -> None:
    refused(tmp_path / bad.name, bad.content)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.title[:60])
def test_a_bad_cell_is_refused(tmp_path: Path, bad: Any) -> None:
    rows = [COUNTY, {**TOWN, bad.key: str(bad.value)}]
    refused(tmp_path / "a.csv", csv_of(COLUMNS, rows))


@pytest.mark.parametrize(("key", "value"), ODD)
def test_an_odd_row_is_refused(tmp_path: Path, key: str, value: str) -> None:
    refused(tmp_path / "a.csv", csv_of(COLUMNS, [COUNTY, {**TOWN, key: value}]))


@pytest.mark.parametrize("root", ROOTS)
def test_a_region_that_is_not_there_is_refused(tmp_path: Path, root: str) -> None:
    refused(tmp_path / "a.csv", csv_of(COLUMNS, [COUNTY, TOWN]), root)
