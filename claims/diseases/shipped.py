"""Entering the catalogue and the calendar that the portal ships."""

from pathlib import Path
from typing import Any

import yaml

from claims.diseases.models import DiseaseTerm, ReviewCalendar, SpecialDisease

SHIPPED = Path(__file__).parent / "shipped.yaml"


def load_shipped_catalogue(*, apps: Any = None, **_signal: Any) -> int:
    """Enter the shipped rows that do not stand yet; returns how many.

    A row that stands is left as it is. Runs after each migrate; `apps` is then what stands after
    it, which a step backwards may leave without the tables.
    """
    if apps is not None and "specialdisease" not in apps.all_models["claims"]:
        return 0
    data = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    entered = 0
    for row in data["diseases"]:
        term = row.pop("term")
        disease, made = SpecialDisease.objects.get_or_create(code=row.pop("code"), defaults=row)
        if made:
            DiseaseTerm.objects.create(disease=disease, **term)
            entered += 1
    for row in data["calendars"]:
        _found, made = ReviewCalendar.objects.get_or_create(
            starts_on=row.pop("starts_on"), defaults=row
        )
        entered += made
    return entered
