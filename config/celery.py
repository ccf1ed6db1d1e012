"""The Celery application: the night's worker and beat."""

import os
from typing import Any

from celery import Celery
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from kombu import Connection

from config.embedded.broker import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class PortalCelery(Celery):
    """Celery on REDIS_URL, else on the embedded Redis, which the first connection starts."""

    def connection_for_read(self, url: str | None = None, **kwargs: Any) -> Connection:
        """A connection for the worker."""
        return super().connection_for_read(url or _broker_url(), **kwargs)

    def connection_for_write(self, url: str | None = None, **kwargs: Any) -> Connection:
        """A connection for who sends tasks."""
        return super().connection_for_write(url or _broker_url(), **kwargs)


def _broker_url() -> str:
    if settings.REDIS_URL:
        return str(settings.REDIS_URL)
    if not settings.PORTAL_EMBEDDED_SERVERS:
        raise ImproperlyConfigured(
            "REDIS_URL is not set. The embedded Redis is for development and demonstration"
            " only and is refused when DEBUG is off."
        )
    embedded = broker(settings.PORTAL_DATA_DIR)
    embedded.ensure_running()
    return embedded.url


app = PortalCelery("portal", task_cls="enrollment.console.tasks:PortalTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
