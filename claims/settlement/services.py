"""Settling a day: take or resume the run, settle its parts, post it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from django.db import connection, transaction
from django.db.models import Count, Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from claims.intake.models import ClaimState
from claims.intake.waiting import WaitingClaim
from claims.policies.selectors import scheme_in_force
from claims.settlement.locks import SettlementUnderWay, driving
from claims.settlement.models import HeldClaim, SettledClaim, SettlementRun, SettlementShard
from claims.settlement.parts import settle_part
from claims.settlement.posting import post
from claims.settlement.workers import require_workers, settle_by_workers
from enrollment.access.models import User
from enrollment.bureau.selectors import current_bureau
from enrollment.transitions.table import NotPermitted
from enrollment.values.money import ZERO

LAST_PERSON = 2**63 - 1
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class RunResult:
    """What a settlement has brought; `paid` in yuan, `failed` not counted in `held`."""

    run: SettlementRun
    claims: int
    persons: int
    paid: Decimal
    held: int
    failed: int
    resumed: bool


def settle_up_to(
    day: date,
    *,
    actor: User | None,
    at: datetime,
    shards: int | None = None,
    progress: Progress | None = None,
) -> RunResult:
    """Settle all claims approved up to `day` (inclusive), post them, make payment orders.

    A run that was killed is resumed and takes along what has been approved since, up to the
    later of the two days. `actor` None is the schedule. With `shards` the work is spread over
    that many tasks of Celery workers. `progress` is told claims done and claims found.

    Raises NotPermitted, NoWorker, NoPolicyApproved (nothing is written then) or
    SettlementUnderWay. A resumed run keeps the policy version it began with.
    """
    if actor is not None and not actor.has_perm("claims.run_settlement"):
        raise NotPermitted(
            _("Your role does not include “%(action)s”. Ask the administrator.")
            % {"action": _("settle claims")}
        )
    if shards:
        require_workers()
    with driving():
        run = _take_run(day, actor=actor, at=at)
        _cut(run, shards or 1)
        before = run.claims_found - _waiting(run)

        def tell(done: int) -> None:
            if progress is not None:
                progress(before + done, run.claims_found)

        if shards:
            settle_by_workers(run, tell)
        else:
            for part in run.shards.order_by("number"):
                settle_part(part.pk, tell)
        finish_run(run, at=timezone.now())
    return result_of(run)


def _take_run(day: date, *, actor: User | None, at: datetime) -> SettlementRun:
    """The unfinished run, or a new one."""
    with transaction.atomic():
        run = (
            SettlementRun.objects.select_for_update(no_key=True, of=("self",))
            .filter(state=SettlementRun.State.RUNNING)
            .first()
        )
        if run is None:
            policy = scheme_in_force(current_bureau().scheme)
            run = SettlementRun(
                up_to=day,
                scheme=policy.scheme.code,
                policy_version=policy.version,
                started_at=at,
                started_by=actor,
            )
        else:
            run.resumed += 1
            run.up_to = max(run.up_to, day)
        run.save()
        done = run.settled.count() + run.held.count()
        run.claims_found = done + _waiting(run)
        run.save(update_fields=["claims_found"])
    return run


def _waiting(run: SettlementRun) -> int:
    return WaitingClaim.objects.filter(
        state=ClaimState.APPROVED, approved_on__lte=run.up_to
    ).count()


def _cut(run: SettlementRun, count: int) -> None:
    """Divide the residents with waiting claims into parts of about equal numbers of claims.

    Parts of an earlier attempt go; a worker that is still busy with one notices and stops.
    """
    with transaction.atomic():
        run.shards.all().delete()
        bounds = [0, *_quantiles(run.up_to, count), LAST_PERSON]
        SettlementShard.objects.bulk_create(
            SettlementShard(run=run, number=number, first_person=low, last_person=high, reached=low)
            for number, (low, high) in enumerate(pairwise(bounds), start=1)
        )


def _quantiles(up_to: date, count: int) -> list[int]:
    """The residents at which to cut, ascending; fewer when there are few residents."""
    if count < 2:
        return []
    fractions = [str(Decimal(number) / count) for number in range(1, count)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_disc(%s::float8[]) WITHIN GROUP (ORDER BY person_id)"
            " FROM claims_waitingclaim WHERE state = 'approved' AND approved_on <= %s",
            [fractions, up_to],
        )
        (found,) = cursor.fetchone()
    return sorted(set(found or ()))


def finish_run(run: SettlementRun, *, at: datetime) -> None:
    """Post a run whose parts are all finished: ledger, payment orders, state, at once.

    Raises SettlementUnderWay when parts are unfinished: they are another process' now.
    """
    with transaction.atomic():
        locked = SettlementRun.objects.select_for_update(no_key=True, of=("self",)).get(pk=run.pk)
        if locked.state == SettlementRun.State.POSTED:
            return
        if locked.shards.filter(finished_at=None).exists():
            # Cut anew by whoever has taken the run over since this process lost its database.
            raise SettlementUnderWay(_("Another process has taken this settlement over."))
        with translation.override("zh-hans"):  # the books are kept in Chinese
            description = _("Settlement run %(run)s, claims approved up to %(day)s") % {
                "run": run.pk,
                "day": locked.up_to,
            }
        post(run.pk, on=timezone.localdate(at), at=at, description=description)
        locked.state = SettlementRun.State.POSTED
        locked.finished_at = at
        locked.save(update_fields=["state", "finished_at"])
    run.refresh_from_db()


def result_of(run: SettlementRun) -> RunResult:
    """The figures of a run as the database has them now."""
    settled = SettledClaim.objects.filter(run=run).aggregate(
        claims=Count("*"), persons=Count("person", distinct=True), paid=Sum("paid")
    )
    held = HeldClaim.objects.filter(run=run)
    failed = held.filter(is_error=True).count()
    return RunResult(
        run=run,
        claims=settled["claims"],
        persons=settled["persons"],
        paid=settled["paid"] or ZERO,
        held=held.count() - failed,
        failed=failed,
        resumed=run.resumed > 0,
    )
