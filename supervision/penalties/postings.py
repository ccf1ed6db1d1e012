"""The ledger entries of recoveries and fines: two books, no entry in both.

| event | book | debit | credit |
|---|---|---|---|
| recovery ordered | fund | recoveries receivable | recovery income |
| recovery received | fund | fiscal special account | recoveries receivable |
| fine imposed | state treasury | fines receivable | fines due to the treasury |
| fine received | state treasury | treasury account | fines receivable |
"""

from datetime import date, datetime

from claims.ledger.models import Account, Book
from claims.ledger.services import Line, post_entry
from supervision.penalties.models import Fine, FineReceipt, Recovery, RecoveryReceipt


def post_recovery(row: Recovery) -> None:
    """A recovery was ordered."""
    _post(
        row,
        "recovery",
        row.number,
        on=row.decided_on,
        at=row.decided_at,
        book=Book.FUND,
        debit=Account.RECOVERIES_RECEIVABLE,
        credit=Account.RECOVERY_INCOME,
        institution_id=row.institution_id,
    )


def post_recovery_receipt(row: RecoveryReceipt) -> None:
    """Money of a recovery came in."""
    _post(
        row,
        "recovery_receipt",
        f"{row.recovery.number} {row.voucher}",
        on=row.received_on,
        at=row.recorded_at,
        book=Book.FUND,
        debit=Account.FISCAL_ACCOUNT,
        credit=Account.RECOVERIES_RECEIVABLE,
        institution_id=row.recovery.institution_id,
    )


def post_fine(row: Fine) -> None:
    """A fine was imposed."""
    _post(
        row,
        "fine",
        row.number,
        on=row.decided_on,
        at=row.decided_at,
        book=Book.STATE_TREASURY,
        debit=Account.FINES_RECEIVABLE,
        credit=Account.FINES_DUE_TO_TREASURY,
        institution_id=row.institution_id,
    )


def post_fine_receipt(row: FineReceipt) -> None:
    """Money of a fine came in."""
    _post(
        row,
        "fine_receipt",
        f"{row.fine.number} {row.voucher}",
        on=row.received_on,
        at=row.recorded_at,
        book=Book.STATE_TREASURY,
        debit=Account.TREASURY_ACCOUNT,
        credit=Account.FINES_RECEIVABLE,
        institution_id=row.fine.institution_id,
    )


def _post(
    row: Recovery | RecoveryReceipt | Fine | FineReceipt,
    source: str,
    description: str,
    *,
    on: date,
    at: datetime,
    book: Book,
    debit: Account,
    credit: Account,
    institution_id: int,
) -> None:
    """One entry of two lines in one book."""
    post_entry(
        source=source,
        source_key=str(row.pk),
        on=on,
        description=description,
        lines=[
            Line(book, debit, debit=row.amount, institution_id=institution_id),
            Line(book, credit, credit=row.amount, institution_id=institution_id),
        ],
        at=at,
    )
