"""Whether two stays in hospital meet; pure."""

from enrollment.values.periods import Period


def stays_overlap(first: Period, second: Period) -> bool:
    """Whether two stays share more than a day of transfer.

    >>> from datetime import date
    >>> day = date(2026, 9, 5)
    >>> stays_overlap(Period(date(2026, 9, 1), day), Period(day, date(2026, 9, 9)))
    False
    >>> stays_overlap(Period(date(2026, 9, 1), date(2026, 9, 9)), Period(day, day))
    True
    """
    first_low, first_high = _half_days(first)
    second_low, second_high = _half_days(second)
    return first_low < second_high and second_low < first_high


def _half_days(stay: Period) -> tuple[int, int]:
    """The same half-open range as `claims.intake.expressions.StayRange`."""
    first = stay.starts_on.toordinal()
    last = (stay.ends_on or stay.starts_on).toordinal()
    return 2 * first + int(first < last), 2 * last + int(first == last)
