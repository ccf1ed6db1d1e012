"""Writing down who read a resident's page."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, Model, OuterRef
from django.http import HttpRequest
from django.utils import timezone

from enrollment.access.requests import staff_of
from enrollment.access.scope import path_of, visible_to
from enrollment.audit.models import RecordReading
from enrollment.residents.models import Household, Person

# What a page asks for while somebody types is one reading, not one at each key.
ONE_SITTING = timedelta(minutes=30)


def log_reading(request: HttpRequest, person_id: int) -> None:
    """Note that the reader now sees the resident's page; one insert.

    Called before the page is answered: what cannot be logged is not shown.
    """
    RecordReading.objects.create(
        person_id=person_id,
        actor=staff_of(request),
        at=timezone.now(),
        page=_page_of(request),
    )


def log_sitting(request: HttpRequest, person_id: int) -> None:
    """The same once a sitting, for what a page asks for by itself; two statements at most.

    Nothing for a key that is nobody's.
    """
    since = timezone.now() - ONE_SITTING
    known = RecordReading.objects.filter(
        person=OuterRef("pk"), actor=staff_of(request), at__gte=since
    )
    if Person.objects.filter(~Exists(known), pk=person_id).exists():
        log_reading(request, person_id)


def log_readings(request: HttpRequest, record: Model) -> None:
    """Note whom a page about the record names, as its scope leads to them; one insert.

    A record of nobody in particular, such as an institution or a run, is not logged.
    """
    reader, at, page = staff_of(request), timezone.now(), _page_of(request)
    rows = [
        RecordReading(person_id=pk, actor=reader, at=at, page=page)
        for pk in residents_of(record, reader)
    ]
    if rows:
        RecordReading.objects.bulk_create(rows)


def residents_of(record: Any, reader: Any) -> list[int]:
    """Keys of the residents that a page about the record names to the reader."""
    if isinstance(record, Person):
        return [record.pk]
    if isinstance(record, Household):
        members = visible_to(Person.objects.filter(household=record), reader)
        return list(members.order_by("pk").values_list("pk", flat=True))
    path = path_of(type(record)).split("__")
    if path[-2:-1] != ["person"]:
        return []
    for name in path[:-2]:
        record = getattr(record, name)
    return [record.person_id] if record.person_id is not None else []


def _page_of(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.url_name or "") if match else ""
