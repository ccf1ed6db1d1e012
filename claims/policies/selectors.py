"""Benefit schemes as approved: in force now, or as a settlement knew them."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from claims.benefit.loading import parse_scheme, shipped_schemes
from claims.benefit.parameters import Text
from claims.benefit.scheme import Scheme
from claims.policies.assembly import Basis, Key, Value, yaml_form
from claims.policies.language import reader_language
from claims.policies.models import (
    PolicyConfirmation,
    PolicyProposal,
    PolicyRow,
    ProposalState,
)
from enrollment.models import Bureau
from enrollment.transitions.table import TransitionRefused

# The version of the schemes that the portal ships: not approved by anybody.
SHIPPED_VERSION = 0


class NoPolicyApproved(TransitionRefused):
    """The scheme has no approved policy, so nothing can be calculated by it."""


@dataclass(frozen=True)
class SchemeVersion:
    """A scheme and which version of it; version 0 is the shipped set, approved by nobody."""

    scheme: Scheme
    version: int


# As it stands: the window asks this with each figure that is typed.
_OF_BUREAU = """
    SELECT b.scheme, p.version, p.id,
           coalesce((SELECT max(id) FROM claims_policyconfirmation), 0)
      FROM enrollment_bureau b
      LEFT JOIN LATERAL (
          SELECT version, id FROM claims_policyproposal
           WHERE scheme = b.scheme AND state = 'approved' ORDER BY version DESC LIMIT 1
      ) p ON TRUE
     ORDER BY b.id LIMIT 1
"""


def current_scheme() -> Scheme:
    """The scheme of the bureau's settings as approved now; raises NoPolicyApproved.

    One statement when this process has read it before.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OF_BUREAU)
        found = cursor.fetchone()
    code, version, proposal, confirmation = found or (Bureau().scheme, None, 0, 0)
    stamp = _Stamp(version, proposal, confirmation) if version else None
    return _in_force(code, stamp).scheme


def scheme_in_force(code: str) -> SchemeVersion:
    """The newest approved version; one statement when this process has read it before.

    Before the bureau has approved a policy, development and demonstrations calculate by the
    shipped set; with `PORTAL_UNAPPROVED_POLICIES` off NoPolicyApproved is raised.
    """
    return _in_force(code, _stamp(code))


def scheme_of_version(code: str, version: int) -> Scheme:
    """The scheme as it was approved up to that version, with the confirmations of today.

    Raises KeyError when there is no such version.
    """
    if version == SHIPPED_VERSION:
        return shipped_schemes()[code]
    stamp = _stamp(code, version)
    if stamp is None:
        raise KeyError(f"{code} version {version}")
    return _approved(code, stamp)


def scheme_choices() -> list[tuple[str, str]]:
    """Code and name of each scheme that is shipped or has been proposed."""
    lang = reader_language()
    names = {code: scheme.name.in_(lang) for code, scheme in shipped_schemes().items()}
    for proposal in PolicyProposal.objects.order_by("id").only("scheme", "structure"):
        names[proposal.scheme] = proposal.structure["name"][lang]
    return sorted(names.items())


def layer_name(code: str, lang: str) -> str:
    """A layer's name in `zh` or `en`; an unknown code as it is.

    No statement for the layers of shipped schemes.
    """
    found = _shipped_layers().get(code)
    if found is None:
        with suppress(NoPolicyApproved, KeyError):
            found = current_scheme().layer(code).name
    return found.in_(lang) if found else code


def layer_choices() -> list[tuple[str, str]]:
    """Code and name of each layer of the shipped schemes and of the bureau's own, by code."""
    lang = reader_language()
    codes = set(_shipped_layers())
    with suppress(NoPolicyApproved):
        codes |= {layer.code for layer in current_scheme().layers}
    return [(code, layer_name(code, lang)) for code in sorted(codes)]


def scheme_name(code: str, lang: str) -> str:
    """A scheme's name in `zh` or `en`; an unknown code as it is.

    No statement for shipped schemes, one for those that the bureau has made.
    """
    shipped = shipped_schemes().get(code)
    if shipped is not None:
        return shipped.name.in_(lang)
    proposals = PolicyProposal.objects.filter(scheme=code).order_by("id")
    structure = proposals.values_list("structure", flat=True).last()
    return str(structure["name"][lang]) if structure else code


def approved_proposals(code: str) -> list[PolicyProposal]:
    """The approved proposals of a scheme by version, each with its rows; two statements."""
    rows = PolicyRow.objects.select_related("confirmation").order_by("id")
    found = PolicyProposal.objects.filter(scheme=code, state=ProposalState.APPROVED)
    return list(found.order_by("version").prefetch_related(Prefetch("rows", queryset=rows)))


def approved_data(code: str, version: int | None = None) -> dict[str, Any]:
    """The scheme in its YAML form, up to a version; KeyError when nothing is approved."""
    proposals = [
        one for one in approved_proposals(code) if version is None or (one.version or 0) <= version
    ]
    if not proposals:
        raise KeyError(code)
    return yaml_form(proposals[-1].structure, values_in(proposals))


def values_in(proposals: Sequence[PolicyProposal]) -> list[Value]:
    """The rows of the proposals as values, in order: of one key the last one holds."""
    return [value_of(row) for proposal in proposals for row in proposal.rows.all()]


def value_of(row: PolicyRow) -> Value:
    """A stored row as the pure rooms know it."""
    return Value(
        Key(row.layer, row.parameter, row.starts_on),
        row.value,
        Basis(row.document_zh, row.document_en, row.article_zh, row.article_en),
        row.confirmed or hasattr(row, "confirmation"),
    )


@cache
def _shipped_layers() -> dict[str, Text]:
    return {
        layer.code: layer.name for scheme in shipped_schemes().values() for layer in scheme.layers
    }


_LATEST_CONFIRMATION = Coalesce(
    Subquery(PolicyConfirmation.objects.order_by("-id").values("id")[:1]), 0
)


class _Stamp(NamedTuple):
    """What tells one reading of a scheme from another; ids are never used twice."""

    version: int
    proposal: int
    confirmation: int


def _in_force(code: str, stamp: _Stamp | None) -> SchemeVersion:
    if stamp is not None:
        return SchemeVersion(_approved(code, stamp), stamp.version)
    if settings.PORTAL_UNAPPROVED_POLICIES and code in shipped_schemes():
        return SchemeVersion(shipped_schemes()[code], SHIPPED_VERSION)
    raise NoPolicyApproved(
        _(
            "No approved policy of the benefit scheme “%(code)s”: load it with "
            "manage.py load_policies and let a second person approve it."
        )
        % {"code": code}
    )


def _approved_of(code: str) -> QuerySet[PolicyProposal]:
    approved = PolicyProposal.objects.filter(scheme=code, state=ProposalState.APPROVED)
    return approved.order_by("-version")


def _stamp(code: str, version: int | None = None) -> _Stamp | None:
    """The newest approved version, or that one, with the latest confirmation of any row."""
    approved = _approved_of(code)
    if version is not None:
        approved = approved.filter(version=version)
    found = (
        approved.annotate(confirmation=_LATEST_CONFIRMATION)
        .values_list("version", "id", "confirmation")
        .first()
    )
    if found is None:
        return None
    number, proposal, confirmation = found
    return _Stamp(number or SHIPPED_VERSION, proposal, confirmation)


@lru_cache(maxsize=64)
def _approved(code: str, stamp: _Stamp) -> Scheme:
    return parse_scheme(approved_data(code, stamp.version))
