"""A synthetic county for the benches: residents, institutions, approved claims, by COPY.

The mix of claims is that of the county's year in the report: 117,313 stays, 29,443 special
and 332,900 general outpatient visits (479,656 claims). Everything is drawn from a seed.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from claims.models import Claim
from enrollment.models import Division, Institution, Person, User
from enrollment.privacy.crypto import digester, seal
from enrollment.values.identifiers import check_digit

YEAR = 2026
STAYS, SPECIAL, VISITS = 117_313, 29_443, 332_900
COUNTY = "433127000000"


@dataclass(frozen=True)
class County:
    """What has been prepared."""

    persons: int
    claims: int
    clerk: User


def prepare(claims: int, *, seed: int = 1, window_share: float = 0.1, persons: int = 0) -> County:
    """Residents with coverage and identities, and `claims` approved claims on 31 December.

    `persons` defaults to 0.88 residents per claim, as in the county's year.
    """
    rng = random.Random(seed)  # noqa: S311 - synthetic data
    persons = persons or max(claims * 88 // 100, 1)
    clerk, _made = User.objects.get_or_create(username="bench-clerk")
    Division.objects.get_or_create(code=COUNTY, defaults={"name": "永顺县", "level": "county"})
    institutions = _institutions()
    first = _copy_persons(persons)
    _copy_coverage(rng, first, persons)
    _copy_claims(rng, first, persons, claims, institutions, clerk, window_share)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return County(persons, claims, clerk)


def _institutions() -> list[Institution]:
    levels = ["township"] * 23 + ["county"] * 6 + ["city"] * 3 + ["province"] * 2
    for number, level in enumerate(levels):
        Institution.objects.get_or_create(
            code=f"B{number:05d}",
            defaults={
                "name": f"机构{number}",
                "kind": "hospital",
                "level": level,
                "in_county": level in ("township", "county"),
                "account_no": f"4300{number:012d}",
                "account_name": f"机构{number}",
            },
        )
    return list(Institution.objects.filter(code__startswith="B").order_by("code"))


def _copy(sql: str, lines: Iterator[str]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {sql} FROM STDIN") as copy:
        batch: list[str] = []
        for line in lines:
            batch.append(line)
            if len(batch) == 5000:
                copy.write("".join(batch))
                batch.clear()
        copy.write("".join(batch))


def _copy_persons(count: int) -> int:
    last = Person.objects.order_by("-id").values_list("id", flat=True).first() or 0
    id_digest, last4 = digester("id"), digester("last4")
    account = seal("6222026000000000").hex()

    def lines() -> Iterator[str]:
        for n in range(last, last + count):
            born = f"{1930 + n % 80}{1 + n // 80 % 12:02d}{1 + n // 960 % 28:02d}"
            body = f"433127{born}{n // 26880 % 1000:03d}"
            number = body + check_digit(body)
            yield (
                f"\\\\x{seal(number).hex()}\t\\\\x{id_digest(f'{number}{n}').hex()}\t"
                f"\\\\x{last4(number[-4:]).hex()}\t居民{n}\tJM\tfemale\t1980-01-01\t{COUNTY}\t"
                f"\\\\x\t\\\\x{account}\t居民{n}\t\\\\x\t\\\\x\n"
            )

    _copy(
        "enrollment_person (id_number, id_digest, last4_digest, name, initials, sex, born_on,"
        " division_id, phone, account_no, account_name, roll_phone_digest, roll_account_digest)",
        lines(),
    )
    first = Person.objects.filter(id__gt=last).order_by("id").values_list("id", flat=True).first()
    return first or 1


def _copy_coverage(rng: random.Random, first: int, count: int) -> None:
    _copy(
        "enrollment_enrolment (person_id, year, category, status, starts_on, ends_on)",
        (
            f"{first + n}\t{YEAR}\tordinary\tactive\t{YEAR}-01-01\t{YEAR}-12-31\n"
            for n in range(count)
            if n % 1000  # one in a thousand is not covered: held
        ),
    )
    kinds = ("extremely_poor", "low_income", "at_risk")
    _copy(
        "enrollment_assistanceidentity (person_id, kind, starts_on, document)",
        (
            f"{first + n}\t{kinds[rng.randrange(3)]}\t{YEAR - 1}-01-01\t\n"
            for n in range(count)
            if n % 12 == 0
        ),
    )


def _copy_claims(  # noqa: PLR0917
    rng: random.Random,
    first: int,
    persons: int,
    count: int,
    institutions: list[Institution],
    clerk: User,
    window_share: float,
) -> None:
    whole = STAYS + SPECIAL + VISITS
    stays, special = count * STAYS // whole, count * SPECIAL // whole
    start = date(YEAR, 1, 1)
    base = Claim.objects.order_by("-id").values_list("id", flat=True).first() or 0
    townships = institutions[:23]
    per_person: dict[int, int] = {}

    def lines() -> Iterator[str]:
        for n in range(count):
            person = first + rng.randrange(persons)
            admitted = "\\N"
            if n < stays:
                kind, total = "inpatient", 80000 + int(rng.expovariate(1 / 700000))
                # Stays of one resident follow each other, 12 days apart.
                place = per_person.get(person, 0)
                while place > 29:
                    person = first + rng.randrange(persons)
                    place = per_person.get(person, 0)
                per_person[person] = place + 1
                day = start + timedelta(days=11 + place * 12)
                admitted = (day - timedelta(days=rng.randrange(1, 11))).isoformat()
                hospital = institutions[rng.randrange(len(institutions))]
            else:
                day = start + timedelta(days=rng.randrange(364))
                if n < stays + special:
                    kind, total = "special_outpatient", 10000 + rng.randrange(90000)
                else:
                    kind, total = "general_outpatient", 1500 + rng.randrange(12000)
                hospital = townships[rng.randrange(len(townships))]
            excluded = total * rng.randrange(12) // 100
            source = "window" if rng.random() < window_share else "upload"
            filing = "none" if hospital.in_county else ("filed", "referred", "unfiled")[n % 3]
            yield (
                f"B{base + n:012d}\t{source}\tapproved\t{person}\t{hospital.pk}\t{kind}\t{filing}\t"
                f"{admitted}\t{day}\tJ18\tI{base + n}\t\t{total}e-2\t{excluded}e-2\t0\t0\t"
                f"{clerk.pk}\t{YEAR}-12-31 10:00+08\t{YEAR}-12-31\t\n"
            )

    _copy(
        "claims_claim (number, source, state, person_id, institution_id, kind, filing, admitted_on,"
        " discharged_on, diagnosis, invoice_no, visit_no, total, excluded, over_limit,"
        " first_self_pay, entered_by_id, entered_at, approved_on, held_reason)",
        lines(),
    )
