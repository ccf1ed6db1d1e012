"""Whatever takes a file is found in the code, and has its two hundred bad ones."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from claims.tests import test_malformed_policies as policies
from claims.tests import test_malformed_returns as returns
from claims.tests import test_malformed_scans as scans
from claims.tests import test_malformed_uploads as uploads
from claims.tests import test_quoting as quoting
from enrollment.tests import test_malformed_divisions as divisions
from enrollment.tests import test_malformed_files as files
from enrollment.tests import test_malformed_handfiles as handfiles

ROLLS = len(files.BROKEN_ROLLS) + len(files.BAD_ROLL_CELLS)
INSTITUTIONS = len(files.BROKEN_LISTS) + len(files.BAD_LIST_CELLS)
DIVISIONS = len(divisions.BROKEN) + len(divisions.BAD) + len(divisions.ODD)
UPLOADS = len(uploads.BROKEN) + len(uploads.BAD)
RETURNS = len(returns.BROKEN) + len(returns.BAD) + len(returns.ODD)
POLICIES = len(list(policies.places(policies.SCHEME))) * len(policies.POISON) // policies.EVERY
QUOTES = len(quoting.malformed()) + len(quoting.BAD_LINES) + len(quoting.REFUSED)
IDENTITIES = len(handfiles.BROKEN_IDENTITIES) + len(handfiles.BAD_IDENTITIES)
PREMIUMS = len(handfiles.BROKEN_PREMIUMS) + len(handfiles.BAD_PREMIUMS)
SCANS = len(scans.FILES)

# Who opens a spreadsheet, and how many bad ones are tried.
SHEETS = {
    "enrollment.roll.services": ROLLS,
    "enrollment.jobs.files": ROLLS,  # looks at the head; the roll's services read the file
    "enrollment.institutions.imports": INSTITUTIONS,
    "enrollment.divisions.services": DIVISIONS,
    "enrollment.handfiles.identities": IDENTITIES,
    "enrollment.handfiles.premiums": PREMIUMS,
    "claims.uploads.services": UPLOADS,
}
# Forms and fields that take a file from a browser.
FORMS = {
    "enrollment.jobs.admin_forms": ROLLS,
    "enrollment.handfiles.views": min(INSTITUTIONS, IDENTITIES, PREMIUMS),
    "claims.policybook.admin_forms": POLICIES,
    "claims.payments.admin_views": RETURNS,
    "claims.attachments.views": SCANS,
}
# Commands that take a file from the operator.
COMMANDS = {
    "import_roll": ROLLS,
    "import_institutions": INSTITUTIONS,
    "load_divisions": DIVISIONS,
    "import_claims": UPLOADS,
    "read_bank_return": RETURNS,
    "load_policies": POLICIES,
    "quote": QUOTES,
}
# Files that the portal wrote itself: proved by their own checksums (`config/tests/test_backup.py`).
OWN_FILES = {"restore"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the portal but tests and migrations: dotted name and syntax tree."""
    root = Path(settings.BASE_DIR)
    for app in ("config", "enrollment", "claims", "supervision"):
        for path in (root / app).rglob("*.py"):
            parts = path.relative_to(root).with_suffix("").parts
            if not {"tests", "migrations"} & set(parts):
                yield ".".join(parts), ast.parse(path.read_text(encoding="utf-8"))


def called(node: ast.AST) -> str:
    """The last name of what a call calls."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def test_every_reader_of_a_spreadsheet_is_tried() -> None:
    found = {
        name
        for name, tree in modules()
        if not name.startswith("enrollment.sheets.")
        and any(called(node) == "open_sheet" for node in ast.walk(tree))
    }
    assert found == set(SHEETS)


def takes_file(node: ast.AST) -> bool:
    """A file field, or a class of one."""
    if isinstance(node, ast.ClassDef):
        return any(getattr(base, "attr", "") == "FileField" for base in node.bases)
    return called(node) == "FileField"


def test_every_form_that_takes_a_file_is_tried() -> None:
    found = {name for name, tree in modules() if any(map(takes_file, ast.walk(tree)))}
    assert found == set(FORMS)


def test_every_command_that_takes_a_file_is_tried() -> None:
    found = {
        name.rpartition(".")[2]
        for name, tree in modules()
        if ".management.commands." in name
        for node in ast.walk(tree)
        if called(node) == "add_argument"
        and isinstance(node, ast.Call)
        and isinstance(first := node.args[0], ast.Constant)
        and first.value in ("file", "path")
    }
    assert found == set(COMMANDS) | OWN_FILES


@pytest.mark.parametrize(("reader", "tried"), sorted({**SHEETS, **FORMS, **COMMANDS}.items()))
def test_two_hundred_bad_files_are_tried(reader: str, tried: int) -> None:
    assert tried >= 200, reader
