"""Writing a list to its file, exactly as its reader sees it."""

from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError
from django.http import HttpRequest, QueryDict
from django.test.client import RequestFactory
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from enrollment.access.models import User
from enrollment.access.scope import covers, is_limited
from enrollment.exports.files import open_writer
from enrollment.exports.models import Export
from enrollment.exports.rows import chunks, header
from enrollment.lists.changelist import PortalChangeList

# An Excel sheet holds no more.
MOST = 1_000_000
_LONGEST_FAILURE = 200


def run_export(export_id: int) -> int:
    """Write a logged export; rows written. Safe to run again: a finished one stays."""
    export = Export.objects.select_related("actor").get(pk=export_id)
    if export.state != Export.State.RUNNING:
        return export.rows
    with translation.override(export.language):
        try:
            changelist = list_for(export.list, export.query, export.actor)
            refuse_faults(changelist)
            write(export, changelist, Export.State.READY)
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
        and screen.has_view_or_change_permission(request)
    ):
        raise PermissionDenied(_("You may not export this list."))
    changelist: PortalChangeList = screen.get_changelist_instance(request)
    return changelist


def refuse_faults(changelist: PortalChangeList) -> None:
    """Raise ValidationError with what the list says about filters that it cannot understand."""
    if changelist.faults:
        raise ValidationError(changelist.faults)


def screen_of(label: str) -> Any:
    """The screen of a model's label; PermissionDenied when there is none."""
    for model, screen in admin.site._registry.items():
        if model._meta.label_lower == label:
            return screen
    raise PermissionDenied(_("You may not export this list."))


def path_of(export: Export) -> Path:
    """Where the file is, in the portal's own data."""
    folder = Path(settings.PORTAL_DATA_DIR) / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{export.pk}.{export.format}"


def write(export: Export, changelist: PortalChangeList, done: str) -> None:
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
    export.townships = " ".join(export.actor.divisions)
    export.save(update_fields=["rows", "state", "finished_at", "townships"])


def why_not_fetch(export: Export, actor: User) -> str:
    """Why the actor may no longer have the file: it holds more than they may see today."""
    if not is_limited(actor):
        return ""
    cut_by = export.townships.split()
    if cut_by and all(covers(actor, code) for code in cut_by):
        return ""
    return _(
        "The file was made when you worked for more townships than today. Export the list again."
    )


def _fail(export: Export, reason: str) -> None:
    path_of(export).with_suffix(".part").unlink(missing_ok=True)
    export.state, export.finished_at = Export.State.FAILED, timezone.now()
    export.failure = reason[:_LONGEST_FAILURE]
    export.save(update_fields=["state", "failure", "finished_at"])
