"""Finance and the bank."""

from datetime import datetime

from config.demo.county.window import Staff


class Bank:
    """Two members of finance, and the bank's answers."""

    def __init__(self, staff: Staff) -> None:
        self._staff = staff

    def correct_failed(self, *, at: datetime) -> None:
        """Correct."""

    def put_together(self, *, at: datetime) -> None:
        """Batch."""

    def pay(self, *, at: datetime, fails: bool) -> None:
        """Pay."""
