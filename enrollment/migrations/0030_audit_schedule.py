"""The chain's entries in beat's schedule: longer every night at 05:10, proved on Sundays at 05:40.

Staff may change them in the admin; a later migrate does not change them back.
"""

from django.db import migrations

JOBS = (
    ("Extend the audit chain", "enrollment.extend_audit", "10", "*"),
    ("Prove the audit chain", "enrollment.verify_audit", "40", "0"),
)


def add_schedule(apps, schema_editor):
    crontab = apps.get_model("django_celery_beat", "CrontabSchedule")
    task = apps.get_model("django_celery_beat", "PeriodicTask")
    for name, job, minute, weekday in JOBS:
        at, _made = crontab.objects.get_or_create(
            minute=minute,
            hour="5",
            day_of_week=weekday,
            day_of_month="*",
            month_of_year="*",
            timezone="Asia/Shanghai",
        )
        task.objects.get_or_create(
            name=name, defaults={"task": job, "crontab": at, "enabled": True}
        )


def remove_schedule(apps, schema_editor):
    names = [name for name, *_rest in JOBS]
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name__in=names).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("enrollment", "0029_audit_chain"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(add_schedule, remove_schedule)]
