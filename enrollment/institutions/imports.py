"""Importing institutions with their agreements: some hundreds of rows, one transaction.

A code may stand in several rows when they give several agreements; what they say of the
institution itself must then be the same. An empty cell says nothing: what is stored stays.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from enrollment.divisions.models import Division
from enrollment.divisions.selectors import code_prefix, own_county
from enrollment.institutions import columns
from enrollment.institutions.models import Agreement, Institution
from enrollment.institutions.parsing import InstitutionRow, parse_row
from enrollment.sheets import Reject, RowFault, Sheet, open_rejects, open_sheet
from enrollment.values.identifiers import is_institution_code

_DIVISION_CODE = re.compile(r"[1-9][0-9]{5}([0-9]{3}|[0-9]{6})?")
_FIELDS = (
    "name",
    "credit_code",
    "kind",
    "level",
    "division_id",
    "in_county",
    "parent_id",
    "account_no",
    "account_name",
    "address",
)


@dataclass
class InstitutionImport:
    """What an import did, counted in rows of the file."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    seconds: Any = 0
    warnings: tuple[str, ...] = ()
    rejects: tuple[Reject, ...] = ()

    def counts(self) -> dict[str, Any]:
        """What the command prints."""
        names = ("read", "created", "updated", "unchanged", "rejected", "seconds")
        return {name: getattr(self, name) for name in names}


@dataclass
class _Register:
    """What is stored, and what this import has added to it."""

    institutions: dict[str, Institution]
    agreements: dict[str, list[tuple[date, date]]]
    divisions: dict[str, Division]
    names: dict[str, list[str]]
    county: str
    seen: dict[str, InstitutionRow] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def import_institutions(
    path: Path, *, rejects_to: Path | None = None, dry_run: bool = False
) -> InstitutionImport:
    """Import a file of institutions; the same file again changes nothing.

    Raises SheetRefused (nothing written) when the file cannot be read and ImproperlyConfigured
    when the portal does not know its county.
    """
    started = perf_counter()
    sheet = open_sheet(path, columns.COLUMNS)
    result = InstitutionImport(warnings=sheet.warnings)
    with transaction.atomic(), open_rejects(rejects_to) as rejects:
        register = _register()
        faults: list[Reject] = []
        pending = _parsed(sheet, result, faults)
        while pending:
            waiting = {row.code for row in pending}
            later = []
            for row in pending:
                if row.parent in waiting and row.parent not in register.institutions:
                    later.append(row)  # its parent comes further down in the file
                    continue
                try:
                    is_new, is_changed = _take(row, register)
                except RowFault as fault:
                    faults.append(fault.at(row.line))
                    continue
                result.created += is_new
                result.updated += is_changed and not is_new
                result.unchanged += not is_changed
            if len(later) == len(pending):
                faults += [_no_parent(row).at(row.line) for row in later]
                break
            pending = later
        result.rejects = tuple(sorted(faults))
        for reject in result.rejects:
            rejects.add(reject)
        result.rejected = rejects.count
        result.warnings += tuple(register.warnings)
        transaction.set_rollback(dry_run)
    result.seconds = round(perf_counter() - started, 2)
    return result


def _parsed(sheet: Sheet, result: InstitutionImport, faults: list[Reject]) -> list[InstitutionRow]:
    rows = []
    for row in sheet.rows():
        result.read += 1
        if row.fault is not None:
            faults.append(row.fault)
            continue
        try:
            rows.append(parse_row(row))
        except RowFault as fault:
            faults.append(fault.at(row.line))
    return rows


def _register() -> _Register:
    institutions = {one.code: one for one in Institution.objects.select_for_update(no_key=True)}
    agreements: dict[str, list[tuple[date, date]]] = {code: [] for code in institutions}
    for code, first, last in Agreement.objects.values_list(
        "institution__code", "starts_on", "ends_on"
    ):
        agreements[code].append((first, last))
    county = code_prefix(own_county())
    divisions = Division.objects.in_bulk()
    names: dict[str, list[str]] = {}
    for division in divisions.values():
        names.setdefault(division.name, []).append(division.code)
    return _Register(institutions, agreements, divisions, names, county)


