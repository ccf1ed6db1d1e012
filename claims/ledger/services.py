"""Writing entries. Nothing is ever changed: a mistake is reversed by another entry."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from claims.ledger.models import Entry, Posting
from enrollment.values.money import ZERO


@dataclass(frozen=True)
class Line:
    """One posting to write: a debit or a credit in yuan, the other side 0.00."""

    book: str
    account: str
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    layer: str = ""
    institution_id: int | None = None


class Unbalanced(ValueError):
    """The lines of an entry do not balance in one of its books."""


def post_entry(
    *,
    on: date,
    source: str,
    source_key: str,
    description: str,
    lines: Iterable[Line],
    at: datetime,
) -> Entry:
    """Write one entry with its postings.

    Raises Unbalanced when a book's debits and credits differ (the database would refuse it
    at commit) and IntegrityError when the event (`source`, `source_key`) is posted already.
    """
    lines = list(lines)
    for book in {line.book for line in lines}:
        debit = sum((line.debit for line in lines if line.book == book), ZERO)
        credit = sum((line.credit for line in lines if line.book == book), ZERO)
        if debit != credit:
            raise Unbalanced(f"{source} {source_key}: book {book}: {debit} ≠ {credit}")
    with transaction.atomic():
        entry = Entry.objects.create(
            on=on, source=source, source_key=source_key, description=description, created_at=at
        )
        Posting.objects.bulk_create(
            Posting(
                entry=entry,
                book=line.book,
                account=line.account,
                layer=line.layer,
                institution_id=line.institution_id,
                debit=line.debit,
                credit=line.credit,
            )
            for line in lines
        )
    return entry
