"""Institutions with their agreements by file: the import of the command, shown before it is done.

What changes is read from the tables themselves: the rows before and after, in a transaction
that is undone unless everything is in order and confirmed.
"""

from collections import defaultdict
from datetime import datetime
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from enrollment.access.models import User
from enrollment.handfiles.proposals import Change, Proposal
from enrollment.institutions import columns
from enrollment.institutions.imports import import_institutions
from enrollment.institutions.models import Institution
from enrollment.sheets import SheetRefused
from enrollment.values.identifiers import mask_account

Rows = dict[str, dict[str, str]]


def work(path: Path, _actor: User, _at: datetime, dry_run: bool) -> Proposal:
    """Look at a file of institutions, and enter it unless `dry_run`.

    Raises SheetRefused for what is no spreadsheet.
    """
    with transaction.atomic():
        before = _rows()
        try:
            result = import_institutions(path)
        except ImproperlyConfigured as error:
            raise SheetRefused(str(error)) from error
        after = _rows()
        transaction.set_rollback(dry_run or result.rejected > 0)
    changes = [
        Change(
            f"{code} {row[columns.NAME.title]}",
            {key: before[code][key] for key in row if before[code][key] != row[key]}
            if code in before
            else {},
            {key: value for key, value in row.items() if _differs(before.get(code), key, value)},
        )
        for code, row in after.items()
        if before.get(code) != row
    ]
    return Proposal(changes, result.unchanged, result.rejects, result.warnings)


def _differs(before: dict[str, str] | None, key: str, value: str) -> bool:
    return bool(value) if before is None else before[key] != value


def _rows() -> Rows:
    """Every institution by code, in the words of the file; two statements."""
    rows: Rows = {}
    agreements: defaultdict[int, list[str]] = defaultdict(list)
    listed = Institution.objects.select_related("parent", "division").order_by("code")
    for one in listed.prefetch_related("agreements"):
        for agreement in one.agreements.all():
            agreements[one.pk].append(f"{agreement.starts_on} – {agreement.ends_on}")
        rows[one.code] = {
            columns.NAME.title: one.name,
            columns.CREDIT_CODE.title: one.credit_code,
            columns.KIND.title: str(one.get_kind_display()),
            columns.LEVEL.title: str(one.get_level_display()),
            columns.DIVISION.title: str(one.division or ""),
            columns.PARENT.title: one.parent.code if one.parent else "",
            columns.ACCOUNT_NO.title: mask_account(one.account_no),
            columns.ACCOUNT_NAME.title: one.account_name,
            columns.ADDRESS.title: one.address,
            "协议": "、".join(sorted(agreements[one.pk])),
        }
    return rows