def _take(row: InstitutionRow, register: _Register) -> tuple[bool, bool]:
    """Store one row; (whether the institution is new, whether anything changed)."""
    first = register.seen.get(row.code)
    if first is not None and _facts(first) != _facts(row):
        raise RowFault(
            columns.CODE.title,
            _("Row %(line)d says something else of this code.") % {"line": first.line},
            _("Give a code twice only for a further agreement, everything else the same."),
        )
    _check_agreement(row, register)
    stored = register.institutions.get(row.code)
    if stored is None and not is_institution_code(row.code):
        raise RowFault(
            columns.CODE.title,
            _("A code is H (medical institution) or P (pharmacy) and 11 digits."),
            _("Use the national code, such as H43312700001."),
        )
    division = _division(row, register)
    parent_id = _parent(row, stored, register)
    institution = stored or Institution(
        code=row.code, kind=row.kind, level=columns.DEFAULT_LEVEL[row.kind]
    )
    before = [getattr(institution, name) for name in _FIELDS]
    institution.name = row.name
    institution.kind = row.kind
    institution.level = row.level or institution.level
    institution.credit_code = row.credit_code or institution.credit_code
    institution.address = row.address or institution.address
    if division is not None:
        institution.division_id = division if division in register.divisions else None
        institution.in_county = division.startswith(register.county)
    institution.parent_id = parent_id or institution.parent_id
    if row.account_no:
        institution.account_no = row.account_no
        institution.account_name = row.account_name or row.name
    changed = stored is None or before != [getattr(institution, name) for name in _FIELDS]
    if changed:
        institution.save()
    register.institutions[row.code] = institution
    register.seen.setdefault(row.code, row)
    known = register.agreements.setdefault(row.code, [])
    if row.agreement is not None and row.agreement not in known:
        Agreement.objects.create(
            institution=institution, starts_on=row.agreement[0], ends_on=row.agreement[1]
        )
        known.append(row.agreement)
        changed = True
    return stored is None, changed


def _facts(row: InstitutionRow) -> tuple[str, ...]:
    return (
        row.name,
        row.credit_code,
        row.kind,
        row.level,
        row.division,
        row.parent,
        row.account_no,
        row.account_name,
        row.address,
    )


def _check_agreement(row: InstitutionRow, register: _Register) -> None:
    if row.agreement is None:
        return
    first, last = row.agreement
    for starts_on, ends_on in register.agreements.get(row.code, []):
        if (starts_on, ends_on) != row.agreement and starts_on <= last and first <= ends_on:
            raise RowFault(
                columns.AGREEMENT_FROM.title,
                _("It overlaps the agreement from %(first)s to %(last)s.")
                % {"first": starts_on, "last": ends_on},
                _("Agreements of one institution may not share a day: correct the dates."),
            )


def _division(row: InstitutionRow, register: _Register) -> str | None:
    """The division's code; one of another county need not be loaded, and is then not kept."""
    if not row.division:
        return None
    code = row.division.ljust(12, "0") if _DIVISION_CODE.fullmatch(row.division) else ""
    if code in register.divisions:
        return code
    if code and not code.startswith(register.county):
        register.warnings.append(
            _("Row %(line)d: division %(code)s is not loaded; taken as outside the county.")
            % {"line": row.line, "code": row.division}
        )
        return code
    found = register.names.get(row.division, [])
    own = [code for code in found if code.startswith(register.county)] or found
    if len(own) != 1:
        raise RowFault(
            columns.DIVISION.title,
            _("“%(text)s” is no division that is loaded, or more than one.")
            % {"text": row.division[:40]},
            _("Use the code in the list of divisions. An operator loads what it lacks."),
        )
    return own[0]


def _parent(row: InstitutionRow, stored: Institution | None, register: _Register) -> int | None:
    if not row.parent:
        return None
    parent = register.institutions.get(row.parent)
    if parent is None or (stored is not None and _is_above(stored, parent, register)):
        raise _no_parent(row)
    return parent.pk


def _no_parent(row: InstitutionRow) -> RowFault:
    return RowFault(
        columns.PARENT.title,
        _("“%(code)s” cannot be the parent: unknown, rejected, or below this institution.")
        % {"code": row.parent[:20]},
        _("Give the code of an institution of this file or of the register."),
    )


def _is_above(institution: Institution, parent: Institution, register: _Register) -> bool:
    by_id = {one.pk: one for one in register.institutions.values()}
    above: Institution | None = parent
    while above is not None:
        if above.pk == institution.pk:
            return True
        above = by_id.get(above.parent_id) if above.parent_id else None
    return False
