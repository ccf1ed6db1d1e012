"""What an entry comes from, in the reader's words."""

from collections.abc import Callable, Iterator, Sequence

from django.utils.translation import gettext as _

from claims.corrections.models import Correction
from claims.ledger.models import Entry, Event, Payer, Posting
from claims.overpayments.models import Repayment
from claims.payments.models import BankReturn
from claims.policies.language import reader_language
from claims.policies.selectors import layer_name


def origin_words(entry: Entry, postings: Sequence[Posting]) -> str:
    """Record, institution, layer and payer behind an entry, as far as its event has them.

    `postings` are the entry's own, with their institutions. An event of a room above this one
    is named by what its description says: the number of the recovery or the fine.
    """
    words = _WORDS.get(Event(entry.source), _described)
    return " · ".join(words(entry, postings))


def _of_settlement(entry: Entry, postings: Sequence[Posting]) -> Iterator[str]:
    run, _institution, layer, payer = entry.source_key.split(":")
    yield _("Settlement run %(run)s") % {"run": run}
    yield from _institutions(postings)
    yield from _layer_and_payer(layer, payer)


def _of_correction(entry: Entry, postings: Sequence[Posting]) -> Iterator[str]:
    number, whose, layer, payer = entry.source_key.split(":")
    yield _("Correction %(number)s") % {"number": Correction(pk=int(number))}
    yield from _resident() if whose.startswith("P") else _institutions(postings)
    yield from _layer_and_payer(layer, payer)


def _of_bank_return(entry: Entry, _postings: Sequence[Posting]) -> Iterator[str]:
    key, day = entry.source_key.split(":")
    kept = BankReturn.objects.select_related("batch").get(pk=key)
    yield _("Bank return of batch %(batch)s") % {"batch": kept.batch}
    yield _("paid on %(day)s") % {"day": day}


def _of_repayment(entry: Entry, postings: Sequence[Posting]) -> Iterator[str]:
    row = Repayment.objects.select_related("overpayment").get(pk=entry.source_key)
    owed = row.overpayment
    yield _("Overpayment %(number)s") % {"number": owed}
    yield from _resident() if owed.institution_id is None else _institutions(postings)
    yield from _layer_and_payer(owed.layer, owed.payer)


def _described(entry: Entry, postings: Sequence[Posting]) -> Iterator[str]:
    yield entry.description
    yield from _institutions(postings)


def _resident() -> Iterator[str]:
    """Who reads the books need not learn which resident it is; the record's own page says so."""
    yield _("Resident")


def _institutions(postings: Sequence[Posting]) -> Iterator[str]:
    """Each institution of the postings once."""
    named = (str(posting.institution) for posting in postings if posting.institution_id)
    yield from dict.fromkeys(named)


def _layer_and_payer(layer: str, payer: str) -> Iterator[str]:
    yield layer_name(layer, reader_language())
    yield str(Payer(payer).label)


_WORDS: dict[Event, Callable[[Entry, Sequence[Posting]], Iterator[str]]] = {
    Event.SETTLEMENT: _of_settlement,
    Event.CORRECTION: _of_correction,
    Event.CORRECTION_OFFSET: _of_correction,
    Event.BANK_RETURN: _of_bank_return,
    Event.REPAYMENT: _of_repayment,
    Event.OVERPAYMENT_SET_OFF: _of_repayment,
    Event.OVERPAYMENT_WRITE_OFF: _of_repayment,
}
