"""Settling one part of a run: chunk by chunk, each in a transaction of its own."""

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from claims.benefit.scheme import Scheme
from claims.chunks import facts
from claims.chunks.calculation import ERROR, Decisions, Hold, decide
from claims.chunks.facts import Slice
from claims.chunks.store import ChunkChanged, store
from claims.policies.selectors import scheme_of_version
from claims.settlement.locks import working_on
from claims.settlement.models import SettlementRun, SettlementShard

logger = logging.getLogger(__name__)

ATTEMPTS = 3
Progress = Callable[[int], None]


class PartSuperseded(Exception):
    """The part was cut anew by a resumed run; whoever works on it stops."""


def settle_part(part_id: int, progress: Progress | None = None) -> int:
    """Settle what is left of a part; returns the claims settled or held now.

    May be called again at any time, also beside another worker: what is done is not done
    twice. A part that no longer exists or is finished is none of this worker's business.
    """
    done = 0
    with working_on(part_id), _only_new_objects_collected():
        part = SettlementShard.objects.select_related("run").filter(pk=part_id).first()
        if part is None or part.finished_at is not None:
            return 0
        SettlementShard.objects.filter(pk=part_id, started_at=None).update(
            started_at=timezone.now()
        )
        run = part.run
        scheme = scheme_of_version(run.scheme, run.policy_version)
        reached = part.reached
        try:
            while True:
                chunk = facts.next_slice(
                    run.up_to, reached, part.last_person, settings.SETTLEMENT_CHUNK
                )
                if chunk is None:
                    break
                done += _settle_stubbornly(run, part_id, scheme, chunk)
                reached = chunk.last
                if progress is not None:
                    progress(done)
            SettlementShard.objects.filter(pk=part_id).update(finished_at=timezone.now())
        except PartSuperseded:
            logger.warning("part %s was cut anew, leaving it", part_id)
    return done


@contextmanager
def _only_new_objects_collected() -> Iterator[None]:
    """Keep the garbage collector from what was there before the part.

    A part makes millions of objects and drops them; looking each time through all that the
    process has loaded took a tenth of a settlement.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _settle_stubbornly(
    run: SettlementRun, part_id: int, scheme: Scheme, chunk: Slice, attempt: int = 1
) -> int:
    """Settle a chunk; when the database refuses it, find the claim that is to blame.

    Deadlocks are tried again. Otherwise the chunk is halved until one resident is left, whose
    claims go one by one; the one that fails is held with the database's message.
    """
    try:
        return _settle_chunk(run, part_id, scheme, chunk)
    except InterfaceError:
        raise
    except (OperationalError, ChunkChanged) as error:
        if _connection_lost(error):
            raise
        if attempt < ATTEMPTS:
            return _settle_stubbornly(run, part_id, scheme, chunk, attempt + 1)
        message = str(error)
    except DatabaseError as error:
        message = str(error)
    logger.error("run %s, residents %s–%s: %s", run.pk, chunk.after, chunk.last, message)
    if chunk.claim_id is not None:
        hold = Hold(chunk.claim_id, ERROR, message.splitlines()[0])
        return _settle_chunk(run, part_id, scheme, chunk, given=Decisions(held=[hold]))
    return sum(
        _settle_stubbornly(run, part_id, scheme, smaller) for smaller in _halves(run.up_to, chunk)
    )


def _halves(up_to: date, chunk: Slice) -> list[Slice]:
    """Two halves of the residents; of a single resident, each claim by itself, in order."""
    persons = facts.waiting_persons(up_to, chunk)
    if len(persons) > 1:
        middle = persons[len(persons) // 2 - 1]
        return [Slice(chunk.after, middle), Slice(middle, chunk.last)]
    rows = facts.load_claims(up_to, chunk)
    return [Slice(chunk.after, chunk.last, row.claim_id) for row in rows]


def _settle_chunk(
    run: SettlementRun,
    part_id: int,
    scheme: Scheme,
    chunk: Slice,
    given: Decisions | None = None,
) -> int:
    """Lock → load → decide → write → progress, in one transaction."""
    with transaction.atomic():
        persons = facts.lock_persons(run.up_to, chunk)
        if given is None:
            rows = facts.load_claims(run.up_to, chunk)
            given = decide(scheme, rows, facts.load_balances(scheme, persons))
        at = timezone.now()
        store(scheme, run.pk, given, at)
        count = len(given.settled) + len(given.held)
        kept = SettlementShard.objects.filter(pk=part_id, run__state=run.State.RUNNING).update(
            reached=chunk.last, done=F("done") + count
        )
        if not kept:
            raise PartSuperseded
        return count


def _connection_lost(error: Exception) -> bool:
    """Whether the session itself is gone; nothing can be held or counted then."""
    return isinstance(error, OperationalError) and not transaction.get_connection().is_usable()
