"""A stay of one day inside another stay is an overlap; a transfer on one day is none."""

import django.contrib.postgres.constraints
from django.db import migrations, models

import claims.intake.expressions
import enrollment.periods.expressions


class Migration(migrations.Migration):
    dependencies = [("claims", "0005_nightly_schedule")]

    operations = [
        migrations.RemoveConstraint(model_name="claim", name="claim_stays_overlap"),
        migrations.AddConstraint(
            model_name="claim",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                name="claim_stays_overlap",
                condition=models.Q(
                    models.Q(("state", "rejected"), _negated=True), ("kind", "inpatient")
                ),
                expressions=[
                    (
                        enrollment.periods.expressions.IdRange(
                            "person_id", "person_id", models.Value("[]")
                        ),
                        "&&",
                    ),
                    (
                        claims.intake.expressions.StayRange("admitted_on", "discharged_on"),
                        "&&",
                    ),
                ],
                violation_error_message="The stay overlaps another stay of this resident.",
            ),
        ),
    ]
