"""Which records a member of staff may see: the whole county's, or those of some divisions.

A user without divisions works for the whole county. For everybody else each model that a
screen shows says how it belongs to a division, in its app's `scopes.py`:

    by_division(Claim, "person__division")   # through this relation
    open_to_all(Institution)                 # tells nothing about a resident
    whole_county(Entry)                      # cannot be cut by township: hidden

`visible_to(queryset, user)` narrows any queryset of a declared model; the admin's base class,
`ActionView` and the own views use it. An undeclared model raises, so that nothing is shown
because somebody forgot.
"""

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, Q, QuerySet
from django.db.models.lookups import Exact

from enrollment.access.models import User
from enrollment.divisions.expressions import TOWNSHIP_PREFIX, township_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    AnyUser = AbstractBaseUser | AnonymousUser

_M = TypeVar("_M", bound=Model)

# Leading digits that a province, city, county, township and village share with what is inside.
_PREFIXES = (2, 4, 6, 9, 12)
CODE_LENGTH = 12


class ScopeKind(Enum):
    """How a model belongs to divisions."""

    BY_DIVISION = "by division"
    OPEN = "open"
    WHOLE_COUNTY = "whole county"


@dataclass(frozen=True)
class Scope:
    """The kind and, by division, the path to the foreign key of the division."""

    kind: ScopeKind
    path: str = ""


_scopes: dict[type[Model], Scope] = {}


def by_division(model: type[Model], path: str) -> None:
    """Rows belong to the division that `path` leads to; those without one to the county."""
    _declare(model, Scope(ScopeKind.BY_DIVISION, path))


def open_to_all(*models: type[Model]) -> None:
    """Rows tell nothing about a resident: everybody with the permission sees all."""
    for model in models:
        _declare(model, Scope(ScopeKind.OPEN))


def whole_county(*models: type[Model]) -> None:
    """Rows mix the county's townships: who is limited to some of them sees none."""
    for model in models:
        _declare(model, Scope(ScopeKind.WHOLE_COUNTY))


def scope_of(model: type[Model]) -> Scope:
    """How the model is scoped; ImproperlyConfigured when it never said."""
    scope = _scopes.get(model._meta.concrete_model or model)
    if scope is None:
        raise ImproperlyConfigured(
            f"{model._meta.label} does not say how it is scoped: declare it in "
            f"{model._meta.app_label}/scopes.py (see enrollment.access.scope)"
        )
    return scope


def path_of(model: type[Model]) -> str:
    """The path to the model's division; empty where no division decides, or none was said."""
    scope = _scopes.get(model._meta.concrete_model or model)
    return scope.path if scope is not None else ""


def visible_to(queryset: "QuerySet[_M]", user: "AnyUser") -> "QuerySet[_M]":
    """The rows that the user may see; no statement. Nobody logged in sees none."""
    scope = scope_of(queryset.model)
    if not isinstance(user, User):
        return queryset.none()
    prefixes = prefixes_of(user)
    if not prefixes or scope.kind is ScopeKind.OPEN:
        return queryset
    if scope.kind is ScopeKind.WHOLE_COUNTY:
        return queryset.none()
    return queryset.filter(inside(scope.path, prefixes))


def inside(path: str, prefixes: tuple[str, ...]) -> Q:
    """Rows whose division, reached by `path`, lies inside one of the prefixes."""
    condition = Q()
    for prefix in prefixes:
        if path and len(prefix) == TOWNSHIP_PREFIX:  # as the residents' index has it
            condition |= Q(Exact(township_of(path), prefix))
        else:
            condition |= Q(**{f"{path}__code__startswith" if path else "code__startswith": prefix})
    return condition


def is_limited(user: "AnyUser") -> bool:
    """Whether the user works for some divisions only."""
    return isinstance(user, User) and bool(user.divisions)


def sees_none(user: "AnyUser", model: type[Model]) -> bool:
    """Whether the model's rows mix all townships, and the user is limited to some of them."""
    scope = _scopes.get(model._meta.concrete_model or model)
    return scope is not None and scope.kind is ScopeKind.WHOLE_COUNTY and is_limited(user)


def covers(user: "AnyUser", division_code: str | None) -> bool:
    """Whether what lies in the division is the user's; no statement."""
    if not isinstance(user, User):
        return False
    prefixes = prefixes_of(user)
    return not prefixes or str(division_code or "").startswith(prefixes)


def prefixes_of(user: User) -> tuple[str, ...]:
    """The leading digits of the user's divisions; none for the whole county."""
    return tuple(prefix_of_code(code) for code in user.divisions)


def prefix_of_code(code: str) -> str:
    """What everything inside a division's 12-digit code begins with.

    >>> prefix_of_code("433127116000"), prefix_of_code("433127000000")
    ('433127116', '433127')
    >>> prefix_of_code("433127116201")
    '433127116201'
    """
    rest = CODE_LENGTH
    for length in reversed(_PREFIXES[:-1]):
        if set(code[length:]) != {"0"}:
            break
        rest = length
    return code[:rest]


def undeclared(models: Any) -> list[type[Model]]:
    """Those of the models that never said how they are scoped."""
    return [model for model in models if (model._meta.concrete_model or model) not in _scopes]


def _declare(model: type[Model], scope: Scope) -> None:
    """Keep it; the same model twice is a mistake."""
    if model in _scopes:
        raise ImproperlyConfigured(f"{model._meta.label} says twice how it is scoped")
    _scopes[model] = scope
