"""What failed and waits."""

from django.db.models import QuerySet

from enrollment.failures.models import FailedJob


def unnoted_failures() -> QuerySet[FailedJob]:
    """Failures that nobody has taken note of, newest first."""
    return FailedJob.objects.filter(noted_by=None)
