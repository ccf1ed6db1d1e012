"""The entry in beat's schedule that deletes old drafts of the window, at 03:40.

Staff may change it in the admin; a later migrate does not change it back.
"""

from django.db import migrations

NAME = "Forget old drafts of claims"


def add_schedule(apps, schema_editor):
    crontab = apps.get_model("django_celery_beat", "CrontabSchedule")
    task = apps.get_model("django_celery_beat", "PeriodicTask")
    at, _made = crontab.objects.get_or_create(
        minute="40",
        hour="3",
        day_of_week="*",
        day_of_month="*",
        month_of_year="*",
        timezone="Asia/Shanghai",
    )
    task.objects.get_or_create(
        name=NAME, defaults={"task": "claims.forget_drafts", "crontab": at, "enabled": True}
    )


def remove_schedule(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0023_row_history"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(add_schedule, remove_schedule)]
