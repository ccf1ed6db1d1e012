"""Who is said to have given birth, for the rules."""

from collections.abc import Collection
from datetime import date

from claims.intake.rules import Mother
from enrollment.models import LegalParameter, Person
from enrollment.parameters.selectors import Code
from enrollment.values.ages import age_on


class Mothers:
    """Sex and age of residents with births, and the usual ages of any day; two statements."""

    def __init__(self, person_ids: Collection[int]) -> None:
        persons = Person.objects.filter(pk__in=person_ids).values_list("pk", "sex", "born_on")
        self._persons = {pk: (sex, born_on) for pk, sex, born_on in persons}
        rows = LegalParameter.objects.in_force().filter(
            code__in=(Code.BIRTH_AGE_FROM, Code.BIRTH_AGE_TO)
        )
        self._ages = list(rows.order_by("starts_on").values_list("code", "starts_on", "value"))

    def of(self, person_id: int, day: date) -> Mother:
        """The resident on the day of discharge; the usual ages where both are entered."""
        sex, born_on = self._persons[person_id]
        ages = {code: int(value) for code, starts_on, value in self._ages if starts_on <= day}
        first, last = ages.get(Code.BIRTH_AGE_FROM), ages.get(Code.BIRTH_AGE_TO)
        return Mother(
            is_female=sex == Person.Sex.FEMALE,
            age=age_on(born_on, day),
            usual=None if first is None or last is None else (first, last),
        )
