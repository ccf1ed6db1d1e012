"""A day at the office for the soak: uploads, the window, two reviews, the bank.

People whose page fails repeat what they did; that is all the handwork there is. Whether it was
done before the page failed, the portal itself must know.
"""

import csv
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

import psycopg
from django.contrib.auth.models import Group
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from claims.intake.drafts import ClaimDraft
from claims.intake.services import ClaimStopped, submit_claim
from claims.models import Claim, ClaimState, PaymentBatch
from claims.payments.exchange import read_bank_return, write_bank_file
from claims.payments.services import NothingToPay, approve_batch, make_batch
from claims.review.services import approve_many, pass_first_many
from claims.uploads.services import import_claims
from enrollment.models import Enrolment, Institution, Person, User
from enrollment.values.money import from_fen

T = TypeVar("T")
HEADER = (
    *("就诊流水号", "机构编码", "证件号码", "就诊类别", "入院日期", "出院日期", "诊断编码"),
    *("总费用", "全自费", "先行自付"),
)
PATIENCE = 120  # seconds that somebody goes on repeating what failed
AWAY = (OperationalError, InterfaceError, psycopg.OperationalError)


class Office:
    """The staff, and what comes to their desks."""

    def __init__(self, folder: Path, seed: int) -> None:
        """Staff are made; residents and institutions are those on record."""
        self._folder = folder
        self._chance = Random(seed)  # noqa: S311 - to be repeated, not to be secret
        self.clerk = _staff("soak-clerk", "window_clerk")
        self.first = _staff("soak-first", "reviewer")
        self.second = _staff("soak-second", "reviewer")
        self.cashier = _staff("soak-cashier", "finance")
        self.chief = _staff("soak-chief", "finance")
        year = timezone.localdate().year
        covered = Enrolment.objects.filter(year=year, starts_on=date(year, 1, 1)).values("person")
        self._people = list(Person.objects.filter(pk__in=covered).order_by("pk"))
        self._hospitals = list(Institution.objects.order_by("code"))
        self._year = year
        self.repeated = 0

    def day(self, number: int, claims: int) -> None:
        """`claims` come in, nine of ten by upload; both reviews pass them, dated two days ago."""
        at = timezone.now() - timedelta(days=2)
        path = self._write_upload(number, claims * 9 // 10)
        self.insist(lambda: import_claims(path, at=at))
        for n in range(claims // 10):
            self._enter(f"W{number:03d}{n:04d}", at)
        for service, actor, state in (
            (pass_first_many, self.first, ClaimState.SUBMITTED),
            (approve_many, self.second, ClaimState.CHECKED),
        ):
            self.insist(lambda s=service, a=actor, st=state: s(_waiting(st), actor=a, at=at))

    def pay(self) -> None:
        """Make and approve a batch, send the file, read the bank's return; what is open first."""
        self.insist(self._batch)
        for batch in self.insist(lambda: list(PaymentBatch.objects.order_by("pk"))):
            self.insist(lambda b=batch: self._move(b.pk))

    def insist(self, act: Callable[[], T]) -> T:
        """Do it, and again while the database is away."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return act()
            except AWAY:
                if time.monotonic() > deadline:
                    raise
                self.repeated += 1
                connection.close()
                time.sleep(0.5)

    def _batch(self) -> None:
        try:
            make_batch(actor=self.cashier, at=timezone.now())
        except NothingToPay:
            return

    def _move(self, pk: int) -> None:
        """The next steps of a batch, from where it stands."""
        batch = PaymentBatch.objects.get(pk=pk)
        if batch.state == "draft":
            approve_batch(batch, actor=self.chief, at=timezone.now())
            batch.refresh_from_db()
        if batch.state == "approved":
            write_bank_file(batch, actor=self.cashier, at=timezone.now())
            batch.refresh_from_db()
        if batch.state == "sent":
            lines = ["附言,结果,失败原因,日期"]
            day = timezone.localdate()
            lines += [f"{one.number},成功,,{day}" for one in batch.orders.order_by("pk")]
            content = "\r\n".join(lines).encode("gb18030")
            read_bank_return(batch, content, actor=self.cashier, at=timezone.now())

    def _write_upload(self, number: int, count: int) -> Path:
        path = self._folder / f"day-{number:03d}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(HEADER)
            for n in range(count):
                person = self._chance.choice(self._people)
                day = self._day()
                total = self._chance.randrange(40, 900)
                writer.writerow(
                    (
                        *(f"V{number:03d}{n:05d}", self._chance.choice(self._hospitals).code),
                        *(person.id_number, "普通门诊", "", day, "J18.900"),
                        *(total, total // 20, total // 50),
                    )
                )
        return path

    def _enter(self, invoice: str, at: datetime) -> None:
        """A stay at the window; one that the rules keep out is left, as a clerk would."""
        day = self._day()
        draft = ClaimDraft(
            institution=self._chance.choice(self._hospitals),
            kind=Claim.Kind.INPATIENT,
            admitted_on=max(day - timedelta(days=5), date(self._year, 1, 1)),
            discharged_on=day,
            total=from_fen(self._chance.randrange(150_000, 4_000_000)),
            diagnosis="J18.900",
            invoice_no=invoice,
        )
        person = self._chance.choice(self._people)
        try:
            self.insist(lambda: submit_claim(draft, person=person, actor=self.clerk, at=at))
        except ClaimStopped:
            return

    def _day(self) -> date:
        last = (timezone.localdate() - date(self._year, 1, 1)).days - 3
        return date(self._year, 1, 1) + timedelta(days=self._chance.randrange(max(last, 1)))


def _waiting(state: str) -> list[int]:
    return list(Claim.objects.filter(state=state).values_list("pk", flat=True))


def _staff(name: str, role: str) -> User:
    user = User.objects.create_user(name, full_name=name)
    user.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=user.pk)
