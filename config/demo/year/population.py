"""Those of the residents' facts that the year is drawn from, in columns: some bytes a head."""

from array import array
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.db import connection

from config.demo.county.people import Resident
from enrollment.privacy.crypto import digester

_BEARING = range(20, 43)  # years of age

_STAGE = """
    CREATE TEMPORARY TABLE demo_resident (
        nth integer NOT NULL, id_digest bytea NOT NULL
    ) ON COMMIT DROP
"""
_IDS = """
    SELECT p.id FROM demo_resident r JOIN enrollment_person p USING (id_digest) ORDER BY r.nth
"""


class Population:
    """Residents by their place in the order in which they were drawn.

    Attributes:
        sexes: 1 for a man.
        born: day of birth as an ordinal.
        townships: index into `divisions`.
        households: the running number of the household; its members follow each other.
        years: the first and the last benefit year of enrolment.
    """

    def __init__(self) -> None:
        self.sexes = bytearray()
        self.born = array("l")
        self.townships = bytearray()
        self.divisions: list[str] = []
        self.households = array("l")
        self.first_years = array("h")
        self.last_years = array("h")
        self._digests = bytearray()
        self._digest = digester("id")

    def __len__(self) -> int:
        return len(self.born)

    def add(self, resident: Resident) -> None:
        """Remember one more resident."""
        if resident.division not in self.divisions:
            self.divisions.append(resident.division)
        self.sexes.append(resident.sex == "male")
        self.born.append(resident.born_on.toordinal())
        self.townships.append(self.divisions.index(resident.division))
        self.households.append(int(resident.household_no[-6:]))
        self.first_years.append(min(resident.years))
        self.last_years.append(max(resident.years))
        self._digests += self._digest(resident.id_number)

    def age_on(self, nth: int, day: date) -> int:
        """Completed years of age."""
        born = date.fromordinal(self.born[nth])
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    def covered_on(self, nth: int, day: date) -> bool:
        """Enrolled for the day's year, and a few days old."""
        return (
            self.first_years[nth] <= day.year <= self.last_years[nth]
            and self.born[nth] <= (day - timedelta(4)).toordinal()
        )

    def births(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """(the mother's place, the day) of each child born in those days, a woman's first.

        Days are ordinals, both inclusive. The mother is the woman of childbearing age of the
        child's household; a child without one is left out.
        """
        known: set[int] = set()
        for child, born in enumerate(self.born):
            if first <= born <= last:
                mother = self._mother(child, date.fromordinal(born))
                if mother is not None and mother not in known:
                    known.add(mother)
                    yield mother, born

    def _mother(self, child: int, born_on: date) -> int | None:
        start = child
        while start and self.households[start - 1] == self.households[child]:
            start -= 1
        for nth in range(start, len(self)):
            if self.households[nth] != self.households[child]:
                break
            if not self.sexes[nth] and self.age_on(nth, born_on) in _BEARING:
                return nth
        return None

    def person_ids(self) -> Sequence[int]:
        """The primary key of each resident, in order; they must have been imported."""
        size = len(self._digests) // max(len(self), 1)

        def lines() -> Iterator[str]:
            for nth in range(len(self)):
                yield f"{nth}\t\\\\x{self._digests[nth * size : (nth + 1) * size].hex()}\n"

        with connection.cursor() as cursor:
            cursor.execute(_STAGE)
            with cursor.copy("COPY demo_resident (nth, id_digest) FROM STDIN") as copy:
                for line in lines():
                    copy.write(line)
            cursor.execute("ANALYZE demo_resident")
            cursor.execute(_IDS)
            ids = array("q", (pk for (pk,) in cursor))
            cursor.execute("DROP TABLE demo_resident")
        if len(ids) != len(self):
            raise LookupError(f"{len(self) - len(ids)} residents are not in the database")
        return ids
