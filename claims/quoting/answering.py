"""A `quote` line to its answer: the contract's object, or an error in its place."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from claims.benefit.adjudication import adjudicate_year
from claims.benefit.explain import render
from claims.benefit.messages import say
from claims.benefit.scheme import Scheme
from claims.benefit.types import ClaimRefused, Outcome
from claims.quoting.lines import parse_line
from claims.quoting.reading import Request, read_request


def answer_line(
    number: int, raw: bytes | None, schemes: Mapping[str, Scheme], lang: str
) -> tuple[dict[str, Any], bool]:
    """The answer to line `number`, and whether the line was refused."""
    try:
        return _quote(read_request(parse_line(raw), schemes), lang), False
    except ClaimRefused as refused:
        error = {"line": number, "field": refused.field, "message": say(refused, lang)}
        return {"error": error}, True


def _quote(request: Request, lang: str) -> dict[str, Any]:
    try:
        outcomes = adjudicate_year(request.scheme, request.person, request.claims)
    except ClaimRefused as refused:
        place = request.places[str(refused.figures["claim"])]
        refused.field = f"{place}.{refused.field}"
        raise
    return {
        "scheme": request.scheme.code,
        "claims": [_claim(request.scheme, outcome, lang) for outcome in outcomes],
    }


def _claim(scheme: Scheme, outcome: Outcome, lang: str) -> dict[str, Any]:
    claim, breakdown = outcome.claim, outcome.breakdown
    layers = [
        {
            "layer": layer.layer,
            "policy": layer.policy,
            "paid": _yuan(layer.paid),
            "steps": [
                {"text": text, "amount": _yuan(amount)}
                for text, amount in render(
                    scheme, layer.layer, layer.steps, claim.discharged_on, lang
                )
            ],
        }
        for layer in breakdown.layers
    ]
    return {
        "id": claim.id,
        "year": claim.discharged_on.year,
        "in_policy": _yuan(breakdown.in_policy),
        "layers": layers,
        "paid": _yuan(breakdown.paid),
        "personal": _yuan(breakdown.personal),
    }


def _yuan(amount: Decimal) -> str:
    return f"{amount:.2f}"
