"""People and records of the guard's tests."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from enrollment.models import Institution, User
from enrollment.tests.factories import make_bureau, make_institution, make_user
from supervision.cases.services import notify_case, open_case
from supervision.inspections.services import FindingFacts, log_visit, record_finding
from supervision.models import Case, Finding, Visit

AT = datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = AT.date()
ALL = [
    "supervision.log_visit",
    "supervision.open_case",
    "supervision.notify_case",
    "supervision.decide_penalty",
    "supervision.recover_by_agreement",
    "supervision.record_receipt",
    "enrollment.suspend_agreement",
]
SEE = [
    "supervision.view_visit",
    "supervision.view_finding",
    "supervision.view_case",
    "supervision.view_recovery",
    "supervision.view_fine",
    "enrollment.view_institution",
]


def supervisor(*permissions: str, certificate_no: str = "18090001", **fields: Any) -> User:
    """A supervisor with every permission of the guard, or only those named."""
    return make_user(permissions or [*ALL, *SEE], certificate_no=certificate_no, **fields)


def make_visit(actor: User | None = None, **fields: Any) -> Visit:
    """A visit of yesterday by two inspectors with certificates."""
    values: dict[str, Any] = {
        "institution": fields.pop("institution", None) or make_institution(),
        "visited_on": TODAY - timedelta(days=1),
        "source": Visit.Source.DAILY,
        "inspectors": fields.pop("inspectors", None) or (supervisor(), supervisor()),
        "charts_sampled": 20,
    }
    return log_visit(actor=actor or supervisor(), at=AT, **{**values, **fields})


def facts(**fields: Any) -> FindingFacts:
    """A double charge in the spring of 2026 that cost the fund 1,000.00."""
    values: dict[str, Any] = {
        "article_code": "38-3",
        "description": "CT 第二部位未减半收费",
        "act_from": date(2026, 3, 1),
        "act_to": date(2026, 5, 31),
        "loss": Decimal("1000.00"),
    }
    return FindingFacts(**{**values, **fields})


def make_finding(visit: Visit | None = None, **fields: Any) -> Finding:
    """A finding on a visit."""
    return record_finding(visit or make_visit(), facts(**fields), actor=supervisor(), at=AT)


def make_case(opener: User | None = None, **fields: Any) -> Case:
    """A filed case with a loss of 1,000.00 under article 38 (3)."""
    make_bureau()
    institution: Institution | None = fields.pop("institution", None)
    finding = make_finding(make_visit(institution=institution), **fields)
    return open_case(
        [finding], officers=(supervisor(), supervisor()), actor=opener or supervisor(), at=AT
    )


def make_notified(recovery: str = "1000.00", fine: str = "2000.00", **fields: Any) -> Case:
    """A case whose party was told of its recovery and fine; it may be heard until today + 5."""
    notice = {
        key: fields.pop(key) for key in ("refused_to_correct", "exemption_ground") if key in fields
    }
    return notify_case(
        make_case(**fields),
        facts="2026年3月至5月重复收费。",
        recovery=Decimal(recovery),
        fine=Decimal(fine),
        defence_until=TODAY + timedelta(days=5),
        actor=supervisor(),
        at=AT,
        **notice,
    )
