"""Loading one region of the national list of divisions."""

import re
from collections import defaultdict, deque
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from enrollment.bureau.selectors import current_bureau
from enrollment.divisions.models import Division
from enrollment.sheets import Column, SheetRefused, open_sheet

COLUMNS = (
    Column("code", "代码", required=True),
    Column("name", "名称", required=True),
    Column("level", "级别", required=True),
    Column("parent_code", "上级代码", required=True),
)


def load_divisions(path: Path, root: str, *, dry_run: bool = False) -> dict[str, int]:
    """Load the division `root` (6 or 12 digits), all below it and its line of parents.

    The first region loaded becomes the bureau's own. Counts created, updated and unchanged.
    Raises SheetRefused, with nothing written, for an unreadable file, a faulty line or a root
    that the file does not have. Divisions that the
    file no longer has stay: residents refer to them.
    """
    code = root.ljust(12, "0") if re.fullmatch(r"[0-9]{6}|[0-9]{12}", root) else ""
    if not code:
        raise SheetRefused(
            _("“%(code)s” is no division code: give 6 or 12 digits.") % {"code": root}
        )
    listed = _read(path)
    if code not in listed:
        raise SheetRefused(
            _("%(file)s does not list the division %(code)s.") % {"file": path.name, "code": code}
        )
    wanted = [
        Division(code=key, name=name, level=level, parent_id=parent if parent in listed else None)
        for key in _region(listed, code)
        for name, level, parent in [listed[key]]
    ]
    with transaction.atomic():
        stored = Division.objects.in_bulk([division.code for division in wanted])
        created = [division for division in wanted if division.code not in stored]
        updated = [
            division
            for division in wanted
            if division.code in stored and _differs(division, stored[division.code])
        ]
        Division.objects.bulk_create(created)
        Division.objects.bulk_update(updated, ["name", "level", "parent"], batch_size=1000)
        bureau = current_bureau()
        if bureau.division_id is None:
            bureau.division_id = code
            bureau.save()
        transaction.set_rollback(dry_run)
    return {
        "created": len(created),
        "updated": len(updated),
        "unchanged": len(wanted) - len(created) - len(updated),
    }


def _read(path: Path) -> dict[str, tuple[str, str, str]]:
    listed: dict[str, tuple[str, str, str]] = {}
    for row in open_sheet(path, COLUMNS).rows():
        if row.fault:
            raise SheetRefused(f"{row.line}: {row.fault.reason} {row.fault.remedy}")
        code, name, level, parent = row.cells
        if not re.fullmatch(r"[0-9]{12}", code) or not name or level not in Division.Level.values:
            raise SheetRefused(
                _("Row %(line)d is no division: it needs a 12-digit code, a name and a level.")
                % {"line": row.line}
            )
        listed[code] = (name, level, parent)
    return listed


def _region(listed: dict[str, tuple[str, str, str]], root: str) -> list[str]:
    """Parents first: the line above the root, then everything below it."""
    children: defaultdict[str, list[str]] = defaultdict(list)
    for code, (_name, _level, parent) in listed.items():
        children[parent].append(code)
    line = [root]
    while (parent := listed[line[0]][2]) in listed and parent not in line:
        line.insert(0, parent)
    below: list[str] = []
    queue = deque(children[root])
    while queue:
        code = queue.popleft()
        below.append(code)
        queue.extend(children[code])
    return line + below


def _differs(one: Division, other: Division) -> bool:
    return (one.name, one.level, one.parent_id) != (other.name, other.level, other.parent_id)
