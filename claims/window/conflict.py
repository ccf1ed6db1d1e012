"""Two people on one returned claim: what each of them has, field by field."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone

from claims.intake.drafts import DRAFT_FIELDS
from claims.intake.models import Claim, ClaimState
from claims.window.forms import ALREADY, ClaimForm, form_of
from enrollment.models import Institution, User
from enrollment.values.money import ZERO, format_yuan

CORRECTIONS = ("resubmit", "resubmit_checked")
MINE, THEIRS = "mine", "theirs"
_AMOUNTS = ("total", "excluded", "over_limit", "first_self_pay", *ALREADY)


@dataclass(frozen=True)
class Difference:
    """One field in three versions, as text; `chosen` is `mine`, `theirs` or still nothing."""

    name: str
    label: str
    before: str
    theirs: str
    mine: str
    chosen: str


@dataclass(frozen=True)
class Conflict:
    """What somebody else has changed since the actor opened the claim, and how it stands now."""

    by: User | None
    at: datetime
    differences: Sequence[Difference]
    returned: bool

    @property
    def open_choices(self) -> list[str]:
        """Fields that both have changed, and nobody has chosen yet."""
        return [one.name for one in self.differences if not one.chosen]


def conflict_between(
    claim: Claim, form: ClaimForm, seen_version: int, chosen: Mapping[str, str]
) -> Conflict:
    """Compare what the actor typed with the claim as it stands, and both with what the actor saw.

    `claim` is fresh from the database, `form` validated; `chosen` are choices made already, by
    field. One statement.
    """
    log = list(claim.transitions.filter(action__in=CORRECTIONS).order_by("id"))
    since = log[max(seen_version - 1, 0) :]
    before: dict[str, str] = {}
    for row in since:
        for name, (old, _new) in (row.changes or {}).items():
            before.setdefault(name, old)
    differences = []
    for name in DRAFT_FIELDS:
        theirs = _plain(getattr(claim, name))
        mine = _typed(form, name, theirs)
        old = before.get(name, theirs)
        if theirs == mine:
            continue
        taken = chosen.get(name, "")
        if taken not in (MINE, THEIRS):
            taken = THEIRS if mine == old else MINE if theirs == old else ""
        differences.append(
            Difference(
                name,
                str(ClaimForm.base_fields[name].label),
                _shown(name, old),
                _shown(name, theirs),
                _shown(name, mine),
                taken,
            )
        )
    last = since[-1] if since else None
    return Conflict(
        by=last.actor if last else None,
        at=last.at if last else timezone.now(),
        differences=differences,
        returned=claim.state == ClaimState.RETURNED,
    )


def with_theirs(claim: Claim, data: Mapping[str, Any], fields: Collection[str]) -> dict[str, Any]:
    """The posted form with the stored value in each of the fields."""
    standing = form_of(claim)
    taken = {name: _plain(standing[name].value()) for name in fields}
    return {**data, **taken}


def _typed(form: ClaimForm, name: str, standing: str) -> str:
    """What the form says, as it was typed where it cannot be read; a field not asked for stands."""
    if name not in form.fields:
        return standing
    if name in form.errors:
        return str(form[name].value() or "")
    value = form.cleaned_data.get(name)
    if value is None and name in _AMOUNTS:
        return _plain(ZERO)
    if not value and name == "filing":
        return Claim.Filing.NONE.value
    return _plain(value)


def _plain(value: object) -> str:
    """As the log keeps it: an institution by its code."""
    if isinstance(value, Institution):
        return value.code
    return "" if value is None else str(value)


def _shown(name: str, text: str) -> str:
    """In words where the log keeps a code, with separators where it is money."""
    if name == "institution":
        found = Institution.objects.filter(code=text).first()
        return f"{found.code} {found.name}" if found else text
    if name in _AMOUNTS:
        try:
            return format_yuan(Decimal(text))
        except InvalidOperation:
            return text or "—"
    choices = dict(getattr(Claim._meta.get_field(name), "flatchoices", ()))
    return str(choices.get(text, text)) or "—"
