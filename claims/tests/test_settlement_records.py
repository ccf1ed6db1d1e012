"""The night: its records, its schedule and its commands."""

import io
import json
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError, OperationalError
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from claims.models import (
    Claim,
    Entry,
    Posting,
    SettledClaim,
    SettlementRun,
    SettlementShard,
)
from claims.settlement.locks import SettlementUnderWay
from claims.settlement.services import finish_run
from claims.settlement.tasks import settle_up_to_task
from claims.tests.night import (
    DAY,
    NOW,
    approved_claim,
    make_finance,
    settle,
)
from enrollment.failures.models import FailedJob
from enrollment.tests.factories import make_person


# --- what the database refuses ---------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    "table",
    [
        "claims_settledclaim",
        "claims_layerpayment",
        "claims_accumulatormovement",
        "claims_claimtransition",
        "claims_entry",
        "claims_posting",
        "claims_ordershare",
        "claims_heldclaim",
    ],
)
def test_rows_of_record_cannot_be_changed_or_deleted_even_by_raw_sql(table):
    approved_claim(make_person())
    approved_claim()
    settle()
    column = {"claims_entry": "description", "claims_posting": "layer"}.get(table)
    column = column or {"claims_heldclaim": "detail", "claims_claimtransition": "note"}.get(table)
    column = column or {"claims_settledclaim": "steps"}.get(table) or "amount"
    column = "paid" if table == "claims_layerpayment" else column
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608
        before = cursor.fetchall()
        assert before
        for sql in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):  # noqa: S608
            with (
                pytest.raises(DatabaseError, match="Cannot update or delete"),
                transaction.atomic(),
            ):
                cursor.execute(sql)
        cursor.execute(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608
        assert cursor.fetchall() == before


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_an_unbalanced_entry_at_commit():
    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
        entry = Entry.objects.create(
            on=DAY, source="test", source_key="1", description="t", created_at=NOW
        )
        Posting.objects.create(
            entry=entry, book="fund", account="benefit_expense", debit=Decimal("1.00")
        )
        Posting.objects.create(
            entry=entry, book="medical_aid", account="benefits_payable", credit=Decimal("1.00")
        )
    assert not Entry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("claims_settledclaim", "claim_id"),
        ("claims_settledclaim", "run_id"),
        ("claims_layerpayment", "settled_id"),
        ("claims_accumulatormovement", "settled_id"),
        ("claims_claimtransition", "subject_id"),
    ],
)
def test_what_a_row_of_the_night_refers_to_must_be_there(table, column):
    approved_claim()
    settle()
    waiting = approved_claim()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
            " WHERE table_name = %s AND column_name NOT IN ('id', %s)",
            [table, column],
        )
        others = cursor.fetchone()[0]
        with pytest.raises(IntegrityError, match=column), transaction.atomic():
            cursor.execute(
                f"INSERT INTO {table} ({column}, {others})"  # noqa: S608
                f" SELECT 999999999, {others.replace('claim_id', str(waiting.pk))} FROM {table}"
                " LIMIT 1"
            )


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["claims_claim", "claims_settlementrun"])
def test_what_rows_of_the_night_refer_to_is_never_deleted(table):
    approved_claim()
    settle()
    with (
        pytest.raises(DatabaseError, match="Cannot delete"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608


@pytest.mark.django_db
def test_a_claim_has_one_result_and_there_is_one_run_at_a_time():
    claim = approved_claim()
    result = settle()
    settled = claim.settled
    with pytest.raises(IntegrityError), transaction.atomic():
        SettledClaim.objects.bulk_create([settled])
    SettlementRun.objects.create(up_to=DAY, scheme="s", started_at=NOW)
    with pytest.raises(IntegrityError, match="one_settlement_at_a_time"), transaction.atomic():
        SettlementRun.objects.create(up_to=DAY, scheme="s", started_at=NOW)
    assert result.run.state == "posted"


@pytest.mark.django_db
def test_the_night_is_on_the_schedule_and_takes_claims_approved_up_to_yesterday():
    today = timezone.localdate()
    old = approved_claim(approved_on=today - timedelta(days=1), discharged_on=date(2026, 9, 10))
    new = approved_claim(approved_on=today)
    run = SettlementRun.objects.get(pk=settle_up_to_task())
    assert (run.up_to, run.started_by) == (today - timedelta(days=1), None)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state) == ("settled", "approved")
    finance = make_finance()
    run = SettlementRun.objects.get(pk=settle_up_to_task(today.isoformat(), finance.pk))
    assert (run.up_to, run.started_by, run.settled.count()) == (today, finance, 1)


@pytest.mark.django_db  # the last failure is kept for the operator
@pytest.mark.parametrize(
    ("away", "tries", "state"),
    [(0, 1, "SUCCESS"), (3, 4, "SUCCESS"), (8, 9, "SUCCESS"), (9, 9, "FAILURE")],
)
def test_a_night_without_its_database_is_tried_again(monkeypatch, away, tries, state):
    calls = []

    def settle(day, *, actor, at):
        calls.append(day)
        if len(calls) <= away:
            raise (OperationalError, psycopg.OperationalError)[len(calls) % 2]("away")
        return SimpleNamespace(run=SimpleNamespace(pk=7))

    monkeypatch.setattr("claims.settlement.tasks.settle_up_to", settle)
    done = settle_up_to_task.apply()
    assert (len(calls), done.state) == (tries, state)
    assert len(set(calls)) == 1
    assert FailedJob.objects.count() == int(state == "FAILURE")


@pytest.mark.django_db
def test_a_run_that_another_process_settles_is_left_to_it_without_a_failed_job(monkeypatch):
    run = SettlementRun.objects.create(up_to=DAY, scheme="s", started_at=NOW)
    SettlementShard.objects.create(run=run, number=1, first_person=0, last_person=9, reached=0)
    with pytest.raises(SettlementUnderWay):
        finish_run(run, at=NOW)
    run.refresh_from_db()
    assert run.state == "running"

    def settle(day, *, actor, at):
        finish_run(run, at=at)

    monkeypatch.setattr("claims.settlement.tasks.settle_up_to", settle)
    done = settle_up_to_task.apply()
    assert (done.state, done.result) == ("SUCCESS", 0)
    assert not FailedJob.objects.exists()


@pytest.mark.django_db
def test_beat_starts_the_night_at_half_past_one():
    task = PeriodicTask.objects.get(task=settle_up_to_task.name)
    assert (task.enabled, task.crontab.hour, task.crontab.minute) == (True, "1", "30")
    assert str(task.crontab.timezone) == "Asia/Shanghai"


# --- the commands -------------------------------------------------------------------------
def run_command(*args):
    out = io.StringIO()
    try:
        call_command(*args, stdout=out, stderr=io.StringIO())
        status = 0
    except SystemExit as end:
        status = end.code
    return status, json.loads(out.getvalue())


@pytest.mark.django_db
def test_settle_day_prints_its_figures_and_dry_run_writes_nothing():
    approved_claim()
    approved_claim(make_person())
    status, dry = run_command("settle_day", "--on", "2026-09-30", "--dry-run")
    assert status == 0
    assert not SettlementRun.objects.exists()
    assert Claim.objects.filter(state="approved").count() == 2
    status, told = run_command("settle_day", "--on", "2026-09-30")
    assert status == 0
    expected = {"claims": 1, "persons": 1, "paid": "700.00", "held": 1, "failed": 0}
    for figures in (dry, told):
        assert {key: figures[key] for key in expected} == expected
        assert figures["resumed"] is False
        assert set(figures) == {*expected, "run", "seconds", "resumed"}
    assert told["run"] == SettlementRun.objects.get().pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    "args",
    [("--on", "2026-02-30"), ("--on", "heute"), (), ("--on", "2026-09-30", "--shards", "0")],
)
def test_settle_day_refuses_bad_arguments(args):
    with pytest.raises(CommandError):
        call_command("settle_day", *args)
    assert not SettlementRun.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("damage", "broken"),
    [
        ("UPDATE claims_claim SET state = 'approved'", {"settled_states"}),
        (
            "INSERT INTO claims_waitingclaim (claim_id, person_id, state, approved_on)"
            " SELECT id, person_id, 'approved', approved_on FROM claims_claim",
            {"waiting_states"},
        ),
        ("UPDATE claims_claim SET total = total + 1", {"breakdowns_conserve"}),
        (
            "UPDATE claims_paymentorder SET amount = amount + 1",
            {"orders_sum"},
        ),
        ("UPDATE claims_paymentorder SET state = 'paid'", {"paid_equals_ledger"}),
        ("UPDATE claims_paymentorder SET state = 'replaced'", {"settled_equals_orders"}),
        ("ALTER TABLE claims_posting DISABLE TRIGGER ALL", {"append_only"}),
        ("UPDATE claims_settlementrun SET state = 'running'", {"unposted_runs_unpaid"}),
        (
            "ALTER TABLE claims_posting DISABLE TRIGGER ALL;"
            "UPDATE claims_posting SET debit = debit + 1 WHERE debit > 0",
            {"entries_balance", "books_balance", "settled_equals_ledger"},
        ),
        (
            "ALTER TABLE claims_accumulatormovement DISABLE TRIGGER ALL;"
            "UPDATE claims_accumulatormovement SET amount = -amount",
            {"accumulators_equal_payments", "accumulators_not_negative"},
        ),
        (
            "ALTER TABLE claims_layerpayment DISABLE TRIGGER ALL;DELETE FROM claims_layerpayment",
            {"breakdowns_conserve", "settled_equals_ledger", "settled_equals_orders"},
        ),
    ],
)
def test_verify_ledger_finds_what_has_been_damaged(damage, broken):
    approved_claim()
    settle()
    status, report = run_command("verify_ledger")
    assert (status, report["ok"]) == (0, True)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(damage)
    status, report = run_command("verify_ledger")
    assert (status, report["ok"]) == (1, False)
    assert broken <= {check["name"] for check in report["checks"] if not check["ok"]}
    assert all(check["detail"] for check in report["checks"])
