"""One record of everything in each of two townships, for the tests of who sees what."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.models import Device

from claims.attachments.services import attach_scan
from claims.benefit.loading import SHIPPED, load_schemes_with_data
from claims.models import (
    AreaFiling,
    Claim,
    ClaimState,
    Clearance,
    Correction,
    Overpayment,
    PaymentOrder,
    SettlementRun,
)
from claims.payments.services import make_batch
from claims.policies.services import propose_scheme
from claims.tests.factories import make_claim, make_clerk, make_rejected
from claims.tests.night import NOW, approved_claim, covered_person, settle
from claims.tests.scans import picture
from claims.tests.special import CANCER, disease, filed, make_certificate
from claims.whatif.services import ask_what_if
from enrollment.models import Bureau, Division, Person, RecordReading
from enrollment.residents.services import correct_account, unmask_person
from enrollment.tests.factories import (
    OTHER_TOWNSHIP,
    TOWNSHIP,
    make_bureau,
    make_household,
    make_identity,
    make_institution,
    make_user,
)
from supervision.penalties.services import decide_penalty
from supervision.tests.helpers import make_case, make_finding, make_notified, make_visit, supervisor

# Tables that keep what was read and printed: looking adds rows to them.
LOGS = {"enrollment.RecordReading", "enrollment.IssuedPaper", "enrollment.PaperPrint"}


@dataclass
class Ground:
    """Records by what they are: of the user's own township, of another, or of the county."""

    own: dict[str, Model] = field(default_factory=dict)
    other: dict[str, Model] = field(default_factory=dict)
    county: dict[str, Model] = field(default_factory=dict)


def make_ground() -> Ground:
    """Two townships with one of everything, settled, ordered and put into a batch."""
    make_bureau()
    ground = Ground()
    for code, records in ((TOWNSHIP, ground.own), (OTHER_TOWNSHIP, ground.other)):
        records.update(_people(Division.objects.get(code=code)))
        records.update(_oversight(Division.objects.get(code=code)))
    settle()
    for records in (ground.own, ground.other):
        claim = records["settled"]
        assert isinstance(claim, Claim)
        claim.refresh_from_db()
        records["settledclaim"] = claim.settled
        records["paymentorder"] = PaymentOrder.objects.get(claim=claim)
    finance = make_user(["claims.make_batch"])
    ground.county = {
        "settlementrun": SettlementRun.objects.get(),
        "paymentbatch": make_batch(actor=finance, at=NOW).batch,
        "whatifrun": _what_if(),
        "bureau": Bureau.objects.get(),
        "user": finance,
    }
    return ground


def _what_if() -> Model:
    """The shipped scheme, proposed and run on the settled year."""
    data = next(
        data
        for scheme, data in load_schemes_with_data(SHIPPED)
        if scheme.code == "yongshun-resident"
    )
    proposal = propose_scheme(data, title="测算", actor=None, at=NOW).proposal
    assert proposal is not None
    return ask_what_if(proposal, 2026, actor=None, at=NOW, send=False)


def _people(division: Division) -> dict[str, Model]:
    household = make_household(division=division)
    person: Person = covered_person(division=division, household=household)
    keeper = make_user(["enrollment.correct_account", "enrollment.unmask_person"])
    institution = make_institution(division=division)
    claim = make_claim(person=person)
    correction = Correction.objects.create(
        person=person,
        year=2026,
        cause="other",
        note="核对",
        scheme="yongshun-resident",
        policy_version=0,
        preview=[],
        pays=Decimal("0.00"),
        recovers=Decimal("0.00"),
        proposed_at=NOW,
    )
    overpayment = Overpayment.objects.create(
        correction=correction,
        person=person,
        layer="basic",
        payer="fund",
        amount=Decimal("100.00"),
        opened_on=NOW.date(),
    )
    return {
        "person": person,
        "household": household,
        "identity": make_identity(person),
        "accountchange": correct_account(
            person,
            account_no="6222020000000123",
            account_name=person.name,
            actor=keeper,
            at=NOW,
        ),
        "unmasking": unmask_person(person, reason="核对", actor=keeper, at=NOW),
        "recordreading": RecordReading.objects.create(
            person=person, actor=keeper, at=NOW, page="enrollment_person_change"
        ),
        "claim": claim,
        "scan": attach_scan(
            claim, kind="invoice", name="1.png", content=picture(), actor=make_clerk(), at=NOW
        ),
        "checked": make_claim(ClaimState.CHECKED, person=covered_person(division=division)),
        "returned": make_claim(ClaimState.RETURNED, person=covered_person(division=division)),
        "rejected": make_rejected(person=covered_person(division=division)),
        "held": make_claim(ClaimState.HELD, person=covered_person(division=division)),
        "settled": approved_claim(person),
        "correction": correction,
        "overpayment": overpayment,
        "clearance": Clearance.objects.create(
            overpayment=overpayment,
            kind="write_off",
            amount=Decimal("1.00"),
            note="核对",
            document="决定",
            proposed_by=keeper,
            proposed_at=NOW,
        ),
        "institution": institution,
        **_benefits(person),
    }


def _benefits(person: Person) -> dict[str, Model]:
    return {
        "specialapplication": filed(person, disease=disease(CANCER), diagnosis="C80.x00"),
        "specialcertificate": make_certificate(person),
        "areafiling": AreaFiling.objects.create(
            person=person,
            kind="long_term",
            starts_on=NOW.date(),
            place="湖南省长沙市",
            area_code="4301",
            filed_by=make_clerk(),
            filed_at=NOW,
        ),
    }


def _oversight(division: Division) -> dict[str, Model]:
    institution = make_institution(division=division)
    decided = decide_penalty(
        make_notified(institution=institution),
        recovery=Decimal("1000.00"),
        fine=Decimal("1000.00"),
        defence="无",
        heard_on=timezone.localdate(),
        actor=supervisor(),
        at=timezone.now(),
    )
    return {
        "visit": make_visit(institution=institution),
        "finding": make_finding(make_visit(institution=institution)),
        "case": make_case(institution=institution),
        "recovery": decided.recovery,
        "fine": decided.fine,
    }


def everything() -> dict[str, list[Any]]:
    """All rows of the bureau's own tables, to prove that nothing changed."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for app in ("enrollment", "claims", "supervision")
        for model in apps.get_app_config(app).get_models()
        if model._meta.label not in LOGS and not issubclass(model, Device)
    }


def staff(role: str, *divisions: str) -> Client:
    """A member of staff of one role at a browser."""
    user = make_user(divisions=list(divisions), certificate_no="18090009")
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


def screens() -> dict[str, Any]:
    return {model._meta.label: model for model in admin.site._registry}


def address(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def is_shown(client: Client, url: str) -> bool:
    """Whether a GET of the record answers with it; else it must be refused, not fail."""
    answer = client.get(url)
    if answer.status_code == 200:
        return True
    hidden = answer.status_code == 302 and answer.headers["Location"] == "/"
    assert hidden or answer.status_code in (403, 404), (url, answer.status_code)
    return False
