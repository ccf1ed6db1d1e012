"""The same roll through django-import-export with full validation, row by row.

What the roll would cost as an interactive import of the library that the portal uses for small
files: a `ModelResource` into the same tables, each row looked up, validated by `full_clean` and
saved with its household, enrolment and identity, all in one transaction. What a row says is read
by the functions that the roll uses itself.
"""

import csv
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import tablib
from import_export import fields, resources
from import_export.widgets import CharWidget

from enrollment.coverage.models import Enrolment
from enrollment.divisions.models import Division
from enrollment.divisions.selectors import DivisionBook, own_county
from enrollment.privacy.crypto import digest
from enrollment.residents.models import AssistanceIdentity, Household, Person
from enrollment.roll.columns import CATEGORIES
from enrollment.sheets import parse_day
from enrollment.values.identifiers import normalise_account
from enrollment.values.money import parse_amount
from enrollment.values.resident_ids import read_resident_id


class ResidentResource(resources.ModelResource):
    """One resident a row, with what the portal keeps about them."""

    id_number = fields.Field("id_number", "id_number", CharWidget())

    class Meta:
        model = Person
        fields = ("id_number", "name", "sex", "phone", "account_no", "account_name")
        clean_model_instances = True
        use_transactions = True

    def __init__(self, year: int) -> None:
        """Take the benefit year."""
        super().__init__()
        self.year = year
        self.book = DivisionBook(own_county())
        self.divisions = {one.code: one for one in Division.objects.all()}

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        """Read the row; whatever is at fault raises and makes it an error of the row."""
        number, born_on, is_male = read_resident_id(row["证件号码"])
        sex = {True: "male", False: "female"}[is_male]
        if row["性别"] and {"男": "male", "女": "female"}[row["性别"]] != sex:
            raise ValueError("sex")
        if row["出生日期"] and parse_day(row["出生日期"]) != date.fromisoformat(born_on):
            raise ValueError("date of birth")
        account = normalise_account(row["银行账号"]) if row["银行账号"] else ""
        row.update(
            id_number=number,
            name=row["姓名"],
            sex=sex,
            born_on=born_on,
            division=self.divisions[self.book.find(row["行政区划"])],
            phone=row["联系电话"],
            account_no=account,
            account_name=row["开户名"] if account else "",
            category=CATEGORIES[row["人员类别"] or "ordinary"],
            paid=parse_amount(row["个人缴费"]) if row["个人缴费"] else None,
            paid_on=parse_day(row["缴费日期"]) if row["缴费日期"] else None,
        )

    def get_instance(self, loader: Any, row: dict[str, Any]) -> Person | None:
        """The resident of the row's number, when known."""
        return Person.objects.filter(id_digest=digest(row["id_number"], "id")).first()

    def before_save_instance(self, instance: Person, row: dict[str, Any], **kwargs: Any) -> None:
        """What the library's validation has not seen."""
        instance.household, _created = Household.objects.get_or_create(
            number=row["户编号"], defaults={"division": instance.division}
        )

    def import_instance(self, instance: Person, row: dict[str, Any], **kwargs: Any) -> None:
        """The library's fields, and those that come from the number."""
        instance.id_digest = digest(row["id_number"], "id")
        instance.last4_digest = digest(row["id_number"][-4:], "last4")
        instance.born_on = date.fromisoformat(row["born_on"])
        instance.division = row["division"]
        super().import_instance(instance, row, **kwargs)

    def after_save_instance(self, instance: Person, row: dict[str, Any], **kwargs: Any) -> None:
        """Enrolment and identity of the year, each validated."""
        first, last = date(self.year, 1, 1), date(self.year, 12, 31)
        enrolment = Enrolment.objects.filter(person=instance, year=self.year).first()
        enrolment = enrolment or Enrolment(person=instance, year=self.year)
        enrolment.category = row["category"]
        enrolment.starts_on, enrolment.ends_on = max(first, instance.born_on), last
        enrolment.paid, enrolment.paid_on = row["paid"], row["paid_on"]
        enrolment.full_clean()
        enrolment.save()
        if row["category"] != "ordinary":
            known = AssistanceIdentity.objects.filter(person=instance, kind=row["category"])
            if not known.exists():
                identity = AssistanceIdentity(
                    person=instance, kind=row["category"], starts_on=first, ends_on=last
                )
                identity.full_clean()
                identity.save()


def by_import_export(path: Path, year: int) -> tuple[float, int]:
    """Seconds of one pass and the rows that came in; the confirm step would be a second pass."""
    started = perf_counter()
    with path.open(encoding="utf-8-sig", newline="") as stream:
        header, *lines = list(csv.reader(stream))
    data = tablib.Dataset(*lines, headers=header)
    result = ResidentResource(year).import_data(data, dry_run=False, raise_errors=False)
    return perf_counter() - started, result.totals["new"]
