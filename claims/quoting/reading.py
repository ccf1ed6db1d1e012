"""The object of a `quote` line to frozen facts; every refusal names field and remedy."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from claims.benefit.scheme import Scheme
from claims.benefit.types import (
    DELIVERIES,
    DETAIL_FIELDS,
    DISEASES,
    FILINGS,
    GENERAL_OUTPATIENT,
    IDENTITIES,
    LEVELS,
    PRIOR_LAYERS,
    ClaimFacts,
    ClaimRefused,
    PersonFacts,
)
from claims.quoting.lines import LINE, Number, shown
from enrollment.values.money import FEN, ZERO

_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
_FINE = re.compile(r"[0-9]{1,12}\.[0-9]{3,}")
_NEGATIVE = re.compile(r"-[0-9]{1,12}(\.[0-9]{1,2})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")

_TOP_KEYS = ("scheme", "person", "claims")
_PERSON_KEYS = ("assistance",)
_INSTITUTION_KEYS = ("level", "in_county", "designated")
_CLAIM_KEYS = (
    "id",
    "kind",
    "discharged_on",
    "institution",
    "filing",
    "total",
    "excluded",
    "over_limit",
    "first_self_pay",
    "already_paid",
    "chronic",
)


@dataclass(frozen=True)
class Request:
    """A person's claims of one scheme; `places` tells where in the line each claim stood."""

    scheme: Scheme
    person: PersonFacts
    claims: tuple[ClaimFacts, ...]
    places: Mapping[str, str]


def read_request(data: Mapping[str, Any], schemes: Mapping[str, Scheme]) -> Request:
    """The request of a line; raises ClaimRefused for the first thing that is wrong."""
    _known_keys(data, _TOP_KEYS, "")
    if "scheme" not in data:
        raise ClaimRefused("missing", "scheme")
    code = data["scheme"]
    if not isinstance(code, str) or isinstance(code, Number) or code not in schemes:
        known = ", ".join(sorted(schemes))
        raise ClaimRefused("unknown_scheme", "scheme", given=shown(code), known=known)
    scheme = schemes[code]
    person = _person(data.get("person", {}), scheme)
    if "claims" not in data:
        raise ClaimRefused("missing", "claims")
    items = data["claims"]
    if not isinstance(items, list):
        raise ClaimRefused("list", "claims")
    claims: list[ClaimFacts] = []
    places: dict[str, str] = {}
    for index, item in enumerate(items):
        path = f"claims[{index}]"
        claim = _claim(item, path, scheme)
        if claim.id in places:
            raise ClaimRefused("repeated_id", f"{path}.id", given=shown(claim.id))
        places[claim.id] = path
        claims.append(claim)
    return Request(scheme, person, tuple(claims), places)


def _person(data: object, scheme: Scheme) -> PersonFacts:
    """A scheme that reads the age knows one key more, and requires it."""
    known = (*_PERSON_KEYS, "born_on") if scheme.reads_age else _PERSON_KEYS
    given = _object(data, "person", known)
    identities = given.get("assistance", [])
    if not isinstance(identities, list):
        raise ClaimRefused("list", "person.assistance")
    if scheme.reads_age and "born_on" not in given:
        raise ClaimRefused("missing", "person.born_on")
    born_on = _date(given["born_on"], "person.born_on") if scheme.reads_age else None
    return PersonFacts(
        frozenset(
            _code(identity, f"person.assistance[{index}]", IDENTITIES)
            for index, identity in enumerate(identities)
        ),
        born_on,
    )


