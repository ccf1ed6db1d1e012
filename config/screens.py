"""What the project itself shows: the schedule of the nightly work."""

from django.utils.translation import gettext_lazy as _

from enrollment.desk.navigation import register_page

register_page(
    "system",
    _("Schedule"),
    "admin:django_celery_beat_periodictask_changelist",
    permission="django_celery_beat.view_periodictask",
    order=40,
    hint=_("What runs by itself, and when."),
)
