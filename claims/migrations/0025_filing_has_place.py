"""A filing names the hospital or the code of its place.

A filing of before that has neither is kept as it is, and may be withdrawn: the database asks
new rows only.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """The check, without a look at what stands."""

    dependencies = [("claims", "0024_forget_drafts")]

    operations = [
        AddConstraintNotValid(
            model_name="areafiling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("institution__isnull", False),
                    models.Q(("area_code", ""), _negated=True),
                    ("state", "withdrawn"),
                    _connector="OR",
                ),
                name="filing_has_place",
                violation_error_message="Name the hospital, or the division code of the place.",
            ),
        ),
    ]
