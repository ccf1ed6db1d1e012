"""Assistance identities by file: what civil affairs and the villages send month by month.

A line grants an identity, or ends one that stands with the same first day earlier. Both go
through the services, so that each is logged with its paper and by whom.
"""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.results import RowResult
from import_export.widgets import Widget

from enrollment.access.models import User
from enrollment.handfiles.proposals import MAX_ROWS, Change, Proposal
from enrollment.privacy.crypto import digest
from enrollment.residents.models import AssistanceIdentity, IdentityKind, Person
from enrollment.residents.services import end_identity, grant_identity
from enrollment.roll import faults
from enrollment.roll.columns import CATEGORIES
from enrollment.sheets import Column, Reject, RowFault, open_sheet, parse_day
from enrollment.transitions.table import TransitionRefused
from enrollment.values.identifiers import IdError, mask_id, parse_resident_id

ID_NUMBER = Column("id_number", "证件号码", required=True)
NAME = Column("name", "姓名", required=True)
KIND = Column("kind", "困难身份", required=True)
STARTS = Column("starts_on", "起始日期", required=True)
ENDS = Column("ends_on", "截止日期")
DOCUMENT = Column("document", "依据文件", required=True)
COLUMNS = (ID_NUMBER, NAME, KIND, STARTS, ENDS, DOCUMENT)
_TITLES = {column.key: column.title for column in COLUMNS} | {"person": ID_NUMBER.title}


class _Read(Widget):  # type: ignore[misc]  # the library has no types
    """Takes values that `read_row` has read already."""

    def clean(self, value: Any, row: Mapping[str, Any] | None = None, **kwargs: Any) -> Any:
        """As it is."""
        return value


class IdentityResource(ModelResource):  # type: ignore[misc]  # the library has no types
    """Identities, known by resident, kind and first day."""

    person = Field("person", "person", widget=_Read())
    kind = Field("kind", "kind", widget=_Read())
    starts_on = Field("starts_on", "starts_on", widget=_Read())
    ends_on = Field("ends_on", "ends_on", widget=_Read())
    document = Field("document", "document", widget=_Read())

    class Meta:
        model = AssistanceIdentity
        fields = ("person", "kind", "starts_on", "ends_on", "document")
        import_id_fields = ("person", "kind", "starts_on")
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True
        store_instance = True
        skip_html_diff = True

    def __init__(self, actor: User, at: datetime) -> None:
        """Who enters the file, and when."""
        super().__init__()
        self._actor, self._at = actor, at

    def skip_row(self, instance: Any, original: Any, row: Any, errors: Any = None) -> bool:
        """The paper of an identity that stands is not rewritten."""
        return not errors and instance.pk is not None and instance.ends_on == original.ends_on

    def do_instance_save(self, instance: AssistanceIdentity, is_create: bool) -> None:
        """Grant or end, by the services."""
        if is_create:
            granted = grant_identity(
                instance.person,
                kind=instance.kind,
                starts_on=instance.starts_on,
                ends_on=instance.ends_on,
                document=instance.document,
                actor=self._actor,
                at=self._at,
            )
            instance.pk = granted.pk
            return
        if instance.ends_on is None:
            raise ValidationError({"ends_on": _("An identity that ends cannot be made endless.")})
        stored = AssistanceIdentity.objects.get(pk=instance.pk)
        end_identity(
            stored,
            ends_on=instance.ends_on,
            document=instance.document,
            actor=self._actor,
            at=self._at,
        )


