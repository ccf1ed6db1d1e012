"""A scheme as YAML, in the form of the files that the portal ships. Imports no Django."""

from collections.abc import Mapping
from typing import Any

import yaml


def as_yaml(data: Mapping[str, Any]) -> str:
    """The YAML text of a scheme's data; `load_policies` finds nothing new in it."""
    return yaml.safe_dump(dict(data), allow_unicode=True, sort_keys=False, width=100)
