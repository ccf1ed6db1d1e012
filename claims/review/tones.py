"""What a claim's state looks like: the same tone everywhere."""

from claims.intake.models import ClaimState
from enrollment.desk.tags import Tone

STATE_TONES: dict[str, Tone] = {
    ClaimState.SUBMITTED: Tone.BLUE,
    ClaimState.CHECKED: Tone.BLUE,
    ClaimState.RETURNED: Tone.AMBER,
    ClaimState.APPROVED: Tone.GREEN,
    ClaimState.HELD: Tone.AMBER,
    ClaimState.SETTLED: Tone.GREEN,
    ClaimState.REJECTED: Tone.RED,
    ClaimState.REVERSED: Tone.RED,
}
