"""What the funds paid this year, by month of settlement and layer, from the books."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import F, Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.ledger.models import Account, Posting
from claims.policies.language import reader_language
from claims.policies.selectors import current_scheme
from enrollment.access.models import User
from enrollment.boards.registry import Board, Figure, Row, Table
from enrollment.values.money import ZERO

Sums = Mapping[str, Decimal]


def fund_this_year(_user: User) -> Board:
    """Benefit expense of the year's entries; two statements, the bureau's scheme among them."""
    year = timezone.localdate().year
    names = {layer.code: layer.name.in_(reader_language()) for layer in current_scheme().layers}
    paid = paid_by_month(year)
    for layers in paid.values():
        for code in layers:
            names.setdefault(code, code)
    rows = [
        Row(f"{month:%Y-%m}", _cells(paid[month], names, month, _last_day(month)))
        for month in sorted(paid, reverse=True)
    ]
    whole: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
    for layers in paid.values():
        for code, amount in layers.items():
            whole[code] += amount
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows.append(Row(_("This year"), _cells(whole, names, first, last), is_total=True))
    return Board(
        "fund",
        _("Benefit expense this year"),
        table=Table(
            corner=_("Month of settlement"),
            columns=[*names.values(), _("In all")],
            rows=rows,
            formula=_(
                "Benefit expense in the books = debits − credits of the entries of the month; each"
                " figure opens its postings."
            ),
            nothing=_("Nothing was paid yet this year."),
        ),
    )


def paid_by_month(year: int) -> dict[date, dict[str, Decimal]]:
    """Benefit expense by first day of month and layer, in yuan; one statement."""
    rows = (
        Posting.objects.filter(
            account=Account.BENEFIT_EXPENSE,
            entry__on__gte=date(year, 1, 1),
            entry__on__lte=date(year, 12, 31),
        )
        .order_by()
        .values_list(TruncMonth("entry__on"), "layer")
        .annotate(paid=Sum(F("debit") - F("credit")))
    )
    found: defaultdict[date, dict[str, Decimal]] = defaultdict(dict)
    for month, layer, amount in rows:
        found[month][layer] = amount
    return dict(found)


def _cells(paid: Sums, names: Mapping[str, object], first: date, last: date) -> list[Figure]:
    """One figure for each layer, and their sum."""
    cells = [
        Figure("", paid.get(code, ZERO), postings_url(first, last, code) if code in paid else "")
        for code in names
    ]
    return [*cells, Figure("", sum(paid.values(), ZERO), postings_url(first, last))]


def postings_url(first: date, last: date, layer: str = "") -> str:
    """The list of the postings behind a figure."""
    query = {
        "account__exact": Account.BENEFIT_EXPENSE.value,
        "entry__on__gte": first.isoformat(),
        "entry__on__lte": last.isoformat(),
    }
    if layer:
        query["layer"] = layer
    return f"{reverse('admin:claims_posting_changelist')}?{urlencode(query)}"


def _last_day(first: date) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1])
