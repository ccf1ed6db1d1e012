from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enrollment', '0009_calendar'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='initials',
            field=models.CharField(blank=True, db_collation='C', default='', editable=False, max_length=51, verbose_name='initials'),
        ),
    ]
