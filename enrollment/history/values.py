"""The value of a field in words, as its history shows it: sealed numbers masked."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from enrollment.access.roles import permission_label, role_label
from enrollment.privacy.fields import SealedTextField
from enrollment.values.identifiers import mask_account, mask_id, mask_phone
from enrollment.values.money import format_yuan

NOTHING = "—"
Mask = Callable[[str], str]
MASKS: Mapping[str, Mask] = {
    "id_number": mask_id,
    "phone": mask_phone,
    "account_no": mask_account,
}
Names = Mapping[tuple[type[models.Model], Any], str]
Field = models.Field[Any, Any]


def shown_fields(
    model: type[models.Model], events: type[models.Model], *, without: Collection[str]
) -> list[Field]:
    """The kept fields that a reader can read: no digests, and none of `without`."""
    kept = {field.name for field in events._meta.fields} - {*without}
    return [
        field
        for field in model._meta.fields
        if not field.primary_key
        and field.name in kept
        and not (isinstance(field, models.BinaryField) and not isinstance(field, SealedTextField))
    ]


def in_words(field: Field, value: Any, names: Names) -> str:
    """One value; `names` has those of the related records."""
    if value in (None, "", []):
        return NOTHING
    if isinstance(field, SealedTextField):
        mask = MASKS.get(field.name)
        return mask(value) if mask else "****"
    if isinstance(field, models.ForeignKey):
        return names.get((field.related_model, value), str(value))
    if isinstance(field, ArrayField):
        return "、".join(in_words(field.base_field, one, names) for one in value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _plain(field, value)


def _plain(field: Field, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        places = getattr(field, "decimal_places", 0)
        return format_yuan(value) if places == 2 else f"{value:f}"
    return str(value)


def names_of(wanted: Iterable[tuple[type[models.Model], Any]]) -> Names:
    """The names of related records, one statement for each model."""
    keys: dict[type[models.Model], set[Any]] = {}
    for model, key in wanted:
        if key is not None:
            keys.setdefault(model, set()).add(key)
    return {
        (model, record.pk): _name(record)
        for model, found in keys.items()
        for record in model._default_manager.filter(pk__in=found)
    }


def _name(record: models.Model) -> str:
    """A record by its own words; roles and permissions by the words that staff know them by."""
    if isinstance(record, Group):
        return role_label(record.name)
    if isinstance(record, Permission):
        return permission_label(record)
    return str(record)


def label_of(field: Field) -> str:
    """What the field is called; a group of Django's is a role here."""
    if isinstance(field, models.ForeignKey) and field.related_model is Group:
        return _("Role")
    return capfirst(str(field.verbose_name))
