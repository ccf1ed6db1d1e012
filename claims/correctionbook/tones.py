"""The colours of a correction's states."""

from claims.corrections.models import CorrectionState
from enrollment.desk.tags import Tone

CORRECTION_TONES: dict[str, Tone] = {
    CorrectionState.PROPOSED: Tone.AMBER,
    CorrectionState.APPROVED: Tone.GREEN,
    CorrectionState.REJECTED: Tone.RED,
    CorrectionState.WITHDRAWN: Tone.NEUTRAL,
}
