"""The smallest demonstration county in which everything still happens."""

from datetime import date
from typing import Any

from config.demo.county.loading import DemoCounty, Scale, load_county

ON = date(2026, 11, 24)
FEW = Scale(residents=400, days=3)
PASSWORD = "a-password-for-tests"


def load(**options: Any) -> DemoCounty:
    """Load it; `options` as of `load_county`."""
    defaults = {"on": ON, "seed": 1, "scale": FEW, "password": PASSWORD}
    return load_county(**{**defaults, **options})
