"""Entering the figures that the portal ships, and approving those that people enter."""

from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import gettext as _

from enrollment.access.models import User
from enrollment.parameters.models import LegalParameter
from enrollment.transitions.table import TransitionRefused


class ParameterRefused(TransitionRefused):
    """The row cannot be approved now, or not by this person."""


def why_not_approve(row: LegalParameter, actor: User) -> str:
    """The reason why the actor cannot approve the row; empty when they can."""
    if not row.is_proposed:
        return _("This value holds already.")
    if row.entered_by_id == actor.pk:
        return _("You have entered this value: another person approves it.")
    return ""


def approve_parameter(row: LegalParameter, *, actor: User, at: datetime) -> LegalParameter:
    """Put a proposed value in force from its first day. Raises ParameterRefused."""
    with transaction.atomic():
        locked = LegalParameter.objects.select_for_update(of=("self",)).get(pk=row.pk)
        refused = why_not_approve(locked, actor)
        if refused:
            raise ParameterRefused(refused)
        locked.approved_by, locked.approved_at = actor, at
        locked.save(update_fields=["approved_by", "approved_at"])
    return locked


SHIPPED = Path(__file__).parent / "shipped.yaml"


def load_shipped_parameters(*, apps: Any = None, **_signal: Any) -> int:
    """Enter the shipped rows that do not stand yet; returns how many.

    A row that stands is left as it is. Runs after each migrate; `apps` is then what stands after
    it, which a step backwards may leave without the table.
    """
    if apps is not None and "legalparameter" not in apps.all_models["enrollment"]:
        return 0
    standing = set(LegalParameter.objects.values_list("code", "starts_on"))
    shipped = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    missing = [row for row in shipped if (row["code"], row["starts_on"]) not in standing]
    return len(LegalParameter.objects.bulk_create(LegalParameter(**row) for row in missing))
