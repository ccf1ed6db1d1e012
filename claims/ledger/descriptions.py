"""What an entry's description says, in the reader's language.

The stored text is the book's own, in Chinese. For a reader of English it is written from the event
and the record that its key names; the numbers of a recovery or a fine stand as they are.
"""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from claims.corrections.models import Correction
from claims.ledger.models import Entry, Event
from claims.overpayments.models import Repayment
from claims.payments.models import BankReturn
from claims.settlement.models import SettlementRun
from enrollment.printing.words import in_english

Texts = dict[int, str]


def descriptions(entries: Sequence[Entry]) -> Texts:
    """By entry number; a statement per kind of event for a reader of English, else none."""
    texts = {entry.pk: entry.description for entry in entries}
    if not in_english():
        return texts
    for events, written in _WRITTEN:
        named = {entry: _key(entry) for entry in entries if entry.source in events}
        if named:
            found = written(set(named.values()))
            texts |= {
                entry.pk: _with_event(entry, found[key])
                for entry, key in named.items()
                if key in found
            }
    return texts


def _key(entry: Entry) -> int:
    """The record's key, which the source's key begins with."""
    first = entry.source_key.split(":", 1)[0]
    return int(first) if first.isascii() and first.isdigit() else 0


def _with_event(entry: Entry, text: str) -> str:
    """What shrank an overpayment is named before it."""
    return f"{Event(entry.source).label}: {text}" if entry.source in _SHRANK else text


def _of_settlements(keys: set[int]) -> Texts:
    text = _("Settlement run %(run)s, claims approved up to %(day)s")
    runs = SettlementRun.objects.in_bulk(keys)
    return {key: text % {"run": key, "day": run.up_to} for key, run in runs.items()}


def _of_corrections(keys: set[int]) -> Texts:
    text = _("Correction %(number)s, benefit year %(year)s")
    rows = Correction.objects.in_bulk(keys)
    return {key: text % {"number": row, "year": row.year} for key, row in rows.items()}


def _of_bank_returns(keys: set[int]) -> Texts:
    text = _("Bank return of batch %(batch)s")
    rows = BankReturn.objects.select_related("batch").in_bulk(keys)
    return {key: text % {"batch": row.batch.number} for key, row in rows.items()}


def _of_repayments(keys: set[int]) -> Texts:
    rows = Repayment.objects.select_related("overpayment").in_bulk(keys)
    return {key: f"{row.overpayment} {row.document}".strip() for key, row in rows.items()}


_SHRANK = (Event.REPAYMENT, Event.OVERPAYMENT_SET_OFF, Event.OVERPAYMENT_WRITE_OFF)
_WRITTEN: tuple[tuple[tuple[Event, ...], Callable[[set[int]], Texts]], ...] = (
    ((Event.SETTLEMENT,), _of_settlements),
    ((Event.CORRECTION, Event.CORRECTION_OFFSET), _of_corrections),
    ((Event.BANK_RETURN,), _of_bank_returns),
    (_SHRANK, _of_repayments),
)
