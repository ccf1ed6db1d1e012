"""The colours of batches and orders."""

from claims.payments.models import BatchState, OrderState
from enrollment.desk.tags import Tone

BATCH_TONES: dict[str, Tone] = {
    BatchState.DRAFT: Tone.AMBER,
    BatchState.APPROVED: Tone.BLUE,
    BatchState.SENT: Tone.BLUE,
    BatchState.CLOSED: Tone.GREEN,
    BatchState.CANCELLED: Tone.NEUTRAL,
}
ORDER_TONES: dict[str, Tone] = {
    OrderState.PENDING: Tone.AMBER,
    OrderState.BATCHED: Tone.BLUE,
    OrderState.PAID: Tone.GREEN,
    OrderState.FAILED: Tone.RED,
    OrderState.REPLACED: Tone.NEUTRAL,
    OrderState.SET_OFF: Tone.NEUTRAL,
}