def work(path: Path, actor: User, at: datetime, dry_run: bool) -> Proposal:
    """Look at a file of identities, and enter it unless `dry_run`.

    Raises SheetRefused for what is no spreadsheet.
    """
    sheet = open_sheet(path, COLUMNS)
    found: list[Reject] = []
    lines: list[int] = []
    read: dict[tuple[Any, ...], int] = {}
    rows = tablib.Dataset(headers=["person", "kind", "starts_on", "ends_on", "document"])
    for row in sheet.rows():
        if row.fault is not None:
            found.append(row.fault)
            continue
        if len(lines) >= MAX_ROWS:
            found.append(_too_many(row.line))
            break
        try:
            values = read_row(row.cells)
            first = read.setdefault(values[:3], row.line)
            if first != row.line:
                raise faults.twice(first)
        except RowFault as fault:
            found.append(fault.at(row.line))
            continue
        rows.append(values)
        lines.append(row.line)
    result = IdentityResource(actor, at).import_data(
        rows,
        dry_run=dry_run or bool(found),
        use_transactions=True,
        rollback_on_validation_errors=True,
    )
    changes = []
    unchanged = 0
    for line, row_result in zip(lines, result.rows, strict=True):
        problem = _problem(row_result)
        if problem is not None:
            found.append(problem.at(line))
        elif row_result.import_type == RowResult.IMPORT_TYPE_SKIP:
            unchanged += 1
        else:
            changes.append(_change(row_result))
    return Proposal(changes, unchanged, sorted(found), sheet.warnings)


def read_row(cells: tuple[str, ...]) -> tuple[Person, str, date, date | None, str]:
    """A line's values; raises RowFault."""
    number, name, kind, starts, ends, document = cells
    for column, text in zip(COLUMNS, cells, strict=True):
        if column.required and not text:
            raise faults.empty(column)
    if len(document) > 120:
        raise faults.too_long(DOCUMENT, 120)
    try:
        resident = parse_resident_id(number)
    except IdError as error:
        raise faults.bad_id(error.fault) from error
    person = Person.objects.filter(id_digest=digest(resident.number, "id")).first()
    if person is None:
        raise RowFault(
            ID_NUMBER.title,
            _("No resident has this number."),
            _("Compare it with the identity card; newcomers come in with the roll."),
        )
    if person.name != name:
        raise RowFault(
            NAME.title,
            _("The number belongs to somebody of another name."),
            _("Compare both with the identity card and correct the wrong one."),
        )
    code = CATEGORIES.get(kind, kind)
    if code not in IdentityKind.values:
        allowed = "、".join(
            word for word, known in CATEGORIES.items() if known in IdentityKind.values
        )
        raise faults.unknown_word(KIND, kind, allowed)
    return person, code, _day(STARTS, starts), _day(ENDS, ends) if ends else None, document


def _day(column: Column, text: str) -> date:
    try:
        day = parse_day(text)
    except ValueError as error:
        raise faults.unreadable(column, _("Write the date like 2026-09-01.")) from error
    if not 2000 <= day.year <= 2100:
        raise faults.unreadable(column, _("Write the date like 2026-09-01."))
    return day


def _too_many(line: int) -> Reject:
    fault = RowFault(
        ID_NUMBER.title,
        _("The file has more than %(limit)d rows.") % {"limit": MAX_ROWS},
        _("Split it, or let the identities come with the roll."),
    )
    return fault.at(line)


def _problem(result: RowResult) -> RowFault | None:
    """Why the services or the database refuse the line."""
    if result.validation_error is not None:
        error = result.validation_error
        by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        key, texts = next(iter(by_field.items()))
        return _refused(_TITLES.get(key, KIND.title), " ".join(texts))
    for error in result.errors:
        if isinstance(error.error, TransitionRefused):
            return _refused(KIND.title, str(error.error))
        raise error.error
    return None


def _refused(column: str, text: str) -> RowFault:
    return RowFault(column, text, _("Look at the resident's page and correct the row."))


def _change(result: RowResult) -> Change:
    identity: AssistanceIdentity = result.instance
    title = f"{identity.person.name} {mask_id(identity.person.id_number)}"
    after = {
        KIND.title: str(identity.get_kind_display()),
        STARTS.title: identity.starts_on.isoformat(),
        ENDS.title: identity.ends_on.isoformat() if identity.ends_on else "",
        DOCUMENT.title: identity.document,
    }
    if result.import_type == RowResult.IMPORT_TYPE_NEW:
        return Change(title, {}, after)
    old = result.original.ends_on
    before = {**after, ENDS.title: old.isoformat() if old else ""}
    before[DOCUMENT.title] = result.original.document
    return Change(
        f"{title} · {after[KIND.title]}",
        before,
        {k: after[k] for k in (ENDS.title, DOCUMENT.title)},
    )
