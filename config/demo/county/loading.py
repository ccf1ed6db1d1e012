"""Loading the demonstration county: everything in one transaction, or nothing."""

from dataclasses import dataclass
from datetime import date
from random import Random

from django.db import connection, transaction
from django.utils.translation import gettext as _

from claims.intake.models import Claim
from config.demo.county.accounts import make_staff
from config.demo.county.clock import clock_at, hour
from config.demo.county.days import play
from config.demo.county.ground import (
    enter_institutions,
    enter_policies,
    enter_rolls,
    set_up_bureau,
)
from config.demo.county.illness import Illnesses
from config.demo.county.people import draw_residents
from enrollment.models import Bureau, Institution, Person

_LOCK = 0x0DE40


class RealDataPresent(Exception):
    """The database holds residents that are not the demonstration's; nothing was written."""


@dataclass(frozen=True)
class DemoCounty:
    """What the database holds now, and whether this call put it there."""

    loaded: bool
    residents: int
    institutions: int
    claims: int


@dataclass(frozen=True)
class Scale:
    """How large the county is: residents, and working days played."""

    residents: int
    days: int


# One resident in a hundred of the real county's number.
SMALL = Scale(residents=4219, days=8)


def load_county(
    *, on: date, seed: int, scale: Scale, password: str, dry_run: bool = False
) -> DemoCounty:
    """Load the demonstration county as of the day `on`, once.

    The same `on`, `seed` and `scale` give the same county. A database that holds
    it already is left as it is. Raises RealDataPresent when there are residents that
    are not the demonstration's.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:  # of two loads at once, the second finds it done
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if Bureau.objects.filter(is_demonstration=True).exists():
            return _count(loaded=False)
        _require_empty()
        rng = Random(seed)  # noqa: S311 - invented people need no secrecy
        people = draw_residents(scale.residents, on=on, rng=rng)
        set_up_bureau()
        staff = make_staff(password)
        enter_policies(staff["benefit1"], staff["benefit2"], at=hour(on, 7))
        enter_institutions(on)
        with clock_at(hour(on, 7)):
            enter_rolls(people, on=on, at=hour(on, 7))
        play(staff, Illnesses(people, rng), on=on, count=scale.days)
        result = _count(loaded=True)
        transaction.set_rollback(dry_run)
    return result


def _require_empty() -> None:
    if Person.objects.exists():
        raise RealDataPresent(
            _(
                "This database holds residents that are not the demonstration's. Load the "
                "demonstration into an empty database: set DATABASE_URL or PORTAL_DATA_DIR."
            )
        )


def _count(*, loaded: bool) -> DemoCounty:
    return DemoCounty(
        loaded, Person.objects.count(), Institution.objects.count(), Claim.objects.count()
    )
