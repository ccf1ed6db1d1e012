"""Rows with their first step logged, by the thousand."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model

from enrollment.transitions.models import TransitionRow

_PIECE = 1000


def store_with_steps(rows: Sequence[Model], steps: Sequence[TransitionRow]) -> None:
    """Store the rows, then the steps that name them; what services do one by one."""
    for piece in (rows, steps):
        if piece:
            stored: Any = type(piece[0])
            stored._default_manager.bulk_create(piece, batch_size=_PIECE)
