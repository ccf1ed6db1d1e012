"""The running part of claim numbers; unique, with gaps where an entry was refused."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("claims", "0006_stays_by_half_days")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE claims_claim_number AS bigint",
            "DROP SEQUENCE claims_claim_number",
        ),
    ]
