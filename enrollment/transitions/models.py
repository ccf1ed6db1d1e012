"""The append-only log of state changes."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


def append_only(prefix: str) -> list[pgtrigger.Trigger]:
    """Triggers that refuse UPDATE and DELETE on a table: rows are only ever added."""
    return [
        pgtrigger.Protect(
            name=f"{prefix}_append_only", operation=pgtrigger.Update | pgtrigger.Delete
        )
    ]


def never_deleted(prefix: str) -> pgtrigger.Trigger:
    """A trigger that refuses DELETE on a table whose rows others refer to."""
    return pgtrigger.Protect(name=f"{prefix}_never_deleted", operation=pgtrigger.Delete)


def refers_to(prefix: str, column: str, table: str, key: str = "id") -> pgtrigger.Trigger:
    """A foreign key that is checked once per statement instead of row by row.

    For tables that the night fills by the hundred thousand: the field has
    `db_constraint=False`. It holds as firmly as a constraint, because rows are only added here
    (`append_only`) and none of the table referred to is ever deleted (`never_deleted` or
    `append_only`) or changes its key.
    """
    return pgtrigger.Trigger(
        name=f"{prefix}_refers_to_{column}"[:43],
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
        func=f"""
            IF EXISTS (
                SELECT FROM added LEFT JOIN {table} AS known ON known.{key} = added.{column}
                 WHERE known.{key} IS NULL AND added.{column} IS NOT NULL
            ) THEN
                RAISE EXCEPTION '{column} refers to no row of {table}'
                    USING ERRCODE = 'foreign_key_violation';
            END IF;
            RETURN NULL;
        """,
    )


class TransitionRow(models.Model):
    """One change of state: who, when, from what to what, and why.

    Each kind of record has its own table of these with a `subject` foreign key. Rows are
    never changed or deleted; the database refuses it.
    """

    action = models.CharField(_("action"), max_length=30)
    from_state = models.CharField(_("from"), max_length=20, blank=True)
    to_state = models.CharField(_("to"), max_length=20)
    actor = models.ForeignKey(
        "enrollment.User",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
        db_index=False,  # nothing is listed by it, and the night writes many rows
        help_text=_("Empty when the nightly settlement did it."),
    )
    at = models.DateTimeField(_("at"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    reason = models.CharField(_("reason code"), max_length=40, blank=True)

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.action}: {self.from_state} → {self.to_state}"
