"""What a link narrows a list by without a filter of its own: `run__id__exact=7`."""

from typing import Any

from django.contrib.admin.utils import (
    NotRelationField,
    build_q_object_from_lookup_parameters,
    get_fields_from_path,
)
from django.core.exceptions import (
    FieldDoesNotExist,
    FieldError,
    ImproperlyConfigured,
    ValidationError,
)
from django.db.models import BooleanField, Field, Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from enrollment.access.scope import visible_to
from enrollment.residents.models import Person


def title_of(model: Any, lookup: str) -> str:
    """What the lookup is about, in words; that it stands in the address where no field has it."""
    field = _field(model, lookup)
    if field is None:
        return _("“%(name)s” in the address") % {"name": lookup}
    return capfirst(str(field.verbose_name))


def text_of(model: Any, lookup: str, values: Any, reader: Any) -> str:
    """The values in the words of the field; one statement for a record."""
    field = _field(model, lookup)
    words = [str(value) for value in values_of(values)]
    if field is not None and field.is_relation and isinstance(field.related_model, type):
        words = _names(field.related_model, words, reader)
    elif field is not None and field.choices:
        known = _labels(field)
        words = [known.get(word, word) for word in words]
    elif isinstance(getattr(field, "output_field", field), BooleanField):
        words = [str(_("yes") if word in {"1", "True"} else _("no")) for word in words]
    if lookup.endswith("__gte"):
        words = [_("from %(value)s") % {"value": word} for word in words]
    elif lookup.endswith("__lte"):
        words = [_("up to %(value)s") % {"value": word} for word in words]
    return pgettext("between listed words", ", ").join(words)


def unread(model: Any, lookup: str, values: Any) -> list[str]:
    """Those of the values that the lookup cannot take; no statement."""
    field = _field(model, lookup)
    words = [str(value) for value in values_of(values)]
    if field is not None and field.choices and not lookup.endswith("__isnull"):
        known = _labels(field)
        strange = [word for word in words if word not in known]
        if strange:
            return strange
    given = values if isinstance(values, list) else [values]
    try:
        model._default_manager.filter(build_q_object_from_lookup_parameters({lookup: given}))
    except (FieldError, TypeError, ValueError, ValidationError):
        return words
    return []


def values_of(values: Any) -> list[Any]:
    """One value, several, or several lists (`state__in=approved,sent`) as one list."""
    if not isinstance(values, list | tuple):
        return [values]
    return [one for value in values for one in values_of(value)]


def _labels(field: "Field[Any, Any]") -> dict[str, str]:
    return {str(code): str(label) for code, label in field.flatchoices}


def _names(model: type[Model], keys: list[str], reader: Any) -> list[str]:
    """The names of the records that the reader may see; else, and for no keys, what was given."""
    if model is Person and not reader.has_perm("enrollment.view_person"):
        return keys
    try:
        records = list(visible_to(model._default_manager.filter(pk__in=keys), reader))
    except (ValueError, ValidationError, ImproperlyConfigured):
        return keys
    return [str(record) for record in records] or keys


def _field(model: Any, lookup: str) -> "Field[Any, Any] | None":
    """The field that a lookup such as `run__id__exact` is about: the run, not its number."""
    path = lookup
    while path:
        try:
            *before, last = get_fields_from_path(model, path)
        except (FieldDoesNotExist, NotRelationField):
            path = path.rpartition("__")[0]
            continue
        if isinstance(last, Field) and last.primary_key and before:
            last = before[-1]
        return last if isinstance(last, Field) else None
    return None
