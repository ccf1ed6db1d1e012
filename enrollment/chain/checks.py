"""Proving the chain anew from the rows it holds."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from enrollment.chain.digests import digest_link, digest_rows, same_text
from enrollment.chain.heads import Head
from enrollment.chain.models import AuditLink, AuditStretch
from enrollment.chain.tables import Log, logs
from enrollment.console.findings import Finding

EXAMPLES = 5


class ChainBroken(Exception):
    """What was added is no longer as it was; the message says where."""


def verify_chain(heads: Sequence[Head] = ()) -> Iterator[Finding]:
    """Every check in order, on one state of the database.

    `heads` are what was noted outside: each must stand in the chain as it was noted.
    """
    with same_text():
        links = list(AuditLink.objects.prefetch_related("stretches").order_by("number"))
        known = {log.table: log for log in logs()}
        yield _links(links)
        yield _heads(links, heads)
        yield _joined(links)
        yield _rows(links, known)
        yield _refused(list(known.values()))


def _links(links: list[AuditLink]) -> Finding:
    """Numbered from 1, each on the digest of the one before, each as its stretches say."""
    broken, previous = [], ""
    for position, link in enumerate(links, 1):
        due = digest_link(previous, link.number, link.closed_at, list(link.stretches.all()))
        if link.number != position or link.previous != previous or link.digest != due:
            broken.append(link_name(link))
        previous = link.digest
    if not links:
        return Finding("links", False, _("there is no link yet: run manage.py extend_audit"))
    return _finding("links", broken, _("%(count)s links follow one another") % _count(links))


def _heads(links: list[AuditLink], heads: Sequence[Head]) -> Finding:
    """What was noted outside is what stands here."""
    stand = {link.number: link.digest for link in links}
    broken = [
        f"{head.number} {head.digest[:16]}"
        for head in heads
        if stand.get(head.number) != head.digest
    ]
    if not heads:
        return Finding("heads", True, _("no noted head was given to compare with"))
    well = _("%(count)s noted heads stand in the chain") % _count(heads)
    return _finding("heads", broken, well)


def _joined(links: list[AuditLink]) -> Finding:
    """Each table's stretches leave no gap."""
    broken, reached = [], defaultdict[str, int](int)
    for link in links:
        for one in link.stretches.all():
            if one.after != reached[one.table]:
                broken.append(_place(link, one.table))
            reached[one.table] = one.last
    return _finding("stretches", broken, _("%(count)s tables without a gap") % _count(reached))


def _rows(links: list[AuditLink], known: dict[str, Log]) -> Finding:
    """Every row is as it was when its link was made; none went, none came between."""
    broken, rows = [], 0
    for link in links:
        for one in link.stretches.all():
            wrong = _difference(one, known.get(one.table))
            rows += one.rows
            if wrong:
                broken.append(f"{_place(link, one.table)}: {wrong}")
    return _finding("rows", broken, _("%(count)s rows are as they were added") % {"count": rows})


def _difference(held: AuditStretch, log: Log | None) -> str:
    columns = held.columns.split(",")
    if log is None or not set(columns) <= set(log.columns):
        return _("the table or a column of it is gone")
    found = digest_rows(log, columns, held.after, held.last)
    if found.rows != held.rows:
        return _("%(held)s rows were added, %(found)s are there") % {
            "held": held.rows,
            "found": found.rows,
        }
    return "" if found.digest == held.digest else _("the content of a row was changed")


def _refused(known: list[Log]) -> Finding:
    """The database still refuses changes of every log."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')"
        )
        working = set(cursor.fetchall())
    broken = [
        log.table for log in known if not all((log.table, name) in working for name in log.triggers)
    ]
    well = _("the database refuses to change %(count)s tables") % _count(known)
    return _finding("refusals", broken, well)


def _finding(name: str, broken: list[str], well: str) -> Finding:
    if not broken:
        return Finding(name, True, well)
    shown = "; ".join(broken[:EXAMPLES])
    more = len(broken) - EXAMPLES
    if more > 0:
        shown += _("; and %(count)s more") % {"count": more}
    return Finding(name, False, shown)


def _count(things: Sequence[object] | dict[str, int]) -> dict[str, int]:
    return {"count": len(things)}


def link_name(link: AuditLink) -> str:
    """Its number and day."""
    return _("link %(number)s of %(day)s") % {
        "number": link.number,
        "day": f"{timezone.localtime(link.closed_at):%Y-%m-%d}",
    }


def _place(link: AuditLink, table: str) -> str:
    return f"{link_name(link)}, {table}"
