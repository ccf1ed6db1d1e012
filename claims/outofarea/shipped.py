"""Entering the filing rules that the portal ships."""

from pathlib import Path
from typing import Any

import yaml

from claims.outofarea.models import FilingRule

SHIPPED = Path(__file__).parent / "shipped.yaml"


def load_shipped_rules(*, apps: Any = None, **_signal: Any) -> int:
    """Enter the shipped rows that do not stand yet; returns how many.

    A row that stands is left as it is. Runs after each migrate; `apps` is then what stands after
    it, which a step backwards may leave without the table.
    """
    if apps is not None and "filingrule" not in apps.all_models["claims"]:
        return 0
    entered = 0
    for row in yaml.safe_load(SHIPPED.read_text(encoding="utf-8")):
        _found, made = FilingRule.objects.get_or_create(
            starts_on=row.pop("starts_on"), defaults=row
        )
        entered += made
    return entered
