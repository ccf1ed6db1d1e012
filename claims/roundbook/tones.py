"""The colours of rounds and of what came of their years."""

from claims.rounds.models import RoundState, RoundYear
from enrollment.desk.tags import Tone

ROUND_TONES: dict[str, Tone] = {
    RoundState.SEARCHING: Tone.BLUE,
    RoundState.READY: Tone.AMBER,
    RoundState.POSTING: Tone.BLUE,
    RoundState.REJECTING: Tone.BLUE,
    RoundState.DONE: Tone.GREEN,
}
OUTCOME_TONES: dict[str, Tone] = {
    RoundYear.Outcome.WAITING: Tone.NEUTRAL,
    RoundYear.Outcome.UNCHANGED: Tone.NEUTRAL,
    RoundYear.Outcome.PROPOSED: Tone.AMBER,
    RoundYear.Outcome.REFUSED: Tone.RED,
    RoundYear.Outcome.POSTED: Tone.GREEN,
    RoundYear.Outcome.REJECTED: Tone.NEUTRAL,
    RoundYear.Outcome.STALE: Tone.RED,
    RoundYear.Outcome.APART: Tone.NEUTRAL,
}
