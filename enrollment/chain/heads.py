"""The file of heads: one line of JSON per link, to be copied where the portal cannot write.

{"number": 12, "digest": "9f0c…", "closed_at": "2026-11-03T05:10:00+08:00"}
"""

import json
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from enrollment.chain.models import AuditLink


@dataclass(frozen=True)
class Head:
    """A link as it was noted outside the database."""

    number: int
    digest: str


def heads_file() -> Path:
    """Where this installation notes them."""
    return Path(settings.AUDIT_HEADS_FILE)


def write_head(link: AuditLink) -> None:
    """Append the link to the file."""
    path = heads_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as stream:
        stream.write(head_line(link) + "\n")


def head_line(link: AuditLink) -> str:
    """The link as a line of JSON."""
    said = {
        "number": link.number,
        "digest": link.digest,
        "closed_at": timezone.localtime(link.closed_at).isoformat(),
    }
    return json.dumps(said)


def read_heads(path: Path) -> list[Head]:
    """What the file says. Raises ValueError with the number of the line that is none."""
    heads = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            said = json.loads(line)
            heads.append(Head(int(said["number"]), str(said["digest"])))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(number) from error
    return heads
