"""Records for tests: small, valid and the same on every run."""

from collections.abc import Iterable
from datetime import date
from itertools import count
from typing import Any

from django.contrib.auth.models import Permission

from enrollment.access.models import User
from enrollment.bureau.models import Bureau
from enrollment.coverage.models import Enrolment
from enrollment.divisions.models import Division
from enrollment.institutions.models import Agreement, Institution
from enrollment.residents.models import AssistanceIdentity, Household, Person
from enrollment.values.identifiers import check_digit

_serial = count(1)

COUNTY = "433127000000"
TOWNSHIP = "433127116000"
OTHER_TOWNSHIP = "433127101000"
VILLAGE = "433127116201"


def make_divisions() -> dict[str, Division]:
    """省 → 州 → 县 → two townships, one village; by code; already there = kept."""
    rows = [
        ("430000000000", "湖南省", "province", None),
        ("433100000000", "湘西土家族苗族自治州", "city", "430000000000"),
        (COUNTY, "永顺县", "county", "433100000000"),
        (TOWNSHIP, "灵溪镇", "township", COUNTY),
        (OTHER_TOWNSHIP, "首车镇", "township", COUNTY),
        (VILLAGE, "司城村", "village", TOWNSHIP),
    ]
    return {
        code: Division.objects.get_or_create(
            code=code, defaults={"name": name, "level": level, "parent_id": parent}
        )[0]
        for code, name, level, parent in rows
    }


def make_bureau(**fields: Any) -> Bureau:
    """The bureau of 永顺县, with its divisions."""
    make_divisions()
    return Bureau.objects.get_or_create(
        pk=1,
        defaults={
            "name": "永顺县医疗保障局",
            "division_id": COUNTY,
            "court": "永顺县人民法院",
            **fields,
        },
    )[0]


def id_number(*, born_on: date = date(1980, 5, 17), male: bool = True, serial: int = 0) -> str:
    """A valid identity number of 433127; `serial` (0–499) tells people of one birthday apart."""
    body = f"433127{born_on:%Y%m%d}{serial * 2 + (1 if male else 0):03d}"
    return body + check_digit(body)


def make_person(**fields: Any) -> Person:
    """An adult of 灵溪镇 with a valid number of their own; sex and birth date follow it."""
    n = next(_serial)
    born_on = fields.pop("born_on", date(1950 + n % 56, 1 + n % 12, 1 + n % 28))
    male = fields.pop("sex", Person.Sex.MALE if n % 2 else Person.Sex.FEMALE) == Person.Sex.MALE
    if "division" not in fields and "division_id" not in fields:
        fields["division"] = make_divisions()[TOWNSHIP]
    fields.setdefault("id_number", id_number(born_on=born_on, male=male, serial=n % 500))
    number = fields["id_number"]
    fields.setdefault("name", f"测试{n}")
    fields.setdefault("account_no", f"62220260{n:08d}")
    fields.setdefault("account_name", fields["name"])
    fields.setdefault("phone", f"138{n:08d}")
    return Person.objects.create(
        sex=Person.Sex.MALE if int(number[16]) % 2 else Person.Sex.FEMALE,
        born_on=date(int(number[6:10]), int(number[10:12]), int(number[12:14])),
        **fields,
    )


def make_household(number: str = "", **fields: Any) -> Household:
    """A household in 灵溪镇."""
    fields.setdefault("division", make_divisions()[TOWNSHIP])
    return Household.objects.create(number=number or f"H{next(_serial):06d}", **fields)


def enrol(person: Person, year: int = 2026, **fields: Any) -> Enrolment:
    """An active, ordinary enrolment for the whole year."""
    defaults: dict[str, Any] = {
        "category": Enrolment.Category.ORDINARY,
        "starts_on": date(year, 1, 1),
        "ends_on": date(year, 12, 31),
    }
    return Enrolment.objects.create(person=person, year=year, **{**defaults, **fields})


def make_identity(person: Person, kind: str = "low_income", **fields: Any) -> AssistanceIdentity:
    """An assistance identity from 2026-01-01 to 2026-12-31 unless `fields` differ."""
    fields.setdefault("starts_on", date(2026, 1, 1))
    fields.setdefault("ends_on", date(2026, 12, 31))
    return AssistanceIdentity.objects.create(person=person, kind=kind, **fields)


def make_institution(**fields: Any) -> Institution:
    """A county hospital; with an agreement 2026-01-01 – 2026-12-31 unless `agreement=None`."""
    n = next(_serial)
    agreement = fields.pop("agreement", (date(2026, 1, 1), date(2026, 12, 31)))
    fields.setdefault("code", f"H433127{n:05d}")
    fields.setdefault("name", f"县医院{n}")
    fields.setdefault("address", f"灵溪镇府正街{n}号")
    fields.setdefault("kind", Institution.Kind.HOSPITAL)
    fields.setdefault("level", Institution.Level.COUNTY)
    institution = Institution.objects.create(**fields)
    if agreement is not None:
        make_agreement(institution, *agreement)
    return institution


def make_agreement(
    institution: Institution,
    starts_on: date = date(2026, 1, 1),
    ends_on: date = date(2026, 12, 31),
) -> Agreement:
    """An agreement, both ends inclusive."""
    return Agreement.objects.create(institution=institution, starts_on=starts_on, ends_on=ends_on)


def make_user(permissions: Iterable[str] = (), **fields: Any) -> User:
    """A member of staff with the named permissions (`app.codename`).

    Unknown permissions raise. No password: log in with `client.force_login`.
    """
    n = next(_serial)
    fields.setdefault("username", f"user{n}")
    fields.setdefault("full_name", f"员工{n}")
    fields.setdefault("is_staff", True)
    user = User.objects.create(**fields)
    for name in permissions:
        app_label, codename = name.split(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=app_label, codename=codename)
        )
    return User.objects.get(pk=user.pk)
