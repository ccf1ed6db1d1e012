"""Asking for a list as a file, at once or from a worker, and forgetting the files."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from enrollment.access.models import User
from enrollment.exports.models import Export
from enrollment.exports.running import MOST, list_for, path_of, refuse_faults, write
from enrollment.exports.tasks import export_task
from enrollment.lists.changelist import PortalChangeList
from enrollment.values.identifiers import mask_id

# Rows that are written while the browser waits; more are a worker's job.
AT_ONCE = 5_000
KEPT = timedelta(days=7)
_LONGEST_FILTERS = 500
_ID_LENGTH = 18


def start_export(
    request: HttpRequest, label: str, kind: str, *, actor: User, at: datetime
) -> Export:
    """Log the export and write it, or leave it to a worker when the list is long.

    `label` is the model's, `kind` a `Export.Format`; the request's query narrows the list.
    Raises PermissionDenied for a list that the actor may not see, ValidationError for an empty
    one, one that no sheet holds, or filters that cannot be understood.
    """
    changelist = list_for(label, request.GET.urlencode(), actor)
    refuse_faults(changelist)
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
        write(export, changelist, Export.State.SENT)
    else:
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


def forget_files(at: datetime) -> int:
    """Delete the files that were kept long enough; how many."""
    old = Export.objects.filter(state=Export.State.READY, created_at__lt=at - KEPT)
    for export in old:
        path_of(export).unlink(missing_ok=True)
    return old.update(state=Export.State.EXPIRED)


def _in_words(changelist: PortalChangeList) -> str:
    """The filters, an identity number among them masked."""
    words = changelist.bar.in_words
    term = changelist.query.strip().replace(" ", "")
    return words.replace(changelist.query, mask_id(term)) if len(term) == _ID_LENGTH else words
