"""What `docs/rules/corrections.md` says of its example is what the portal does."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings

from claims.corrections.services import approve_correction
from claims.models import Overpayment, PaymentOrder
from claims.tests.night import NOW
from claims.tests.test_corrections import OFFICER, late_bill, proposed
from enrollment.tests.factories import make_user

PAGE = Path(settings.BASE_DIR) / "docs" / "rules" / "corrections.md"
LINE = re.compile(r"- the (resident|hospital) (is paid|owes) ([0-9.]+) ")


def test_what_follows_the_late_bill(db: Any) -> None:
    person = late_bill(source="upload")
    correction = proposed(person, make_user(OFFICER))
    approve_correction(correction, actor=make_user(OFFICER), at=NOW)
    done = {
        ("resident" if order.person_id else "hospital", "is paid", f"{order.amount}")
        for order in PaymentOrder.objects.filter(correction=correction)
    } | {
        ("resident" if owed.person_id else "hospital", "owes", f"{owed.amount}")
        for owed in Overpayment.objects.filter(correction=correction)
    }
    assert set(LINE.findall(PAGE.read_text())) == done
    assert len(done) == 4


def test_both_from_the_window_leave_nothing(db: Any) -> None:
    correction = proposed(late_bill(), make_user(OFFICER))
    approve_correction(correction, actor=make_user(OFFICER), at=NOW)
    assert not PaymentOrder.objects.filter(correction=correction).exists()
    assert not Overpayment.objects.exists()
