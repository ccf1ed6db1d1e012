"""A backup brought back: the same rows, the same sums, a ledger that proves."""

import json
import os
import subprocess
import tarfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from claims.attachments.storage import fetch, store
from config.backup.making import make_backup, old_backups
from config.backup.manifest import database_facts, keys_fit
from config.backup.restoring import (
    check_backup,
    differences,
    read_manifest,
    require_empty,
    restore_backup,
    target_database,
)
from config.demo.county.loading import Scale, load_county
from config.tests.support import command, url_of
from enrollment.chain.services import extend_chain
from enrollment.console.commands import Refusal
from enrollment.models import PremiumStandard, User

DAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def no_files(tmp_path_factory: pytest.TempPathFactory, settings: Any) -> None:
    """Files that other tests have left are not of this county."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("no-files")


@pytest.fixture
def county(transactional_db: Any) -> None:
    """A small county with settled and paid claims; filled tables may have been emptied."""
    PremiumStandard.objects.get_or_create(
        year=DAY.year, defaults={"personal": "400.00", "source": "演示"}
    )
    load_county(on=DAY, seed=1, scale=Scale(residents=200, days=3), password="a-long-password-1")


@pytest.fixture
def target() -> Any:
    """The URL of a second, empty database on the tests' server."""
    parameters = connection.get_connection_params()
    other = f"{parameters['dbname']}_restored"  # tests in other processes have their own
    drop = f"DROP DATABASE IF EXISTS {other} WITH (FORCE)"
    with connection.cursor() as cursor:
        cursor.execute(drop)
        cursor.execute(f"CREATE DATABASE {other} TEMPLATE template0")
    yield url_of({**parameters, "dbname": other})
    with connection.cursor() as cursor:
        cursor.execute(drop)


def backup(folder: Path, **fields: Any) -> Any:
    return make_backup(folder, at=fields.pop("at", timezone.now()))


def manage(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command on the tests' own database."""
    url = url_of(connection.get_connection_params())
    return subprocess.run(
        command(*arguments),
        env={
            **os.environ,
            "DATABASE_URL": url,
            "MEDIA_ROOT": str(settings.MEDIA_ROOT),
            "DEBUG": "1",
            **more,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def test_what_was_backed_up_comes_back_to_the_fen_and_proves_itself(
    county: None, target: str, tmp_path: Path
) -> None:
    extend_chain(at=timezone.now())
    made = manage("backup", "--to", str(tmp_path), "--lang", "en")
    assert made.returncode == 0, made.stderr
    told = json.loads(made.stdout)
    assert told["rows"] > 1000
    assert "keys are not in the backup" in made.stderr
    back = manage("restore", told["file"], "--into", target)
    assert back.returncode == 0, back.stderr + back.stdout
    proved = json.loads(back.stdout)
    assert proved["differences"] == []
    assert proved["ledger"] is True
    assert proved["audit"] is True
    assert proved["keys_fit"] is True
    assert proved["rows"] == told["rows"]
    again = manage("restore", told["file"], "--into", target, "--lang", "en")
    assert again.returncode == 2
    assert "not empty" in again.stderr


@pytest.mark.django_db(transaction=True)
def test_the_figures_compared_are_those_of_the_restored_database(
    target: str, tmp_path: Path
) -> None:
    made = backup(tmp_path)
    MigrationRecorder(connection).record_applied("claims", "9999_of_later")
    User.objects.create_user("later", password="a-long-password-2")
    try:
        assert restore_backup(made.path, target, None).differences == []
        with target_database(target) as restored, restored.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'claims'")
        with target_database(target) as restored:
            facts = database_facts(restored)
        different = differences(made.manifest, facts)
        assert "migrations" in different
    finally:
        MigrationRecorder(connection).record_unapplied("claims", "9999_of_later")


@pytest.mark.django_db(transaction=True)
def test_the_backup_holds_no_key(tmp_path: Path) -> None:
    made = backup(tmp_path)
    content = made.path.read_bytes()
    for key in (settings.SECRET_KEY, settings.PORTAL_INDEX_KEY, *settings.PORTAL_FIELD_KEYS):
        assert key.encode() not in content
    assert oct(made.path.stat().st_mode & 0o777) == "0o600"


@pytest.mark.django_db(transaction=True)
def test_other_keys_are_noticed(tmp_path: Path, settings: Any) -> None:
    manifest = backup(tmp_path).manifest
    assert keys_fit(manifest["keys"])
    settings.PORTAL_FIELD_KEYS = ["A" * 43 + "="]
    assert not keys_fit(manifest["keys"])


@pytest.mark.django_db(transaction=True)
def test_uploaded_files_come_back(target: str, tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    (tmp_path / "media" / "2026").mkdir(parents=True)
    (tmp_path / "media" / "2026" / "发票.pdf").write_bytes(b"%PDF-1.4")
    folder = tmp_path / "backups"
    folder.mkdir()
    made = backup(folder)
    with pytest.raises(Refusal, match="--files-to"):
        restore_backup(made.path, target, None)
    done = restore_backup(made.path, target, tmp_path / "back")
    assert done.differences == []
    assert (tmp_path / "back" / "2026" / "发票.pdf").read_bytes() == b"%PDF-1.4"


@pytest.mark.django_db(transaction=True)
def test_a_claims_scan_comes_back_under_its_name(
    target: str, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    name = store(b"%PDF-1.4 scan")
    unfinished = tmp_path / "media" / "scans" / "00" / "x.part"
    unfinished.parent.mkdir(exist_ok=True)
    unfinished.touch()
    folder = tmp_path / "backups"
    folder.mkdir()
    done = restore_backup(backup(folder).path, target, tmp_path / "back")
    assert done.files == 1
    settings.MEDIA_ROOT = tmp_path / "back"
    assert fetch(name) == b"%PDF-1.4 scan"


@pytest.mark.django_db(transaction=True)
def test_a_damaged_backup_is_refused_before_anything_is_written(
    target: str, tmp_path: Path
) -> None:
    made = backup(tmp_path)
    content = bytearray(made.path.read_bytes())
    with tarfile.open(made.path) as tar:
        dump = tar.getmember("database.dump")
    content[dump.offset_data + dump.size // 2] ^= 0xFF
    damaged = tmp_path / "damaged.backup"
    damaged.write_bytes(content)
    with pytest.raises(Refusal):
        restore_backup(damaged, target, None)
    require_empty(target)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\0" * 2000])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.backup"
    file.write_bytes(content)
    with pytest.raises(Refusal):
        read_manifest(file)


@pytest.mark.django_db(transaction=True)
def test_a_cut_backup_is_refused(tmp_path: Path) -> None:
    made = backup(tmp_path)
    cut = tmp_path / "cut.backup"
    cut.write_bytes(made.path.read_bytes()[: made.path.stat().st_size // 2])
    with pytest.raises(Refusal):
        check_backup(cut, read_manifest(cut))


def test_the_oldest_go_first_and_none_without_a_number(tmp_path: Path) -> None:
    names = [f"portal-2026112{n}-043000.backup" for n in range(5)]
    for name in names:
        (tmp_path / name).touch()
    assert [path.name for path in old_backups(tmp_path, 3)] == names[:2]
    assert old_backups(tmp_path, 0) == []


@pytest.mark.django_db
def test_a_database_that_cannot_be_reached_is_named() -> None:
    with pytest.raises(Refusal):
        require_empty("postgres://nobody@127.0.0.1:1/none")
