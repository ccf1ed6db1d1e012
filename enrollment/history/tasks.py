"""The base of every Celery task of the portal."""

from typing import Any

import pghistory
from celery import Task


class PortalTask(Task):  # type: ignore[type-arg]
    """Celery's task, its name noted; a service that acts for somebody adds `on_behalf_of`."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the task in a context of its own."""
        with pghistory.context(task=self.name):
            return super().__call__(*args, **kwargs)
