"""Which filing covers a claim."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from claims.outofarea.models import AreaFiling, FilingRule
from claims.outofarea.rules import Filed, Recorded, area_of, best_filing, effective_filing
from enrollment.models import Institution


def filing_rule_on(day: date) -> FilingRule | None:
    """The rule in force on the day; None before the first one. One statement."""
    return FilingRule.objects.filter(starts_on__lte=day).order_by("-starts_on").first()


class Filings:
    """The filings of some residents, and the days from which claims follow them.

    Two statements, whatever the number of residents; one while claims never follow them.
    """

    def __init__(self, person_ids: Collection[int]) -> None:
        rows = FilingRule.objects.order_by("starts_on")
        self._checks = list(rows.values_list("starts_on", "checks_claims"))
        self._filed: defaultdict[int, list[Filed]] = defaultdict(list)
        columns = ("pk", "kind", "starts_on", "ends_on", "withdrawn_from", "area_code")
        filings = AreaFiling.objects.filter(person_id__in=person_ids)
        if not any(checked for _day, checked in self._checks):
            return
        for person_id, *facts in filings.values_list("person_id", *columns, "institution_id"):
            self._filed[person_id].append(Filed(*facts))

    def covering(self, person_id: int, institution: Institution, day: date) -> Filed | None:
        """The best filing for a service of the day at the institution."""
        area = area_of(institution.division_id or "", institution.code)
        return best_filing(self._filed.get(person_id, ()), day, institution.pk, area)

    def is_checked(self, day: date) -> bool:
        """Whether claims of that day follow the filings."""
        begun = [checked for starts_on, checked in self._checks if starts_on <= day]
        return bool(begun) and begun[-1]

    def effective(self, person_id: int, institution: Institution, day: date, entered: str) -> str:
        """What a stay outside the county is calculated with."""
        found = self.covering(person_id, institution, day)
        return effective_filing(entered, found, is_checked=self.is_checked(day))

    def recorded(
        self, person_id: int, institution: Institution, day: date, entered: str
    ) -> Recorded | None:
        """What the record makes of a stay; None while claims of that day do not follow it."""
        if not self.is_checked(day):
            return None
        found = self.covering(person_id, institution, day)
        return Recorded(effective_filing(entered, found, is_checked=True), found is not None)


def filings_of(person_id: int) -> Sequence[AreaFiling]:
    """A resident's filings, newest first; one statement."""
    rows = AreaFiling.objects.filter(person_id=person_id)
    return list(rows.select_related("institution", "referred_by").order_by("-starts_on", "-id"))
