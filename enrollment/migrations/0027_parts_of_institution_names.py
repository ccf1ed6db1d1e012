import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

# Each character and each pair of neighbours, in small letters.
FUNCTION = """
CREATE FUNCTION enrollment_name_parts(text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array_agg(DISTINCT substr(lower($1), place, length))
  FROM generate_series(1, length($1)) AS place, generate_series(1, 2) AS length
$$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('enrollment', '0022_readings_and_logins'),
    ]

    operations = [
        migrations.RunSQL(FUNCTION, 'DROP FUNCTION enrollment_name_parts(text)'),
        migrations.AddIndex(
            model_name='institution',
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(
                    models.F('name'),
                    function='enrollment_name_parts',
                    output_field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField()),
                ),
                name='institution_name_parts',
            ),
        ),
    ]
