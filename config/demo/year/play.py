"""The year month by month: bills in, reviewed, settled, paid; what the bank failed, paid again."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from django.utils.translation import gettext as _

from claims.settlement.services import settle_up_to
from claims.uploads.services import upload_account
from config.demo.county.bank import Bank
from config.demo.county.clock import clock_at, hour, night_after
from config.demo.county.sources import InstitutionRow
from config.demo.county.stopwatch import Stopwatch
from config.demo.county.window import Staff
from config.demo.records.filings import Watched
from config.demo.records.keeping import Records
from config.demo.year.bills import Bills
from config.demo.year.illness import GENERAL, INPATIENT, SPECIAL, Bill, Stay, Year
from config.demo.year.months import Month
from config.demo.year.population import Population
from config.demo.year.sources import year_facts
from config.demo.year.spool import Spool
from config.demo.year.storing import store_approved
from enrollment.models import Institution

_FAILS_ONE_IN = 40  # payments to residents that the bank cannot make


@dataclass(frozen=True)
class PlayedYear:
    """The settlement runs of the year, who lay in hospital when, and who gave birth."""

    runs: tuple[int, ...]
    stays: Mapping[int, Sequence[Stay]]
    mothers: Collection[int]


def play_year(
    people: Population,
    *,
    residents: int,
    months: Sequence[Month],
    institutions: Sequence[InstitutionRow],
    staff: Staff,
    bank: Bank,
    numbers: Iterator[int],
    rng: Random,
    watch: Stopwatch,
) -> PlayedYear:
    """Put the report's volumes, for a county of so many residents, behind the demonstration.

    `numbers` are for the documents of certificates and referrals.
    """
    runs = []
    persons = people.person_ids()
    records = Records(people, months, staff, numbers=numbers, rng=rng)
    rechecks = [day for quarter in records.quarters for day in quarter.recheck]
    with TemporaryDirectory() as folder:
        with watch.stage("drawing", _("Drawing the year's bills …")):
            year = Year(people, months, Bills(institutions, people.divisions), rng, rechecks)
            spool, far = _spool(Path(folder), persons, months, staff, rng), Watched()
            for bills in draw(year, residents):
                spool.write(far.passing(bills))
        with watch.stage("records", _("Certificates and filings …")):
            records.keep(year, far.stays, persons)
        for month in months:
            watch.tell(_("%(month)s: storing, settling, paying …") % {"month": month})
            with watch.stage("claims"):
                reviewers = (staff["reviewer1"].pk, staff["reviewer2"].pk)
                store_approved(spool.lines(month), reviewers=reviewers)
            with watch.stage("settlement"):
                runs.append(_settle(month.closes_on))
            with watch.stage("payment"):
                _pay(bank, month.paid_on)
    return PlayedYear(tuple(runs), year.stays, year.mothers)


def draw(year: Year, residents: int) -> Iterator[Iterable[Bill]]:
    """The bills of the report's volumes, for a county of so many residents.

    Births count among the stays, medicines for the two diseases among the visits.
    """
    facts = year_facts()
    volume = {kind: facts.scaled(target.count, residents) for kind, target in facts.targets.items()}
    medicines = volume[GENERAL] * facts.medicines // 100
    births = list(year.births())
    yield births
    patients = facts.scaled(facts.patients, residents)
    yield year.inpatient(volume[INPATIENT] - len(births), patients)
    yield year.special(volume[SPECIAL])
    yield year.medicines(medicines)
    yield year.general(volume[GENERAL] - medicines)


def _spool(
    folder: Path, persons: Sequence[int], months: Sequence[Month], staff: Staff, rng: Random
) -> Spool:
    return Spool(
        folder,
        months,
        persons=persons,
        institutions=dict(Institution.objects.values_list("code", "pk")),
        clerks=(staff["clerk1"].pk, staff["clerk2"].pk),
        uploader=upload_account().pk,
        rng=rng,
    )


def _settle(day: date) -> int:
    with clock_at(night_after(day)):
        run = settle_up_to(day, actor=None, at=night_after(day)).run
    return int(run.pk)


def _pay(bank: Bank, day: date) -> None:
    """The working day after: last month's failures again, then everything to the bank."""
    with clock_at(hour(day, 16)):
        bank.correct_failed(at=hour(day, 9, 5))
        bank.put_together(at=hour(day, 9, 20))
        fails = -(-bank.residents_waiting // _FAILS_ONE_IN)
        bank.pay(at=hour(day, 10), fails=fails)
