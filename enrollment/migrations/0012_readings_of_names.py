import django.db.models.deletion
from django.db import migrations, models
from django.db.models.lookups import GreaterThan

# Without conditions: the planner then reads each branch straight from its index, in order.
VIEW = "CREATE VIEW enrollment_personreading (person_id, position, letters) AS " + " UNION ALL ".join(
    f"SELECT id, {position}::smallint, split_part(initials, ' ', {position}) FROM enrollment_person"
    for position in range(1, 5)
)


def reading(position):
    return models.Func(
        models.F('initials'),
        models.Value(' '),
        models.Value(position),
        function='split_part',
        output_field=models.CharField(),
    )


class Migration(migrations.Migration):

    dependencies = [
        ('enrollment', '0011_fill_initials'),
    ]

    operations = [
        *(
            migrations.AddIndex(
                model_name='person',
                index=models.Index(
                    reading(position),
                    models.F('id'),
                    condition=models.Q(GreaterThan(reading(position), models.Value(''))),
                    name=f'person_reading_{position}',
                ),
            )
            for position in range(1, 5)
        ),
        migrations.RunSQL(VIEW, 'DROP VIEW enrollment_personreading'),
        migrations.CreateModel(
            name='PersonReading',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'position', blank=True, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField()),
                ('letters', models.CharField(db_collation='C', max_length=51)),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='readings', to='enrollment.person')),
            ],
            options={
                'db_table': 'enrollment_personreading',
                'managed': False,
                'default_permissions': (),
            },
        ),
    ]
