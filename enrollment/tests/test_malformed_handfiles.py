"""Two hundred bad files for each kind kept by hand: a clear word each, nothing entered."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from enrollment.access.models import User
from enrollment.coverage.models import PremiumStandard
from enrollment.handfiles import identities, premiums
from enrollment.residents.models import AssistanceIdentity
from enrollment.sheets import SheetRefused
from enrollment.tests.factories import make_bureau, make_person, make_user
from enrollment.tests.malformed import BadCell, bad_cells, broken_files
from enrollment.tests.test_malformed_files import assert_clear, write

pytestmark = pytest.mark.django_db
NUMBER = "433127198005170012"
GRANT = {
    "id_number": NUMBER,
    "name": "张三",
    "kind": "低保",
    "starts_on": "2026-03-01",
    "ends_on": "2026-12-31",
    "document": "永民〔2026〕3号",
}
YEAR = {"year": "2026", "personal": "400", "central": "670", "source": "湘医保发〔2025〕40号"}
OTHER_YEAR = {"year": "2025", "personal": "380", "together": "640", "source": "通知"}
KINDS = ("富裕", "普通户", "低 保", "低保低保", "LOW", "低保1", "城市", "-", "五", "特困人员供养")
NAMES = ("李四", "张三三", "张", "三张", "张叁", "433127", "·", "张三先生", "Zhang San", "張三")
STARTS = ("2026/13/01", "2026-3", "26年", "3月1日", "上月", "2026-02-29", "20260229", "1", "明天")
YEARS = ("26", "1999", "2101", "２０２６", "二〇二六", "2026年度", "2026.0", "-2026", "MMXXVI")
BROKEN_IDENTITIES = list(broken_files(identities.COLUMNS, GRANT))
BAD_IDENTITIES = [
    *bad_cells(
        identities.COLUMNS, days=["starts_on", "ends_on"], numbers=["id_number"], words=["kind"]
    ),
    *(
        BadCell(f"{key}: {text}", key, text)
        for key, texts in (("kind", KINDS), ("name", NAMES), ("starts_on", STARTS))
        for text in texts
    ),
]
BROKEN_PREMIUMS = list(broken_files(premiums.COLUMNS, YEAR))
BAD_PREMIUMS = [
    *bad_cells(
        premiums.COLUMNS,
        amounts=["personal", "central", "province", "prefecture", "county"],
        words=["year"],
    ),
    *(BadCell(f"year: {text}", "year", text) for text in YEARS),
]


@pytest.fixture
def actor() -> User:
    make_bureau()
    PremiumStandard.objects.all().delete()
    make_person(name="张三", id_number=NUMBER)
    return make_user()


def test_there_are_two_hundred_for_each() -> None:
    assert len(BROKEN_IDENTITIES) + len(BAD_IDENTITIES) >= 200
    assert len(BROKEN_PREMIUMS) + len(BAD_PREMIUMS) >= 200


@pytest.mark.parametrize("bad", BROKEN_IDENTITIES, ids=lambda bad: bad.title)
def test_a_broken_file_of_identities_is_refused(tmp_path: Path, actor: User, bad: Any) -> None:
    refused(identities, tmp_path, actor, bad)


@pytest.mark.parametrize("bad", BROKEN_PREMIUMS, ids=lambda bad: bad.title)
def test_a_broken_file_of_premiums_is_refused(tmp_path: Path, actor: User, bad: Any) -> None:
    refused(premiums, tmp_path, actor, bad)


@pytest.mark.parametrize("bad", BAD_IDENTITIES, ids=lambda bad: bad.title[:60])
def test_a_bad_cell_of_an_identity_is_told(tmp_path: Path, actor: User, bad: Any) -> None:
    told(identities, tmp_path, actor, [{**GRANT, bad.key: bad.value}], bad)


@pytest.mark.parametrize("bad", BAD_PREMIUMS, ids=lambda bad: bad.title[:60])
def test_a_bad_cell_of_a_premium_is_told(tmp_path: Path, actor: User, bad: Any) -> None:
    told(premiums, tmp_path, actor, [{**YEAR, bad.key: bad.value}, OTHER_YEAR], bad)


def entered() -> int:
    return AssistanceIdentity.objects.count() + PremiumStandard.objects.count()


def refused(kind: Any, folder: Path, actor: User, bad: Any) -> None:
    path = folder / bad.name
    path.write_bytes(bad.content)
    with pytest.raises(SheetRefused) as why:
        kind.work(path, actor, timezone.now(), False)
    assert_clear(str(why.value), folder)
    assert entered() == 0


def told(kind: Any, folder: Path, actor: User, rows: Any, bad: Any) -> None:
    path = write(folder, kind.COLUMNS, rows, bad.value)
    (fault,) = kind.work(path, actor, timezone.now(), False).faults
    title = next(column.title for column in kind.COLUMNS if column.key == bad.key)
    assert (fault.line, fault.column) == (2, title)
    assert_clear(f"{fault.reason} {fault.remedy}", folder)
    assert entered() == 0
