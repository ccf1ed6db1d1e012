"""Numbers of documents: `医保案〔2026〕1号`, counted by series and year without gaps."""

from django.db import transaction

from supervision.cases.models import NumberSeries

CASE_SERIES = "医保案"
PENALTY_SERIES = "医保罚"
AGREEMENT_SERIES = "医保协"


def next_number(series: str, year: int) -> str:
    """The next number of the series in the year.

    Call it inside the transaction that writes the document: the series is locked until then,
    so two documents never share a number and a failed one leaves no gap.
    """
    with transaction.atomic():
        NumberSeries.objects.get_or_create(key=series, year=year)
        row = NumberSeries.objects.select_for_update(no_key=True).get(key=series, year=year)
        row.last += 1
        row.save(update_fields=["last"])
    return f"{series}〔{year}〕{row.last}号"
