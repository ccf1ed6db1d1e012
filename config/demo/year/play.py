"""The year month by month: bills in, reviewed, settled, paid; what the bank failed, paid again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from django.utils.translation import gettext as _

from claims.settlement.services import settle_up_to
from claims.uploads.services import upload_account
from config.demo.county.bank import Bank
from config.demo.county.clock import clock_at, hour
from config.demo.county.sources import InstitutionRow
from config.demo.county.stopwatch import Stopwatch
from config.demo.county.window import Staff
from config.demo.year.bills import Bills
from config.demo.year.illness import GENERAL, INPATIENT, SPECIAL, Stay, Year
from config.demo.year.months import Month
from config.demo.year.population import Population
from config.demo.year.sources import year_facts
from config.demo.year.spool import Spool
from config.demo.year.storing import store_approved
from enrollment.models import Institution

_FAILS_ONE_IN = 40  # payments to residents that the bank cannot make


@dataclass(frozen=True)
class PlayedYear:
    """The settlement runs of the year, and who lay in hospital when."""

    runs: tuple[int, ...]
    stays: Mapping[int, Sequence[Stay]]


def play_year(
    people: Population,
    *,
    residents: int,
    months: Sequence[Month],
    institutions: Sequence[InstitutionRow],
    staff: Staff,
    bank: Bank,
    rng: Random,
    watch: Stopwatch,
) -> PlayedYear:
    """Put the report's volumes, for a county of so many residents, behind the demonstration."""
    runs = []
    with TemporaryDirectory() as folder:
        with watch.stage("drawing", _("Drawing the year's bills …")):
            year = Year(people, months, Bills(institutions, people.divisions), rng)
            spool = _spool(Path(folder), people, months, staff, rng)
            facts = year_facts()
            volume = {
                kind: facts.scaled(target.count, residents)
                for kind, target in facts.targets.items()
            }
            patients = facts.scaled(facts.patients, residents)
            spool.write(year.inpatient(volume[INPATIENT], patients))
            spool.write(year.special(volume[SPECIAL]))
            spool.write(year.general(volume[GENERAL]))
        for month in months:
            watch.tell(_("%(month)s: storing, settling, paying …") % {"month": month})
            with watch.stage("claims"):
                reviewers = (staff["reviewer1"].pk, staff["reviewer2"].pk)
                store_approved(spool.lines(month), reviewers=reviewers)
            with watch.stage("settlement"):
                runs.append(_settle(month.closes_on))
            with watch.stage("payment"):
                _pay(bank, month.paid_on)
    return PlayedYear(tuple(runs), year.stays)


def _spool(
    folder: Path, people: Population, months: Sequence[Month], staff: Staff, rng: Random
) -> Spool:
    return Spool(
        folder,
        months,
        persons=people.person_ids(),
        institutions=dict(Institution.objects.values_list("code", "pk")),
        clerks=(staff["clerk1"].pk, staff["clerk2"].pk),
        uploader=upload_account().pk,
        rng=rng,
    )


def _settle(day: date) -> int:
    with clock_at(hour(day, 22, 30)):
        run = settle_up_to(day, actor=None, at=hour(day, 22, 30)).run
    return int(run.pk)


def _pay(bank: Bank, day: date) -> None:
    """The working day after: last month's failures again, then everything to the bank."""
    with clock_at(hour(day, 16)):
        bank.correct_failed(at=hour(day, 9, 5))
        bank.put_together(at=hour(day, 9, 20))
        fails = -(-bank.residents_waiting // _FAILS_ONE_IN)
        bank.pay(at=hour(day, 10), fails=fails)
