"""Where this checkout keeps its embedded servers' data and its generated secrets."""

import os
from pathlib import Path


def data_dir(base_dir: Path) -> Path:
    """The directory of local data: `PORTAL_DATA_DIR`, else `var/` of the checkout."""
    named = os.environ.get("PORTAL_DATA_DIR", "")
    return Path(named).resolve() if named else base_dir / "var"
