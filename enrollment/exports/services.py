"""Writing a list to a file, at once or by a worker, and forgetting the files."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.http import HttpRequest, QueryDict
from django.test.client import RequestFactory
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from enrollment.access.models import User
from enrollment.exports.files import open_writer
from enrollment.exports.models import Export
from enrollment.exports.rows import chunks, header
from enrollment.lists.changelist import PortalChangeList
from enrollment.values.identifiers import mask_id

# Rows that are written while the browser waits; more are a worker's job.
AT_ONCE = 5_000
# An Excel sheet holds no more.
MOST = 1_000_000
KEPT = timedelta(days=7)
_LONGEST_FILTERS = 500
_ID_LENGTH = 18


def start_export(
    request: HttpRequest, label: str, kind: str, *, actor: User, at: datetime
) -> Export:
    """Log the export and write it, or leave it to a worker when the list is long.

    `label` is the model's, `kind` a `Export.Format`; the request's query narrows the list.
    Raises PermissionDenied for a list that the actor may not see, ValidationError for an empty
    one or one that no sheet holds.
    """
    changelist = list_for(label, request.GET.urlencode(), actor)
    if not changelist.result_list:
        raise ValidationError(_("The list is empty: there is nothing to export."))
    if changelist.counted.rows > MOST:
        raise ValidationError(_("No sheet holds so many records: choose filters first."))
    forget_files(at)
    export = Export.objects.create(
        actor=actor,
        list=label,
        query=request.GET.urlencode(),
        filters=_in_words(changelist)[:_LONGEST_FILTERS],
        format=kind,
        language=translation.get_language() or settings.LANGUAGE_CODE,
        created_at=at,
    )
    if changelist.counted.is_exact and changelist.counted.rows <= AT_ONCE:
        _write(export, changelist, Export.State.SENT)
    else:
        from enrollment.exports.tasks import export_task

        transaction.on_commit(lambda: export_task.delay(export.pk))
    return export


def log_sent(
    label: str, *, kind: str, filters: str, rows: int, actor: User, at: datetime
) -> Export:
    """Note a file that a page of its own makes and sends at once; one insert.

    `label` is the model's that the file is about, `filters` says in words what is in it.
    """
    return Export.objects.create(
        actor=actor,
        list=label,
        filters=filters[:_LONGEST_FILTERS],
        format=kind,
        language=translation.get_language() or settings.LANGUAGE_CODE,
        state=Export.State.SENT,
        rows=rows,
        created_at=at,
        finished_at=at,
    )


def run_export(export_id: int) -> int:
    """Write a logged export; rows written. Safe to run again: a finished one stays."""
    export = Export.objects.select_related("actor").get(pk=export_id)
    if export.state != Export.State.RUNNING:
        return export.rows
    with translation.override(export.language):
        try:
            changelist = list_for(export.list, export.query, export.actor)
            _write(export, changelist, Export.State.READY)
        except PermissionDenied:
            _fail(export, _("The permission to see or export this list is gone."))
        except ValidationError as error:
            _fail(export, " ".join(error.messages))
        except OSError:
            _fail(export, _("The file could not be written: tell the system operator."))
        except DatabaseError:
            _fail(export, _("The list could not be read: try again later."))
    return export.rows


def list_for(label: str, query: str, actor: User) -> PortalChangeList:
    """The list as this user sees it with that query; PermissionDenied when they may not."""
    screen = screen_of(label)
    request = cast("HttpRequest", RequestFactory().get("/", QueryDict(query)))
    request.user = actor
    if not (
        actor.is_active
        and actor.has_perm("enrollment.export_list")
        and screen.exports_as_shown
        and screen.has_view_or_change_permission(request)
    ):
        raise PermissionDenied(_("You may not export this list."))
    changelist: PortalChangeList = screen.get_changelist_instance(request)
    return changelist


def screen_of(label: str) -> Any:
    """The screen of a model's label; PermissionDenied when there is none."""
    for model, screen in admin.site._registry.items():
        if model._meta.label_lower == label:
            return screen
    raise PermissionDenied(_("You may not export this list."))


def forget_files(at: datetime) -> int:
    """Delete the files that were kept long enough; how many."""
    old = Export.objects.filter(state=Export.State.READY, created_at__lt=at - KEPT)
    for export in old:
        path_of(export).unlink(missing_ok=True)
    return old.update(state=Export.State.EXPIRED)


def path_of(export: Export) -> Path:
    """Where the file is, in the portal's own data."""
    folder = Path(settings.PORTAL_DATA_DIR) / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{export.pk}.{export.format}"


def _write(export: Export, changelist: PortalChangeList, done: str) -> None:
    """All rows into a part file, which gets its name when it is whole."""
    path = path_of(export)
    part = path.with_suffix(".part")
    writer = open_writer(export.format, part, header(changelist))
    rows = 0
    try:
        for chunk in chunks(changelist):
            writer.rows(chunk)
            rows += len(chunk)
            if rows > MOST:
                raise ValidationError(_("No sheet holds so many records: choose filters first."))
            Export.objects.filter(pk=export.pk).update(rows=rows)
    finally:
        writer.close()
    part.replace(path)
    export.rows, export.state, export.finished_at = rows, done, timezone.now()
    export.save(update_fields=["rows", "state", "finished_at"])


def _fail(export: Export, reason: str) -> None:
    path_of(export).with_suffix(".part").unlink(missing_ok=True)
    export.state, export.failure, export.finished_at = Export.State.FAILED, reason, timezone.now()
    export.save(update_fields=["state", "failure", "finished_at"])


def _in_words(changelist: PortalChangeList) -> str:
    """The filters, an identity number among them masked."""
    words = changelist.bar.in_words
    term = changelist.query.strip().replace(" ", "")
    return words.replace(changelist.query, mask_id(term)) if len(term) == _ID_LENGTH else words
