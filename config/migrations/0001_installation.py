"""The permission to see the installation's health, and the pulse that shows that beat is alive."""

from django.db import migrations, models

NAME = "Pulse of the schedule"


def add_pulse(apps, schema_editor):
    interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    task = apps.get_model("django_celery_beat", "PeriodicTask")
    minutely = interval.objects.filter(every=60, period="seconds").first()
    if minutely is None:
        minutely = interval.objects.create(every=60, period="seconds")
    # A pulse that no worker takes within its minute is worth nothing: it must not pile up.
    task.objects.get_or_create(
        name=NAME,
        defaults={
            "task": "config.pulse",
            "interval": minutely,
            "enabled": True,
            "expire_seconds": 50,
        },
    )


def remove_pulse(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    initial = True

    dependencies = [("django_celery_beat", "0019_alter_periodictasks_options")]

    operations = [
        migrations.CreateModel(
            name="Installation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "verbose_name": "installation",
                "verbose_name_plural": "installations",
                "permissions": [("view_health", "Can see the health of the installation")],
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.RunPython(add_pulse, remove_pulse),
    ]
