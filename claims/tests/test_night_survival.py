"""Kills and races: a real worker process, real transactions, SIGKILL in the middle."""

import os
import signal
import subprocess
import sys
import threading
import uuid
from collections import Counter
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from celery import current_app
from django.db import connection, connections

from claims.models import (
    Claim,
    ClaimTransition,
    Entry,
    PaymentBatch,
    PaymentOrder,
    SettlementRun,
    SettlementShard,
)
from claims.payments.services import approve_batch, make_batch
from claims.settlement.locks import SettlementUnderWay, driving
from claims.settlement.services import settle_up_to
from claims.settlement.workers import NoWorker, require_workers
from claims.tests.night import (
    DAY,
    NOW,
    approved_claim,
    ledger_faults,
    make_finance,
    settle,
    wait_until,
)
from enrollment.tests.factories import make_institution
from enrollment.transitions.table import TransitionRefused

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
CHUNK = 5


def _database_url():
    """The test database as a URL, for another process."""
    params = connection.get_connection_params()
    who = f"{params.get('user') or ''}:{params.get('password') or ''}"
    host, port = str(params.get("host") or ""), params.get("port")
    if host.startswith("/"):
        where = "&".join([f"host={quote(host)}", *([f"port={port}"] if port else [])])
        return f"postgres://{who}@/{params['dbname']}?{where}"
    return f"postgres://{who}@{host}{f':{port}' if port else ''}/{params['dbname']}"


@pytest.fixture
def queue(settings):
    """A queue of this test's own."""
    name = f"test-{uuid.uuid4().hex}"
    before = current_app.conf.task_default_queue
    settings.SETTLEMENT_CHUNK = CHUNK
    current_app.conf.task_default_queue = name
    current_app.amqp.__dict__.pop("queues", None)
    current_app.amqp.__dict__.pop("router", None)
    yield name
    current_app.conf.task_default_queue = before
    current_app.amqp.__dict__.pop("queues", None)
    current_app.amqp.__dict__.pop("router", None)


class Worker:
    """A real Celery worker on the test database, one process for tasks."""

    def __init__(self, queue):
        self.process = subprocess.Popen(
            [
                sys.executable,
                *("-m", "celery", "-A", "config", "worker", "-P", "solo", "-l", "warning"),
                *("-Q", queue, "-n", f"{uuid.uuid4().hex}@test", "--without-mingle"),
            ],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": _database_url(),
                "CELERY_QUEUE": queue,
                "SETTLEMENT_CHUNK": str(CHUNK),
            },
        )

    def kill(self):
        """SIGKILL, as an outage would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)

    def stop(self):
        """End it if it still runs."""
        if self.process.poll() is None:
            self.kill()


@pytest.fixture
def start_worker(queue):
    workers = []

    def start():
        worker = Worker(queue)
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        worker.stop()


@contextmanager
def holding(sql, params=None):
    """Another session holds locks until the block ends: whoever needs them waits there."""
    with psycopg.connect(_database_url()) as other:
        other.execute(sql, params)
        yield
        other.rollback()


def someone_waits():
    """Whether a session of the test database waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0]


def make_claims(count=20):
    hospital = make_institution(account_no="4300123412341234", account_name="县医院")
    return [
        approved_claim(None, hospital, source="upload" if n % 4 == 0 else "window")
        for n in range(count)
    ]


def assert_paid_exactly_once(claims):
    settled = Counter(
        ClaimTransition.objects.filter(action="settle").values_list("subject", flat=True)
    )
    assert settled == Counter({claim.pk: 1 for claim in claims})
    assert set(Claim.objects.values_list("state", flat=True)) == {"settled"}
    orders = PaymentOrder.objects.all()
    assert sum(order.amount for order in orders) == Decimal("700.00") * len(claims)
    window = Counter(orders.filter(claim__isnull=False).values_list("claim", flat=True))
    assert window == Counter({claim.pk: 1 for claim in claims if claim.source == "window"})
    assert orders.filter(institution__isnull=False).count() == 1
    assert SettlementRun.objects.get().state == "posted"
    assert ledger_faults() == []


