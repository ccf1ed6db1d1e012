"""Writing down who read a resident's page."""

from django.http import HttpRequest
from django.utils import timezone

from enrollment.access.requests import staff_of
from enrollment.audit.models import RecordReading


def log_reading(request: HttpRequest, person_id: int) -> None:
    """Note that the reader now sees the resident's page; one insert.

    Called before the page is answered: what cannot be logged is not shown.
    """
    match = request.resolver_match
    RecordReading.objects.create(
        person_id=person_id,
        actor=staff_of(request),
        at=timezone.now(),
        page=(match.url_name or "") if match else "",
    )
