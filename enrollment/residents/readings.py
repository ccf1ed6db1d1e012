"""The readings of a name, as the database takes them out of the stored initials."""

from django.db import models
from django.db.models.lookups import GreaterThan

from enrollment.values.initials import MAX_LENGTH


def reading(position: int) -> models.Func:
    """The initials by the reading at the position, counted from 1; empty when there is none."""
    return models.Func(
        models.F("initials"),
        models.Value(" "),
        models.Value(position),
        function="split_part",
        output_field=models.CharField(),
    )


def has_reading(position: int) -> models.Q:
    """Whether the name has so many readings; every name with letters has the first."""
    return models.Q(GreaterThan(reading(position), models.Value("")))


class PersonReading(models.Model):
    """The initials by one reading of the name's first character: a view over `Person`.

    Who is looked for by initials is found through it: each reading has an index of its own,
    and the database merges their order, so that the first page costs the same at any size.
    There is a row for each possible reading; `letters` is empty where the name has fewer, and
    a search must say that it wants none of these for the indexes to be used.
    """

    pk = models.CompositePrimaryKey("person_id", "position")
    person = models.ForeignKey(
        "enrollment.Person", models.DO_NOTHING, db_constraint=False, related_name="readings"
    )
    position = models.PositiveSmallIntegerField()
    letters = models.CharField(max_length=MAX_LENGTH, db_collation="C")

    class Meta:
        managed = False
        db_table = "enrollment_personreading"
        default_permissions = ()

    def __str__(self) -> str:
        return self.letters
