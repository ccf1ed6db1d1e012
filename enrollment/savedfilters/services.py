"""Keeping and forgetting filters."""

from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from enrollment.access.models import User
from enrollment.lists.changelist import AFTER, BEFORE, LAST, TOTALS
from enrollment.savedfilters.models import SavedFilter

# Of one person for one list: a menu, not a list of its own.
MOST = 20
_NOT_KEPT = {"q", "p", "e", "all", AFTER, BEFORE, LAST, TOTALS}


def save_filter(*, actor: User, label: str, name: str, query: QueryDict) -> SavedFilter:
    """Keep the filters and the order under the name; one of that name is replaced.

    Raises ValidationError without a name, without a filter, or with too many kept already.
    """
    kept = [(key, value) for key, values in query.lists() for value in values]
    text = urlencode([(key, value) for key, value in kept if key not in _NOT_KEPT])
    if not text:
        raise ValidationError(_("Nothing is chosen: choose filters or an order, then keep them."))
    own = SavedFilter.objects.filter(owner=actor, list=label)
    if own.exclude(name=name).count() >= MOST:
        raise ValidationError(_("You keep as many filters as fit the menu. Remove one first."))
    saved = own.filter(name=name).first() or SavedFilter(owner=actor, list=label, name=name)
    saved.query = text
    saved.full_clean(validate_constraints=False)
    saved.save()
    return saved


def saved_filters(actor: User, label: str) -> list[SavedFilter]:
    """One's own for a list, by name; one statement."""
    return list(SavedFilter.objects.filter(owner=actor, list=label).order_by("name"))
