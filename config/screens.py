"""What the project itself shows: the schedule of the nightly work, the demonstration's bank."""

from django.utils.translation import gettext_lazy as _

from config.demo import views as demo_views
from config.health import views as health_views
from config.machines import board
from enrollment.desk.navigation import register_page, register_view

register_page(
    "system",
    _("Schedule"),
    "admin:django_celery_beat_periodictask_changelist",
    permission="django_celery_beat.view_periodictask",
    order=40,
    hint=_("What runs by itself, and when."),
)
register_view(
    "demo/bank-answer/<int:pk>/",
    demo_views.answer,
    "demo_bank_answer",
    permission="claims.exchange_bank_files",
    whole_county=True,
)
register_page(
    "system",
    _("Health"),
    "admin:health",
    permission="config.view_health",
    order=50,
    hint=_("Database, queue, worker, schedule and disk, and what needs you."),
)
register_view("health-of-the-portal/", health_views.page, "health", permission="config.view_health")
board.register()
