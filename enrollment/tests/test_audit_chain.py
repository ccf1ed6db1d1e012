"""The audit chain: what was added stays as it was, or the proof says what did not."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pghistory
import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django.utils.translation import override
from pghistory.models import Context

from enrollment.access.models import User
from enrollment.audit.models import RecordReading
from enrollment.bureau.models import Bureau
from enrollment.chain.admin import AuditStretchInline
from enrollment.chain.checks import ChainBroken, verify_chain
from enrollment.chain.heads import Head, read_heads
from enrollment.chain.models import AuditLink, AuditStretch
from enrollment.chain.services import extend_chain
from enrollment.chain.tables import CONTEXT, logs
from enrollment.chain.tasks import extend_audit_task, verify_audit_task
from enrollment.console.commands import Refusal
from enrollment.tests.factories import make_bureau, make_person

pytestmark = pytest.mark.django_db
READINGS = "enrollment_recordreading"


@pytest.fixture(autouse=True)
def heads_aside(tmp_path: Path, settings: Any) -> Path:
    """The file of heads of this test alone."""
    settings.AUDIT_HEADS_FILE = tmp_path / "kept" / "heads.jsonl"
    return Path(settings.AUDIT_HEADS_FILE)


def read_somebody(times: int = 1) -> None:
    """Log that a clerk opened a resident's page."""
    make_bureau()
    reader = User.objects.get_or_create(username="clerk")[0]
    person = make_person()
    for _ in range(times):
        RecordReading.objects.create(
            person=person, actor=reader, at=timezone.now(), page="claims_window"
        )


def extend(days: int = 0) -> AuditLink:
    return extend_chain(at=timezone.now() + timedelta(days=days))


def broken(*heads: Head) -> dict[str, str]:
    """The checks that fail, each with its words."""
    return {one.name: one.detail for one in verify_chain(heads) if not one.ok}


