"""The base of every Celery task of the portal."""

from typing import Any

import pghistory
from celery import Task
from django.utils import timezone

from enrollment.failures.services import record_failure


class PortalTask(Task):  # type: ignore[type-arg]
    """Celery's task, its name noted; a service that acts for somebody adds `on_behalf_of`.

    One that fails becomes a row that the operator sees.
    """

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the task in a context of its own."""
        with pghistory.context(task=self.name):
            return super().__call__(*args, **kwargs)

    def on_failure(self, exc: Exception, task_id: str, args: Any, kwargs: Any, einfo: Any) -> None:
        """Keep it for the operator."""
        record_failure(self.name, task_id, exc, at=timezone.now())
