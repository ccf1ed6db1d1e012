"""How the records of libraries belong to a township (see `enrollment.access.scope`)."""

from django_celery_beat.models import PeriodicTask

from enrollment.access.scope import open_to_all

# Jobs name no resident.
open_to_all(PeriodicTask)
