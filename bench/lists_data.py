"""Residents and claims for `bench.lists`, by COPY, in a database of their own for each size.

Ninety surnames as frequent as in life and two thousand given names make names that many
people share; one resident in eleven holds an identity; 270 townships as in a large city. Indexes
are built after the rows, so the times say nothing about imports (that is `bench.roll`).
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.core.management import call_command
from django.db import connection

from claims.intake.models import WAITING
from enrollment.models import Bureau, Division, Institution, User
from enrollment.privacy.crypto import BulkSealer, digester, seal
from enrollment.values.identifiers import check_digit
from enrollment.values.initials import initials_of

CITY = "433100000000"
TODAY = date(2026, 11, 24)
TERM = timedelta(days=42)  # thirty working days
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁"
    "魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段覃向瞿"
)
CHARACTERS = (
    "芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅国建文志海春波伟斌云飞龙成永林生东辉鑫"
)
IDENTITIES = ("extremely_poor", "low_income", "at_risk", "medical_aid")


def build(residents: int, claims: int) -> None:
    """Migrate the empty database at hand and fill it; the same on every run."""
    call_command("migrate", verbosity=0)
    rng = random.Random(5)  # noqa: S311 - synthetic data
    townships = _divisions()
    institutions = _institutions()
    clerk, _made = User.objects.get_or_create(
        username="bench", defaults={"is_superuser": True, "is_staff": True}
    )
    Bureau.objects.update_or_create(pk=1, defaults={"name": "医疗保障局", "division_id": CITY})
    with _without_indexes("enrollment_person"):
        _copy(
            "enrollment_person (id, id_number, id_digest, last4_digest, name, initials, sex,"
            " born_on, division_id, phone, account_no, account_name, roll_phone_digest,"
            " roll_account_digest)",
            _persons(rng, residents, townships),
        )
    with _without_indexes("enrollment_enrolment"):
        _copy(
            "enrollment_enrolment (person_id, year, category, status, starts_on, ends_on, paid)",
            (
                f"{n}\t2026\tordinary\tactive\t2026-01-01\t2026-12-31\t400\n"
                for n in range(1, residents + 1)
                if n % 20
            ),
        )
    with _without_indexes("enrollment_assistanceidentity"):
        _copy(
            "enrollment_assistanceidentity (person_id, kind, starts_on, document)",
            (
                f"{n}\t{rng.choice(IDENTITIES)}\t2025-01-01\t\n"
                for n in range(1, residents + 1)
                if n % 11 == 0
            ),
        )
    with _without_indexes("claims_claim"):
        _copy(
            "claims_claim (id, number, source, state, person_id, institution_id, kind, filing,"
            " admitted_on, discharged_on, diagnosis, invoice_no, visit_no, total, excluded,"
            " over_limit, first_self_pay, entered_by_id, entered_at, approved_on, held_reason,"
            " due_on)",
            _claims(rng, claims, residents, institutions, clerk.pk),
        )
    with connection.cursor() as cursor:
        # No trigger fires while rows are copied, so what waits is written here.
        cursor.execute(
            "INSERT INTO claims_waitingclaim (claim_id, person_id, state, approved_on)"
            " SELECT id, person_id, state, approved_on FROM claims_claim WHERE state = ANY(%s)",
            [[state.value for state in WAITING]],
        )
        cursor.execute("VACUUM ANALYZE")


def id_of(n: int) -> str:
    """The n-th resident's identity number; the last four are as many as in life."""
    born = date(1936, 1, 1) + timedelta(days=n % 31000)
    serial = (n // 2_790_000 + n % 31000 * 37 + n // 31000 * 11) % 1000
    body = f"4331{n // 31000 % 90 + 10:02d}{born:%Y%m%d}{serial:03d}"
    return body + check_digit(body)


def name_of(rng: random.Random) -> str:
    """A name as frequent as it would be: the first surnames and characters are the common ones."""
    surname = SURNAMES[int(len(SURNAMES) * rng.random() ** 2)]
    given = CHARACTERS[int(len(CHARACTERS) * rng.random() ** 1.5)]
    if rng.random() < 0.75:
        given += CHARACTERS[int(len(CHARACTERS) * rng.random() ** 1.5)]
    return surname + given


def _persons(rng: random.Random, count: int, townships: list[str]) -> Iterator[str]:
    id_digest, last4, sealed = digester("id"), digester("last4"), BulkSealer()
    phone, account = seal("13812345678").hex(), seal("6222026000000000").hex()
    known: dict[str, str] = {}
    for n in range(1, count + 1):
        number, name = id_of(n), name_of(rng)
        if name not in known:
            known[name] = initials_of(name)
        yield (
            f"{n}\t\\\\x{sealed(number).hex()}\t\\\\x{id_digest(number).hex()}\t"
            f"\\\\x{last4(number[-4:]).hex()}\t{name}\t{known[name]}\tfemale\t{number[6:14]}\t"
            f"{rng.choice(townships)}\t\\\\x{phone}\t\\\\x{account}\t{name}\t\\\\x\t\\\\x\n"
        )


def _claims(
    rng: random.Random, count: int, residents: int, institutions: list[int], clerk: int
) -> Iterator[str]:
    states = ["settled"] * 955 + ["approved"] * 25 + ["rejected"] * 10
    states += ["submitted"] * 4 + ["checked"] * 4 + ["returned", "held"]
    first = TODAY - timedelta(days=730)
    for n in range(1, count + 1):
        entered = first + timedelta(days=730 * n // count)
        left = entered - timedelta(days=rng.randrange(1, 40))
        kind = rng.choice(("general_outpatient", "general_outpatient", "special_outpatient"))
        # Waiting claims are recent ones.
        state = rng.choice(states) if n > count * 9 // 10 or rng.random() < 0.01 else "settled"
        if state not in ("settled", "rejected") and n <= count * 9 // 10:
            state = "settled"
        total = rng.randrange(1_000, 900_000)
        institution = institutions[int(len(institutions) * rng.random() ** 2)]
        yield (
            f"{n}\tB{n:012d}\tupload\t{state}\t{rng.randrange(1, residents + 1)}\t{institution}\t"
            f"{kind}\tnone\t\\N\t{left}\tJ18\tI{n}\tV{n}\t{total}e-2\t0\t0\t0\t{clerk}\t"
            f"{entered} 10:00+08\t\\N\t\t{entered + TERM}\n"
        )


def _divisions() -> list[str]:
    rows = [Division(code=CITY, name="示范市", level="city")]
    townships = []
    for county in range(1, 10):
        code = f"4331{county:02d}000000"
        rows.append(Division(code=code, name=f"第{county}县", level="county", parent_id=CITY))
        for township in range(1, 31):
            own = f"4331{county:02d}{township + 100}000"
            townships.append(own)
            rows.append(
                Division(code=own, name=f"{county}县{township}镇", level="township", parent_id=code)
            )
    Division.objects.bulk_create(rows)
    return townships


def _institutions() -> list[int]:
    rows = [
        Institution(code=f"B{n:05d}", name=f"第{n}医院", kind="hospital", level="county")
        for n in range(1, 397)
    ]
    return [row.pk for row in Institution.objects.bulk_create(rows)]


def _copy(sql: str, lines: Iterator[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        with cursor.copy(f"COPY {sql} FROM STDIN") as copy:
            batch: list[str] = []
            for line in lines:
                batch.append(line)
                if len(batch) == 5000:
                    copy.write("".join(batch))
                    batch.clear()
            copy.write("".join(batch))
        cursor.execute("SET session_replication_role = DEFAULT")
        table = sql.split(" ", 1)[0]
        if "(id," in sql:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
            )


@contextmanager
def _without_indexes(table: str) -> Iterator[None]:
    """Drop the table's indexes and unique constraints for the while, the primary key excepted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype IN ('u', 'x')",
            [table],
        )
        constraints = cursor.fetchall()
        for name, _definition in constraints:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute(
            "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i"
            " JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE i.indrelid = %s::regclass AND NOT i.indisprimary",
            [table],
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _name, definition in indexes:
            cursor.execute(definition)
        for name, definition in constraints:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
