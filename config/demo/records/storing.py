"""Planned filings into the tables, with each step logged; by the thousand."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from claims.outofarea.models import AreaFiling, FilingKind, FilingState, FilingTransition
from claims.outofarea.services import withdraw_filing
from config.demo.county.clock import hour
from config.demo.records.filings import PLACES, Planned
from config.demo.records.steps import store_with_steps
from enrollment.models import Institution, User

_REFERRING = ("H43312700001", "H43312700002", "H43312700003")


def store_filings(
    planned: Sequence[Planned],
    *,
    persons: Sequence[int],
    clerks: Sequence[User],
    numbers: Iterator[int],
) -> None:
    """As `file_outside_care` and `withdraw_filing`; `persons` are keys by the residents' places."""
    institutions = {one.code: one for one in Institution.objects.filter(in_county=False)}
    referring = list(Institution.objects.filter(code__in=_REFERRING).order_by("code"))
    rows = [
        AreaFiling(
            person_id=persons[one.nth],
            kind=one.kind,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            place=PLACES[one.area],
            area_code="" if one.institution else one.area,
            institution=institutions.get(one.institution),
            filed_by=clerks[place % len(clerks)],
            filed_at=hour(one.filed_on, 8, 30 + place % 510),
            **_letter(one, referring, place, numbers),
        )
        for place, one in enumerate(planned)
    ]
    steps = [
        FilingTransition(
            subject=row,
            action="file",
            to_state=FilingState.FILED,
            actor=row.filed_by,
            at=row.filed_at,
        )
        for row in rows
    ]
    store_with_steps(rows, steps)
    for row, one in zip(rows, planned, strict=True):
        if one.withdrawn_from is not None:
            _withdraw(row, one.withdrawn_from)


def _letter(
    one: Planned, referring: Sequence[Institution], place: int, numbers: Iterator[int]
) -> Mapping[str, object]:
    if one.kind != FilingKind.REFERRAL:
        return {}
    return {
        "referred_by": referring[place % len(referring)],
        "letter_no": f"转〔{one.starts_on.year}〕{next(numbers)}号",
        "letter_on": one.starts_on,
    }


def _withdraw(filing: AreaFiling, day: date) -> None:
    withdraw_filing(
        filing,
        withdrawn_from=day,
        note="已返回本县居住。",
        actor=filing.filed_by,
        at=hour(day, 10),
    )
