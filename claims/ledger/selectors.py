"""Reading the books."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from claims.ledger.models import Account, Book, Posting
from enrollment.values.money import ZERO


@dataclass(frozen=True)
class AccountBalance:
    """One line of a trial balance, in yuan; `balance` = debit − credit."""

    account: str
    label: str
    debit: Decimal
    credit: Decimal

    @property
    def balance(self) -> Decimal:
        """Debit minus credit."""
        return self.debit - self.credit


@dataclass(frozen=True)
class BookBalance:
    """The trial balance of one book (试算平衡表)."""

    book: str
    label: str
    accounts: tuple[AccountBalance, ...]

    @property
    def debit(self) -> Decimal:
        """All debits of the book."""
        return sum((line.debit for line in self.accounts), ZERO)

    @property
    def credit(self) -> Decimal:
        """All credits of the book."""
        return sum((line.credit for line in self.accounts), ZERO)

    @property
    def is_balanced(self) -> bool:
        """Whether debits equal credits."""
        return self.debit == self.credit


def trial_balance() -> list[BookBalance]:
    """Every book that has postings, in the order of `Book`; one statement."""
    sums = {
        (row["book"], row["account"]): row
        for row in Posting.objects.order_by()
        .values("book", "account")
        .annotate(debits=Sum("debit"), credits=Sum("credit"))
    }
    books = []
    for book in Book:
        lines = tuple(
            AccountBalance(
                account.value,
                str(account.label),
                sums[book.value, account.value]["debits"],
                sums[book.value, account.value]["credits"],
            )
            for account in Account
            if (book.value, account.value) in sums
        )
        if lines:
            books.append(BookBalance(book.value, str(book.label), lines))
    return books
