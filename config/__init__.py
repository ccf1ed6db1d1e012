"""Settings and everything that stands above the three apps."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
