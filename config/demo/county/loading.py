"""Loading the demonstration county: everything in one transaction, or nothing."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from django.db import connection, transaction
from django.utils.translation import gettext as _

from claims.intake.models import Claim
from claims.ledger.checks import verify
from config.demo.county.accounts import make_staff
from config.demo.county.bank import Bank
from config.demo.county.benefits import Benefits
from config.demo.county.clock import clock_at, hour, working_days_before
from config.demo.county.days import play
from config.demo.county.ground import (
    enter_institutions,
    enter_policies,
    import_rolls,
    set_up_bureau,
    write_rolls,
)
from config.demo.county.illness import Illnesses
from config.demo.county.people import Resident, draw_residents
from config.demo.county.places import full_institutions
from config.demo.county.rounds import Rounds
from config.demo.county.sources import InstitutionRow, institutions
from config.demo.county.stopwatch import Stopwatch, Tell
from config.demo.year.calibration import Nearness, compare
from config.demo.year.illness import Stay
from config.demo.year.months import months_before
from config.demo.year.play import play_year
from config.demo.year.population import Population
from config.demo.year.sources import year_facts
from enrollment.coverage.models import Enrolment
from enrollment.models import Bureau, Institution, Person

_LOCK = 0x0DE40
# Residents of whom the last days are played one by one; one household in so many of a large county.
_PLAYED = 4500


class RealDataPresent(Exception):
    """The database holds residents that are not the demonstration's; nothing was written."""


@dataclass(frozen=True)
class DemoCounty:
    """What the database holds now, and whether this call put it there.

    `residents` are enrolled for the year, `special` of them are in a special group. When
    loaded by this call: how near the settled year came to the report, the seconds of each
    stage, and whether the ledger proved true.
    """

    loaded: bool
    residents: int
    special: int
    institutions: int
    claims: int
    year: Sequence[Nearness] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    proved: bool = True


@dataclass(frozen=True)
class Scale:
    """How large the county is.

    Residents enrolled, working days played, its institutions, inspection rounds a year.
    """

    residents: int
    days: int
    institutions: Callable[[], Sequence[InstitutionRow]] = institutions
    rounds: int = 1


# One resident in a hundred of the real county's number.
SMALL = Scale(residents=4_219, days=8)
# The county of the report, as large as it is.
FULL = Scale(residents=421_900, days=8, institutions=full_institutions, rounds=2)


def load_county(
    *,
    on: date,
    seed: int,
    scale: Scale,
    password: str,
    dry_run: bool = False,
    tell: Tell = lambda _words: None,
) -> DemoCounty:
    """Load the demonstration county as of the day `on`, once.

    The same `on`, `seed` and `scale` give the same county. A database that holds
    it already is left as it is. `tell` hears what is being done. Raises RealDataPresent when
    there are residents that are not the demonstration's.
    """
    watch = Stopwatch(tell)
    with transaction.atomic():
        with connection.cursor() as cursor:  # of two loads at once, the second finds it done
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if Bureau.objects.filter(is_demonstration=True).exists():
            return _as_it_is(on.year)
        _require_empty()
        result = _load(on, Random(seed), scale, password, watch)  # noqa: S311 - invented
        transaction.set_rollback(dry_run)
    if not dry_run and not connection.in_atomic_block:
        with watch.stage("tidying", _("Tidying the tables …")), connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # or the first pages would be slow until it is done
    return result


def _load(on: date, rng: Random, scale: Scale, password: str, watch: Stopwatch) -> DemoCounty:
    rows = scale.institutions()
    set_up_bureau()
    staff = make_staff(password)
    enter_policies(staff["benefit1"], staff["benefit2"], at=hour(on, 7))
    with watch.stage("institutions", _("Importing institutions …")):
        enter_institutions(rows, on)
    crowd = _Crowd(scale.residents)
    drawn = draw_residents(
        scale.residents,
        special=year_facts().scaled(year_facts().special, scale.residents),
        on=on,
        rng=rng,
    )
    with TemporaryDirectory() as folder:
        with watch.stage("residents", _("Drawing the residents …")):
            paths = write_rolls(crowd.passing(drawn), Path(folder), on=on)
        with watch.stage("roll", _("Importing the rolls of two years …")), clock_at(hour(on, 7)):
            import_rolls(paths, at=hour(on, 7))
            _analyze()
    bank, numbers = Bank(staff), count(1)
    months = months_before(working_days_before(on, scale.days)[0])
    benefits = Benefits(staff, since=months[0].first, numbers=numbers)
    played_year = play_year(
        crowd.population,
        residents=scale.residents,
        months=months,
        institutions=rows,
        staff=staff,
        bank=bank,
        numbers=numbers,
        rng=rng,
        watch=watch,
    )
    with watch.stage("inspections", _("Visiting the institutions …")):
        Rounds(staff, rng, on=on).play(rows, times=scale.rounds)
    with watch.stage("last_days", _("Playing the last working days …")):
        illnesses = Illnesses(
            crowd.played,
            rng,
            crowd.stays(played_year.stays),
            crowd.those(played_year.mothers),
        )
        play(staff, bank, illnesses, benefits, on=on, count=scale.days)
        benefits.play_windows(crowd.played, on=on)
    with watch.stage("proof", _("Proving the ledger …")):
        proved = all(check.ok for check in verify())
        year = compare(played_year.runs, residents=scale.residents)
    return replace(_as_it_is(on.year), loaded=True, year=year, seconds=watch.seconds, proved=proved)


class _Crowd:
    """The residents as they pass by: all in columns, those who are played one by one whole."""

    def __init__(self, expected: int) -> None:
        self.population = Population()
        self.played: list[Resident] = []
        self._places: list[int] = []
        self._one_in = max(1, expected // _PLAYED)

    def passing(self, residents: Iterator[Resident]) -> Iterator[Resident]:
        """The same residents, remembered."""
        for resident in residents:
            if int(resident.household_no[-6:]) % self._one_in == 0:
                self._places.append(len(self.population))
                self.played.append(resident)
            self.population.add(resident)
            yield resident

    def stays(self, of_all: Mapping[int, Sequence[Stay]]) -> dict[str, list[tuple[date, date]]]:
        """Days in hospital of those who are played, by identity number."""
        return {
            resident.id_number: [
                (date.fromordinal(stay.first), date.fromordinal(stay.last))
                for stay in of_all.get(place, ())
            ]
            for place, resident in zip(self._places, self.played, strict=True)
        }

    def those(self, places: Collection[int]) -> set[str]:
        """The identity numbers of those who are played."""
        pairs = zip(self._places, self.played, strict=True)
        return {resident.id_number for place, resident in pairs if place in places}


def _analyze() -> None:
    """Let the database know how many residents there are before claims are matched with them."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _require_empty() -> None:
    if Person.objects.exists():
        raise RealDataPresent(
            _(
                "This database holds residents that are not the demonstration's. Load the "
                "demonstration into an empty database: set DATABASE_URL or PORTAL_DATA_DIR."
            )
        )


def _as_it_is(year: int) -> DemoCounty:
    enrolled = Enrolment.objects.filter(year=year, status=Enrolment.Status.ACTIVE)
    return DemoCounty(
        loaded=False,
        residents=enrolled.count(),
        special=enrolled.exclude(category=Enrolment.Category.ORDINARY).count(),
        institutions=Institution.objects.count(),
        claims=Claim.objects.count(),
    )
