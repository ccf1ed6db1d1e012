"""Steps of a calculation, stored as codes and figures.

A claim's steps take some 40 to 130 bytes: layers are separated by `|`, steps by `;`, a step is
one letter and its figures (`R870000,75,652500`): amounts in fen, rates in percent, codes
as they are. `claims.benefit.explain` turns them into sentences.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from claims.benefit.parameters import MILLION

# What the figures of each step are: m = amount in fen, r = rate or points, t = a code.
SIGNATURES = {
    "P": "mmmm",  # total, excluded, over limit, first self-pay
    "N": "t",  # the layer does not pay: why
    "D": "mmm",  # deductible of the level, left of the year's limit, applied
    "d": "mm",  # deductible of the level, applied
    "f": "tr",  # filing, points
    "i": "tr",  # identity, points
    "R": "mrm",  # inpatient: base, rate, result
    "S": "mrm",  # special outpatient: base, rate, result
    "O": "mrm",  # general outpatient: base, rate, result
    "C": "mm",  # left of the year's ceiling, paid
    "c": "mm",  # left of the year's outpatient ceiling, paid
    "T": "tmrm",  # two diseases: which, base, rate, result
    "t": "tmm",  # whose ceiling of the two diseases, left of it, paid
    "B": "tmrm",  # birth: how, base, rate, result
    "b": "tmm",  # birth: how, limit, paid
    "A": "mm",  # accumulated base before, this claim's
    "h": "trm",  # identity, factor, halved deductible
    "j": "tr",  # identity, points on each band
    "U": "m",  # deductible not passed
    "X": "mm",  # deductible, excess over it
    "Z": "mm",  # deductible, accumulated base (bands run on the base itself)
    "K": "mmr",  # band: from, amount in it, rate
    "L": "mm",  # the year's ceiling, entitlement before it
    "Y": "mmm",  # the year's entitlement, paid before, paid now
    "M": "mmtrm",  # medical aid: in-policy cost, paid by others, identity, rate, result
    "a": "mm",  # left of the year's medical aid, paid
    "G": "mtrmmm",  # guarantee: total, identity, target rate, target, paid before, result
    "F": "mmm",  # franchise not passed: in-policy cost, paid before, franchise
    "I": "mrmm",  # franchise passed: in-policy cost, rate, paid before, result
    "o": "mmm",  # out of policy: base before, this claim's, deductible
    "Q": "mrmmm",  # out of policy: excess, rate, the year's entitlement, paid before, result
    "r": "mmm",  # chronic: base before, this claim's, deductible
    "q": "mrmmm",  # chronic: excess, rate, the year's entitlement, paid before, result
    "s": "m",  # the parts together
}


class StepError(ValueError):
    """Stored steps cannot be read: damaged, or written by a later release."""


@dataclass(frozen=True)
class Step:
    """One step: its code and figures (fen, rates in millionths, or codes)."""

    code: str
    figures: tuple[int | str, ...]


def percent(ppm: int) -> str:
    """A rate as it is stored: percent without needless zeros.

    >>> percent(750000), percent(-100000), percent(625000), percent(1)
    ('75', '-10', '62.5', '0.0001')
    """
    whole, rest = divmod(abs(ppm), 10_000)
    text = f"{whole}.{rest:04d}".rstrip("0").rstrip(".")
    return f"-{text}" if ppm < 0 else text


def _ppm(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    whole, _, rest = text.removeprefix("-").partition(".")
    return sign * (int(whole) * (MILLION // 100) + int(rest.ljust(4, "0")))


def encode_steps(layers: Sequence[Sequence[Step]]) -> str:
    """The compact text of a claim's steps, layer by layer.

    >>> encode_steps([[Step("U", (1100000,))], [Step("N", ("identity",))]])
    'U1100000|Nidentity'
    """
    return "|".join(";".join(_encode(step) for step in steps) for steps in layers)


def _encode(step: Step) -> str:
    signature = SIGNATURES[step.code]
    figures = (
        percent(int(figure)) if form == "r" else str(figure)
        for form, figure in zip(signature, step.figures, strict=True)
    )
    return step.code + ",".join(figures)


def decode_steps(text: str) -> tuple[tuple[Step, ...], ...]:
    """The steps of each layer; raises StepError when the text is damaged.

    >>> decode_steps("R870000,75,652500|")
    ((Step(code='R', figures=(870000, 750000, 652500)),), ())
    """
    return tuple(
        tuple(_decode(step) for step in part.split(";")) if part else () for part in text.split("|")
    )


def _decode(text: str) -> Step:
    code, figures = text[:1], text[1:].split(",")
    signature = SIGNATURES.get(code)
    if signature is None or len(figures) != len(signature):
        raise StepError(f"unreadable step {text!r}")
    try:
        return Step(
            code,
            tuple(
                figure if form == "t" else _ppm(figure) if form == "r" else int(figure)
                for form, figure in zip(signature, figures, strict=True)
            ),
        )
    except ValueError as error:
        raise StepError(f"unreadable step {text!r}") from error