def by_force(statement: str, *values: Any, table: str = READINGS) -> None:
    """What an owner of the database can do: switch the triggers off for a moment."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_every_table_that_refuses_changes_is_held_but_two():
    held = {log.table for log in logs()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
            " WHERE tgname LIKE 'pgtrigger%%append_only%%'"
        )
        refusing = {table for (table,) in cursor.fetchall()}
    # Keyed by what they belong to: a settled claim's amounts stand in its layers, a paper's
    # checksum in the paper's own row.
    assert refusing - held == {
        "claims_settledclaim",
        "enrollment_paperpdf",
        "enrollment_auditlink",
        "enrollment_auditstretch",
    }
    assert held < refusing


def test_each_link_holds_what_came_since_the_last():
    read_somebody(2)
    first = extend()
    read_somebody(3)
    second = extend(days=1)
    assert [second.number, second.previous] == [first.number + 1, first.digest]
    rows = AuditStretch.objects.filter(table=READINGS).order_by("link__number")
    assert [one.rows for one in rows] == [2, 3]
    assert rows[1].after == rows[0].last
    assert not broken()


def test_a_link_without_rows_is_a_link():
    first, second = extend(), extend(days=1)
    assert second.rows == 0
    assert second.previous == first.digest
    assert not broken()


def test_before_the_first_link_there_is_nothing_to_prove():
    assert "extend_audit" in broken()["links"]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE enrollment_recordreading SET page = 'other' WHERE id = %s", "内容"),
        (
            "UPDATE enrollment_recordreading SET at = at + interval '1 microsecond' WHERE id = %s",
            "内容",
        ),
        ("DELETE FROM enrollment_recordreading WHERE id = %s", "3 行"),
        ("UPDATE enrollment_recordreading SET id = id + 100000 WHERE id = %s", "3 行"),
    ],
)
def test_a_row_changed_behind_the_triggers_is_found(statement: str, said: str):
    read_somebody(3)
    link = extend()
    middle = RecordReading.objects.order_by("id")[1]
    by_force(statement, middle.pk)
    found = broken()
    assert set(found) == {"rows"}
    assert READINGS in found["rows"]
    assert str(link.number) in found["rows"]
    assert said in found["rows"]


def test_a_row_slipped_in_between_is_found():
    read_somebody(3)
    middle = RecordReading.objects.order_by("id")[1]
    by_force("DELETE FROM enrollment_recordreading WHERE id = %s", middle.pk)
    extend()
    assert not broken()
    RecordReading.objects.create(
        pk=middle.pk, person=middle.person, actor=middle.actor, at=middle.at, page=middle.page
    )
    assert set(broken()) == {"rows"}


def test_who_did_it_belongs_to_the_event():
    make_bureau()
    with pghistory.context(user=7, act="bureau"):
        Bureau.objects.update(name="另一个局")
    extend(days=1)
    assert not broken()
    Context.objects.update(metadata={"user": 8, "act": "bureau"})
    assert "enrollment_bureauevent" in broken()["rows"]


def test_an_act_that_still_runs_waits_for_the_next_link():
    make_bureau()
    with pghistory.context(user=7):
        Bureau.objects.update(name="另一个局")
    # Within the hour the act may say more about itself.
    extend()
    events = AuditStretch.objects.filter(table="enrollment_bureauevent")
    before = sum(one.rows for one in events)
    extend(days=1)
    assert sum(one.rows for one in events.all()) > before
    Context.objects.update(metadata={"user": 7, "more": 1})
    assert "rows" in broken()


def test_a_chain_written_anew_does_not_fit_the_heads_noted_elsewhere(heads_aside: Path):
    read_somebody(2)
    noted = extend()
    head = Head(noted.number, noted.digest)
    assert not broken(head)
    for table in ("enrollment_auditstretch", "enrollment_auditlink", READINGS):
        by_force(f"DELETE FROM {table}", table=table)  # noqa: S608
    extend(days=2)
    assert not broken()
    assert set(broken(head)) == {"heads"}


def test_a_link_changed_afterwards_is_found():
    extend()
    extend(days=1)
    by_force(
        "UPDATE enrollment_auditlink SET closed_at = closed_at - interval '1 day' WHERE number = 1",
        table="enrollment_auditlink",
    )
    assert set(broken()) == {"links"}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_link_names_its_tables_in_words(language):
    inline = AuditStretchInline(AuditLink, admin.site)
    with override(language):
        names = [inline.log(AuditStretch(table=log.table)) for log in logs()]
    assert len(set(names)) == len(names) > 50
    for name in names:
        assert name.isascii() == (language == "en")
        assert not name.endswith("events")


def test_a_trigger_switched_off_is_found():
    extend()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {READINGS} DISABLE TRIGGER USER")
    assert READINGS in broken()["refusals"]


def test_a_column_that_came_later_breaks_nothing():
    read_somebody()
    extend()
    stretch = AuditStretch.objects.get(table=READINGS)
    assert "page" in stretch.columns.split(",")
    log = next(log for log in logs() if log.table == READINGS)
    assert CONTEXT not in log.columns
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {READINGS} ADD COLUMN later text DEFAULT 'x'")
    assert not broken()


@pytest.mark.django_db(transaction=True)
def test_the_job_writes_the_head_and_the_proof_reads_it(heads_aside: Path):
    number = extend_audit_task()
    (head,) = read_heads(heads_aside)
    assert head == Head(number, AuditLink.objects.get().digest)
    assert verify_audit_task() == 5
    heads_aside.write_text(json.dumps({"number": 1, "digest": "0" * 64}) + "\n")
    with pytest.raises(ChainBroken, match="heads"):
        verify_audit_task()


def run(*arguments: str, capsys: Any) -> tuple[dict[str, Any], int]:
    try:
        call_command("verify_audit", *arguments)
        status = 0
    except SystemExit as left:
        status = int(left.code or 0)
    return json.loads(capsys.readouterr().out.splitlines()[-1]), status


def test_the_command_prints_each_check_and_ends_with_1_when_one_fails(capsys: Any):
    link = extend()
    said, status = run(capsys=capsys)
    assert (said["ok"], status) == (True, 0)
    assert said["head"] == {"number": link.number, "digest": link.digest}
    assert [one["name"] for one in said["checks"]] == [
        "links",
        "heads",
        "stretches",
        "rows",
        "refusals",
    ]
    said, status = run("--head", f"1:{'0' * 64}", capsys=capsys)
    assert (said["ok"], status) == (False, 1)


def test_the_command_refuses_what_is_no_head(tmp_path: Path):
    with pytest.raises(Refusal, match=r"编号:摘要"):
        call_command("verify_audit", "--head", "one")
    with pytest.raises(Refusal, match="nowhere"):
        call_command("verify_audit", "--heads", str(tmp_path / "nowhere"))
    (tmp_path / "bad").write_text('{"number": 1, "digest": "a"}\nnothing\n')
    with pytest.raises(Refusal, match="2"):
        call_command("verify_audit", "--heads", str(tmp_path / "bad"))