def _claim(data: object, path: str, scheme: Scheme) -> ClaimFacts:
    given = _object(data, path, _claim_keys(scheme))
    for key in ("id", "kind", "discharged_on", "total"):
        if key not in given:
            raise ClaimRefused("missing", f"{path}.{key}")
    kind = _code(given["kind"], f"{path}.kind", scheme.kinds)
    institution = _institution(given.get("institution"), path, scheme.reads(kind))
    chronic = _boolean(given.get("chronic", False), f"{path}.chronic")
    if chronic and kind != GENERAL_OUTPATIENT:
        raise ClaimRefused("chronic_kind", f"{path}.chronic")
    for key, own in DETAIL_FIELDS.items():
        if key in given and kind != own:
            raise ClaimRefused("detail_kind", f"{path}.{key}", key=key, kind=own)
        if kind == own and key not in given:
            raise ClaimRefused("missing", f"{path}.{key}")
    return ClaimFacts(
        id=_text(given["id"], f"{path}.id"),
        kind=kind,
        discharged_on=_date(given["discharged_on"], f"{path}.discharged_on"),
        total=_amount(given["total"], f"{path}.total"),
        excluded=_amount(given.get("excluded", ZERO), f"{path}.excluded"),
        over_limit=_amount(given.get("over_limit", ZERO), f"{path}.over_limit"),
        first_self_pay=_amount(given.get("first_self_pay", ZERO), f"{path}.first_self_pay"),
        level=institution.get("level"),
        in_county=institution.get("in_county"),
        designated=institution.get("designated", True),
        filing=_code(given.get("filing", "none"), f"{path}.filing", FILINGS),
        already_paid=_already_paid(given.get("already_paid", {}), f"{path}.already_paid"),
        chronic=chronic,
        diseases=_diseases(given, path),
        delivery=_delivery(given, path),
    )


def _claim_keys(scheme: Scheme) -> tuple[str, ...]:
    """The keys of a claim; those of a kind that the scheme does not name are unknown."""
    return (*_CLAIM_KEYS, *(key for key, kind in DETAIL_FIELDS.items() if kind in scheme.kinds))


def _diseases(claim: Mapping[str, Any], path: str) -> frozenset[str]:
    if "diseases" not in claim:
        return frozenset()
    data, path = claim["diseases"], f"{path}.diseases"
    if not isinstance(data, list):
        raise ClaimRefused("list", path)
    found = frozenset(_code(item, f"{path}[{index}]", DISEASES) for index, item in enumerate(data))
    if not found:
        raise ClaimRefused("missing", path)
    return found


def _delivery(claim: Mapping[str, Any], path: str) -> str | None:
    if "delivery" not in claim:
        return None
    return _code(claim["delivery"], f"{path}.delivery", DELIVERIES)


def _institution(data: object, path: str, read: frozenset[str]) -> dict[str, Any]:
    path = f"{path}.institution"
    if data is None:
        if read:
            raise ClaimRefused("missing", path)
        return {}
    given = dict(_object(data, path, _INSTITUTION_KEYS))
    for name in sorted(read, key=_INSTITUTION_KEYS.index):
        if name not in given:
            raise ClaimRefused("missing", f"{path}.{name}")
    for name, value in given.items():
        if name == "level":
            _code(value, f"{path}.level", LEVELS)
        else:
            _boolean(value, f"{path}.{name}")
    return given


def _already_paid(data: object, path: str) -> dict[str, Decimal]:
    given = _object(data, path, PRIOR_LAYERS)
    return {layer: _amount(value, f"{path}.{layer}") for layer, value in given.items()}


def _object(data: object, path: str, known: Collection[str]) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise ClaimRefused("object", path or LINE)
    _known_keys(data, known, f"{path}.")
    return data


def _known_keys(data: Mapping[str, Any], known: Collection[str], prefix: str) -> None:
    for key in data:
        if key not in known:
            name = key if key.isprintable() and len(key) <= 60 else shown(key)
            raise ClaimRefused("unknown_key", f"{prefix}{name}", known=", ".join(known))


def _code(value: object, path: str, known: Collection[str]) -> str:
    if not isinstance(value, str) or isinstance(value, Number) or value not in known:
        raise ClaimRefused("unknown_code", path, given=shown(value), known=", ".join(known))
    return value


def _boolean(value: object, path: str) -> bool:
    if not isinstance(value, bool):
        raise ClaimRefused("boolean", path, given=shown(value))
    return value


def _text(value: object, path: str) -> str:
    if (
        not isinstance(value, str)
        or isinstance(value, Number)
        or not value.strip()
        or _CONTROL.search(value)
    ):
        raise ClaimRefused("text", path, given=shown(value))
    return value


def _date(value: object, path: str) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ClaimRefused("date", path, given=shown(value))


def _amount(value: object, path: str) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str):
        if _AMOUNT.fullmatch(value):
            return Decimal(value).quantize(FEN)
        if _FINE.fullmatch(value):
            raise ClaimRefused("decimals", path, given=shown(value))
        if _NEGATIVE.fullmatch(value):
            raise ClaimRefused("negative", path, given=str(value))
    raise ClaimRefused("amount", path, given=shown(value))