def test_a_worker_killed_between_chunks_is_resumed_and_pays_each_claim_once(start_worker):
    claims = make_claims()
    middle = claims[12].person_id
    with holding("SELECT 1 FROM enrollment_person WHERE id = %s FOR UPDATE", [middle]):
        worker = start_worker()
        current_app.send_task("claims.settle_up_to", args=[DAY.isoformat()])
        wait_until(
            lambda: SettlementShard.objects.filter(done__gt=0) and someone_waits(),
            what="the worker is stuck in a later chunk",
        )
        worker.kill()
    run = SettlementRun.objects.get()
    done = run.settled.count()
    assert 0 < done < len(claims)
    assert run.state == "running"
    assert not Entry.objects.exists()
    assert ledger_faults() == []
    result = settle()
    assert (result.resumed, result.claims, result.run) == (True, len(claims), run)
    assert_paid_exactly_once(claims)


def test_a_worker_killed_while_posting_is_resumed_and_orders_once(start_worker):
    claims = make_claims()
    with holding("LOCK TABLE claims_ordershare IN ACCESS EXCLUSIVE MODE"):
        worker = start_worker()
        current_app.send_task("claims.settle_up_to", args=[DAY.isoformat()])
        wait_until(
            lambda: (
                not SettlementShard.objects.filter(finished_at=None)
                and SettlementShard.objects.exists()
                and someone_waits()
            ),
            what="the worker is stuck while it posts",
        )
        worker.kill()
    assert SettlementRun.objects.get().state == "running"
    assert not PaymentOrder.objects.exists()
    assert not Entry.objects.exists()
    second = start_worker()
    current_app.send_task("claims.settle_up_to", args=[DAY.isoformat()])
    wait_until(lambda: SettlementRun.objects.filter(state="posted"), what="the second worker")
    assert SettlementRun.objects.get().resumed == 1
    assert second.process.poll() is None
    assert_paid_exactly_once(claims)


def test_a_part_whose_worker_is_killed_goes_to_the_next_worker(start_worker):
    claims = make_claims()
    middle = claims[7].person_id
    worker = start_worker()
    wait_until(lambda: current_app.control.ping(timeout=1), what="the first worker answers")
    outcome = {}

    def command():
        try:
            outcome["result"] = settle_up_to(DAY, actor=None, at=NOW, shards=2)
        finally:
            connections.close_all()

    driver = threading.Thread(target=command)
    with holding("SELECT 1 FROM enrollment_person WHERE id = %s FOR UPDATE", [middle]):
        driver.start()
        wait_until(someone_waits, what="a worker is stuck in a chunk")
        start_worker()
        worker.kill()
        wait_until(lambda: SettlementShard.objects.exclude(finished_at=None), what="the other part")
    driver.join(120)
    assert not driver.is_alive()
    assert outcome["result"].claims == len(claims)
    assert SettlementShard.objects.exclude(finished_at=None).count() == 2
    assert_paid_exactly_once(claims)


def test_shards_are_refused_when_no_worker_answers(queue, monkeypatch):
    make_claims(2)
    monkeypatch.setattr(current_app.control, "ping", lambda **_options: [])
    with pytest.raises(NoWorker):
        settle_up_to(DAY, actor=None, at=NOW, shards=2)
    with pytest.raises(NoWorker):
        require_workers()
    assert not SettlementRun.objects.exists()
    assert set(Claim.objects.values_list("state", flat=True)) == {"approved"}


def test_while_one_process_drives_another_is_refused():
    make_claims(2)
    refused = []

    def second():
        try:
            with driving(patience=0):
                refused.append(None)
        except SettlementUnderWay as error:
            refused.append(error)
        finally:
            connections.close_all()

    with driving():
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(30)
    assert isinstance(refused[0], SettlementUnderWay)
    assert settle().claims == 2


def test_a_batch_approved_by_two_people_at_once_is_approved_once():
    make_claims(2)
    settle()
    batch = make_batch(actor=make_finance(), at=NOW).batch
    approvers = [make_finance(), make_finance()]
    start = threading.Barrier(2)
    outcomes = []

    def approve(actor):
        try:
            start.wait(30)
            approve_batch(PaymentBatch.objects.get(pk=batch.pk), actor=actor, at=NOW)
            outcomes.append("approved")
        except TransitionRefused:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=approve, args=[actor]) for actor in approvers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["approved", "refused"]
    assert batch.transitions.filter(action="approve").count() == 1


def test_two_people_who_make_batches_at_once_never_take_an_order_twice():
    make_claims(8)
    settle()
    start = threading.Barrier(2)
    outcomes = []

    def make(actor):
        try:
            start.wait(30)
            outcomes.append(make_batch(actor=actor, at=NOW).batch.orders_count)
        except TransitionRefused:
            outcomes.append(0)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=make, args=[make_finance()]) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == [0, PaymentOrder.objects.count()]
    assert ledger_faults() == []
