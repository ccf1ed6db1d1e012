"""What the tests of rounds share: a start, and what became of each year."""

from datetime import date
from typing import Any

from claims.models import CorrectionRound
from claims.rounds import services
from claims.tests.night import NOW
from claims.tests.test_corrections import OFFICER
from claims.tests.test_policies import CODE

FIRST = date(2026, 1, 1)
READS = [
    *OFFICER,
    "claims.view_correctionround",
    "claims.view_roundyear",
    "claims.view_claim",
    "enrollment.view_person",
]


def start(actor: Any, cause: str = "identity", **fields: Any) -> CorrectionRound:
    given = {"scheme": CODE, "since": FIRST, "note": "认定文件", "document": "民发〔2026〕8号"}
    return services.start_round(cause=cause, actor=actor, at=NOW, **{**given, **fields})


def outcomes(one: CorrectionRound) -> list[str]:
    return list(one.years.order_by("pk").values_list("outcome", flat=True))
