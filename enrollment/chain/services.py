"""Making the chain longer by what was added since its last link."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max

from enrollment.chain.digests import digest_link, digest_rows, same_text
from enrollment.chain.heads import write_head
from enrollment.chain.models import AuditLink, AuditStretch
from enrollment.chain.tables import CONTEXT, Log, logs

# What a request or a task says about itself may grow while it runs; one that said something
# this lately is left for the next link.
STILL_RUNNING = timedelta(hours=1)
_LOCK = 7_401_002


def extend_chain(*, at: datetime) -> AuditLink:
    """Hold the rows that were added since the last link; returns the new one.

    A link is made also when nothing was added: that too is worth knowing. The head is written
    to the file of heads once the link stands.
    """
    # Before the chain is locked, and each table for itself: nobody waits for more than one.
    ends = [(log, _end(log, at)) for log in logs()]
    with same_text():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        before = AuditLink.objects.order_by("-number").first()
        held = dict(AuditStretch.objects.values_list("table").annotate(Max("last")))
        stretches = []
        for log, end in ends:
            after = held.get(log.table) or 0
            if end <= after:
                continue
            done = digest_rows(log, log.columns, after, end)
            stretches.append(
                AuditStretch(
                    table=log.table,
                    columns=",".join(log.columns),
                    after=after,
                    last=end,
                    rows=done.rows,
                    digest=done.digest,
                )
            )
        number, previous = (before.number + 1, before.digest) if before else (1, "")
        link = AuditLink.objects.create(
            number=number,
            previous=previous,
            digest=digest_link(previous, number, at, stretches),
            closed_at=at,
            rows=sum(one.rows for one in stretches),
        )
        for one in stretches:
            one.link = link
        AuditStretch.objects.bulk_create(stretches)
        transaction.on_commit(lambda: write_head(link))
    return link


def _end(log: Log, at: datetime) -> int:
    """The largest key that no row can come before any more; 0 where there is none.

    The lock waits for those who are writing and is gone with the answer: who begins to write
    afterwards draws larger keys.
    """
    table, key = connection.ops.quote_name(log.table), connection.ops.quote_name(log.key)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
        cursor.execute(f"SELECT coalesce(max({key}), 0) FROM {table}")  # noqa: S608  our names
        (end,) = cursor.fetchone() or (0,)
        if CONTEXT in log.columns:
            cursor.execute(
                f"SELECT min({key}) - 1 FROM {table} AS event"  # noqa: S608  our names
                " JOIN pghistory_context AS context ON context.id = event.pgh_context_id"
                " WHERE context.updated_at > %s",
                [at - STILL_RUNNING],
            )
            (before_running,) = cursor.fetchone() or (None,)
            end = min(end, before_running) if before_running is not None else end
    return int(end)
