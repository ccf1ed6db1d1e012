"""Every night at 03:00 the files of roll imports whose time is over are deleted.

Staff may change the hour in the admin; a later migrate does not change it back.
"""

from django.db import migrations

NAME = "Forget files of roll imports"


def add_schedule(apps, schema_editor):
    crontab = apps.get_model("django_celery_beat", "CrontabSchedule")
    task = apps.get_model("django_celery_beat", "PeriodicTask")
    at, _made = crontab.objects.get_or_create(
        minute="0",
        hour="3",
        day_of_week="*",
        day_of_month="*",
        month_of_year="*",
        timezone="Asia/Shanghai",
    )
    task.objects.get_or_create(
        name=NAME,
        defaults={"task": "enrollment.forget_import_files", "crontab": at, "enabled": True},
    )


def remove_schedule(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("enrollment", "0016_import_jobs"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(add_schedule, remove_schedule)]
