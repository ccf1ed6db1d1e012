"""Entering the figures that the portal ships."""

from pathlib import Path
from typing import Any

import yaml

from enrollment.parameters.models import LegalParameter

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
