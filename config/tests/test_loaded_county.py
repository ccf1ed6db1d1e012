"""The demonstration county once it is loaded: what is there, and that it is loaded once."""

from collections import Counter

from django.db.models import Count, Q
from django.utils import timezone

from claims.corrections.models import Correction, CorrectionState
from claims.intake.models import Claim, ClaimState
from claims.ledger.checks import verify
from claims.overpayments.models import Overpayment
from claims.overpayments.selectors import open_amount
from claims.payments.models import BatchState, OrderState, PaymentBatch, PaymentOrder
from claims.settlement.models import SettlementRun
from config.demo.county.sources import institutions
from config.demo.year.calibration import compare
from config.tests.small_county import FEW, ON, load
from enrollment.coverage.selectors import coverage_on
from enrollment.institutions.selectors import designation_on
from enrollment.models import Bureau, Institution, Person, User
from enrollment.values.money import ZERO
from supervision.cases.models import Case, CaseState
from supervision.inspections.models import Visit
from supervision.penalties.models import Recovery

HANDLING = ("submit", "pass_first", "approve")
SPECIAL = 60  # of the residents of FEW, as in the report: 15 %


def _facts():
    return (
        list(Person.objects.order_by("pk").values_list("pk", "id_digest", "name")),
        list(Claim.objects.order_by("pk").values_list("number", "state", "total")),
        list(User.objects.order_by("pk").values_list("username", "password")),
        list(PaymentOrder.objects.order_by("pk").values_list("number", "state", "amount")),
    )


def test_the_county_is_there_in_all_its_states_and_the_books_are_true(county):
    loaded = county
    assert loaded.loaded
    assert (loaded.residents, loaded.special) == (FEW.residents, SPECIAL)
    assert loaded.institutions == Institution.objects.count() == 32
    states = Counter(Claim.objects.values_list("state", flat=True))
    assert set(states) == set(ClaimState.values)
    assert set(Claim.objects.values_list("kind", flat=True)) == set(Claim.Kind.values)
    assert states["held"] == states["rejected"] == 1
    assert states["approved"] == 4
    waiting = {
        queue: Claim.objects.filter(waiting__state=queue).aggregate(
            overdue=Count("pk", filter=Q(due_on__lt=ON)),
            in_time=Count("pk", filter=Q(due_on__gte=ON)),
        )
        for queue in ("submitted", "checked")
    }
    assert all(counted["overdue"] >= 1 < counted["in_time"] for counted in waiting.values())
    orders = Counter(PaymentOrder.objects.values_list("state", flat=True))
    assert orders[OrderState.FAILED] == 1
    assert orders[OrderState.REPLACED] > 1
    assert orders[OrderState.PAID] > 100
    batches = Counter(PaymentBatch.objects.values_list("state", flat=True))
    assert batches[BatchState.DRAFT] == 1
    assert set(Case.objects.values_list("state", flat=True)) == set(CaseState.values)
    corrections = Counter(Correction.objects.values_list("state", flat=True))
    assert corrections == {CorrectionState.APPROVED: 1, CorrectionState.PROPOSED: 1}
    owed = Overpayment.objects.first()
    assert owed.plans.exists()
    assert ZERO < open_amount(owed) < owed.amount
    # Ten with a story, and one round through the county's hospitals and pharmacies.
    on_the_round = {
        row.code
        for row in institutions()
        if row.agreement == "current"
        and row.kind in ("hospital", "pharmacy")
        and row.division.startswith("433127")
    }
    visits = Counter(Visit.objects.values_list("institution__code", flat=True))
    assert set(visits) >= on_the_round
    assert visits.total() == 10 + len(on_the_round)
    settled = Recovery.objects.filter(basis=Recovery.Basis.AGREEMENT, receipts__isnull=False)
    assert settled.exists()
    assert loaded.proved
    assert [check for check in verify() if not check.ok] == []
    # A year of the report's volumes, for so many residents, in a run a month.
    runs = list(SettlementRun.objects.order_by("pk").values_list("pk", flat=True)[:12])
    assert [one.count for one in compare(runs, residents=FEW.residents)[:3]] == [111, 28, 316]
    assert [one.count for one in loaded.year[:3]] == [111, 28, 316]


def test_every_settled_claim_was_entered_and_reviewed_twice_by_different_people(county):
    settled = Claim.objects.filter(state=ClaimState.SETTLED).prefetch_related("transitions")
    for claim in settled:
        steps = sorted(claim.transitions.all(), key=lambda step: step.pk)
        assert [step.to_state for step in steps if step.action != "return_first"][-3:] == [
            ClaimState.CHECKED,
            ClaimState.APPROVED,
            ClaimState.SETTLED,
        ]
        handlers = [step.actor_id for step in steps if step.action in HANDLING]
        assert len(set(handlers)) == 3
        assert [step.at for step in steps] == sorted(step.at for step in steps)
        assert timezone.localdate(claim.entered_at) >= claim.discharged_on
        assert claim.number.startswith(f"{timezone.localdate(claim.entered_at):%Y%m%d}")
        assert claim.approved_on < ON


def test_today_somebody_is_covered_somebody_is_not_and_institutions_differ(county):
    covered = [coverage_on(person, ON) is not None for person in Person.objects.all()]
    assert 0 < covered.count(False) < covered.count(True) // 10
    on_the_day = [designation_on(one, ON) for one in Institution.objects.all()]
    assert sum(one.is_suspended for one in on_the_day) == 1
    assert sum(not one.is_designated for one in on_the_day) == 2
    assert Bureau.objects.get().is_demonstration


def test_a_second_load_changes_nothing(county):
    before = _facts()
    again = load(seed=2)
    assert not again.loaded
    assert _facts() == before


def test_each_queue_of_a_desk_opens_the_rows_that_it_counts(county, client):
    opened = set()
    for user in User.objects.filter(groups__isnull=False).distinct():
        client.force_login(user)
        for queue in client.get("/").context["queues"]:
            shown = client.get(queue.url)
            assert shown.status_code == 200, queue.key
            if "cl" in shown.context:
                opened.add(queue.key)
                rows = shown.context["cl"].queryset.count()
                assert rows == queue.count, (queue.key, user.username)
    assert len(opened) > 20
