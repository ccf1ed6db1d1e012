"""Steps as sentences, in Chinese and English, rendered when somebody looks at them.

Each sentence tells input, rule, rate and result, then the row it rests on: its document,
article, first day, and whether the bureau has confirmed it; said once while it stays the
same.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from claims.benefit.parameters import ALWAYS, MILLION, Row, Source
from claims.benefit.scheme import Scheme
from claims.benefit.sentences import SENTENCES
from claims.benefit.steps import Step, decode_steps, percent
from claims.benefit.words import CODES, cited
from enrollment.values.money import format_yuan, from_fen, round_fen

Line = tuple[str, Decimal]
Basis = tuple[Source, date, bool]


def render(scheme: Scheme, layer: str, steps: str, day: date, lang: str = "zh") -> list[Line]:
    """The steps of one layer as (sentence, amount of the step in yuan).

    `steps` is that layer's part of the compact text, `day` the discharge. Raises
    StepError when the text is damaged.
    """
    (decoded,) = decode_steps(steps)
    lines = []
    told: Basis | None = None
    for step in decoded:
        text, amount = _sentence(step, lang)
        row = scheme.row_behind(layer, step.code, day)
        if row is not None:
            basis = (row.source, row.starts_on, row.confirmed)
            if basis != told:
                text += _basis(row, lang)
                told = basis
        lines.append((text, amount))
    return lines


def render_claim(
    scheme: Scheme, steps: str, day: date, lang: str = "zh"
) -> list[tuple[str, list[Line]]]:
    """All layers of a claim's stored steps, as (layer code, lines), in scheme order."""
    parts = steps.split("|")
    return [
        (layer.code, render(scheme, layer.code, part, day, lang))
        for layer, part in zip(scheme.layers, parts, strict=True)
    ]


def _basis(row: Row, lang: str) -> str:
    document, article = row.source.document.in_(lang), row.source.article.in_(lang)
    since = "" if row.starts_on == ALWAYS else row.starts_on.isoformat()
    if lang == "en":
        parts = [f"Basis: {document}, {article}"]
        parts += [f"from {since}"] if since else []
        parts += [] if row.confirmed else ["not yet confirmed by the bureau"]
        return f" ({'; '.join(parts)})"
    parts = [f"依据：{cited(document, article)}"]
    parts += [f"{since} 起执行"] if since else []
    parts += [] if row.confirmed else ["标准待核定"]
    return f"（{'；'.join(parts)}）"


def _yuan(fen: int) -> str:
    return format_yuan(from_fen(fen))


def _exact(value: Decimal) -> str:
    """A product with all its decimals, at least two."""
    text = f"{value.normalize():,f}"
    whole, _, rest = text.partition(".")
    return f"{whole}.{rest.ljust(2, '0')}"


def _sentence(step: Step, lang: str) -> Line:
    code = step.code
    names, template, result = SENTENCES[code]
    words: dict[str, int | str | Decimal] = dict(zip(names, step.figures, strict=True))
    more = _MORE.get(code)
    if more is not None:
        words.update(more(words))
    shown: dict[str, str] = {}
    for name, value in words.items():
        if isinstance(value, Decimal):
            shown[name] = _exact(value)
        elif name in ("rate", "points", "factor"):
            shown[name] = percent(abs(int(value)) if name == "points" else int(value))
        elif isinstance(value, int):
            shown[name] = _yuan(value)
        else:
            shown[name] = CODES[value].in_(lang)
    if "points" in words:
        shown["sign"] = CODES["more" if int(words["points"]) > 0 else "less"].in_(lang)
    amount = words[result] if result else 0
    yuan = round_fen(amount) if isinstance(amount, Decimal) else from_fen(int(amount))
    return template.in_(lang).format(**shown), yuan


_Words = Mapping[str, int | str | Decimal]


def _policy_cost(words: _Words) -> dict[str, int | str | Decimal]:
    own = sum(int(words[name]) for name in ("excluded", "over_limit", "first_self_pay"))
    return {"in_policy": int(words["total"]) - own}


def _accumulated(words: _Words) -> dict[str, int | str | Decimal]:
    return {"base": int(words["before"]) + int(words["this"])}


def _band(words: _Words) -> dict[str, int | str | Decimal]:
    part, low = int(words["part"]), int(words["low"])
    exact = Decimal(part * int(words["rate"])) / MILLION / 100
    return {"high": low + part, "share": exact}


def _left_in_policy(words: _Words) -> dict[str, int | str | Decimal]:
    return {"left": max(int(words["in_policy"]) - int(words["prior"]), 0)}


def _goal(words: _Words) -> dict[str, int | str | Decimal]:
    return {"goal": Decimal(int(words["in_policy"]) * int(words["rate"])) / MILLION / 100}


_MORE: dict[str, Callable[[_Words], dict[str, int | str | Decimal]]] = {
    "P": _policy_cost,
    "A": _accumulated,
    "K": _band,
    "M": _left_in_policy,
    "F": _left_in_policy,
    "I": _goal,
    "o": _accumulated,
    "r": _accumulated,
}
