"""What the demonstration has instead of a bank."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from claims.payments.exchange import write_bank_file
from claims.payments.models import BatchState, PaymentBatch
from config.demo.county.bank import bank_answer
from enrollment.bureau.selectors import current_bureau
from enrollment.models import User


def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """What a bank would say to a sent batch: all paid, or with `?failing=1` all but the first.

    404 outside the demonstration: a real bank answers for itself. Changes nothing.
    """
    if not current_bureau().is_demonstration:
        raise Http404
    batch = get_object_or_404(PaymentBatch, pk=pk, state=BatchState.SENT)
    if not isinstance(request.user, User):
        raise TypeError("a bank file needs a member of staff")
    sent = write_bank_file(batch, actor=request.user, at=timezone.now())
    failing = 1 if request.GET.get("failing") == "1" else 0
    return HttpResponse(
        bank_answer(sent, on=timezone.localdate().isoformat(), failing=failing),
        content_type="text/csv; charset=gb18030",
        headers={"Content-Disposition": f'attachment; filename="{batch.number}-return.csv"'},
    )
