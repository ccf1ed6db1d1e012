"""The codes of a run's figures in the reader's words."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from claims.benefit.types import MATERNITY, TWO_DISEASES
from claims.ledger.models import Payer
from claims.models import Claim
from claims.policies.language import reader_language
from claims.policybook.wording import word_for
from claims.whatif.figures import BandFigure, LayerFigure
from claims.whatif.models import WhatIfRun
from claims.whatif.sums import AGE_BANDS, IN_COUNTY
from enrollment.values.money import format_yuan, round_fen


def held_words(run: WhatIfRun) -> str:
    """From when the draft's values counted."""
    if run.whole_year:
        return _("as if they had held the whole year")
    return _("each from its own day")


def group_label(dimension: str, key: str) -> str:
    """A group of claims or residents in words."""
    if dimension == "identity":
        words = [word_for(code) for code in key.split(",") if code]
        return " + ".join(words) if words else _("No assistance identity")
    if dimension == "place":
        return _("in the county") if key == IN_COUNTY else _("outside the county")
    if dimension == "kind":
        return _kind_label(key)
    if dimension == "age":
        return _age_label(key)
    return word_for(key) if key else _("Level not recorded")


def layer_label(layer: LayerFigure) -> str:
    """The layer's name as its scheme has it."""
    return layer.names[reader_language()]


def payer_label(code: str) -> str:
    """Whose money it is."""
    return str(Payer(code).label) if code in Payer.values else code


def band_label(band: BandFigure) -> str:
    """How much changes for the residents of a band."""
    if not band.number:
        return _("No change in the year")
    gains = band.number > 0
    if band.upto is None:
        text = (
            _("Gain of more than %(above)s yuan")
            if gains
            else _("Loss of more than %(above)s yuan")
        )
    elif not band.above:
        text = _("Gain of up to %(upto)s yuan") if gains else _("Loss of up to %(upto)s yuan")
    else:
        text = (
            _("Gain of more than %(above)s, up to %(upto)s yuan")
            if gains
            else _("Loss of more than %(above)s, up to %(upto)s yuan")
        )
    return text % {
        "above": _round(band.above),
        "upto": "" if band.upto is None else _round(band.upto),
    }


def signed(amount: Decimal) -> str:
    """An amount with its sign, a true minus.

    >>> signed(Decimal("-475.00")), signed(Decimal("100.00")), signed(Decimal("0.00"))
    ('−475.00', '+100.00', '0.00')
    """
    if amount > 0:
        return f"+{format_yuan(amount)}"
    return format_yuan(amount).replace("-", "−")


def change_percent(base: Decimal, draft: Decimal) -> str:
    """The difference as a percentage of the approved side, two decimals; a dash of nothing.

    >>> change_percent(Decimal("200.00"), Decimal("199.00"))
    '−0.50%'
    """
    if not base:
        return "—"
    return f"{signed(round_fen((draft - base) * 100 / base))}%"


def _kind_label(key: str) -> str:
    if key in Claim.Kind.values:
        return str(Claim.Kind(key).label)
    if key == TWO_DISEASES:
        return _("outpatient medicines for two diseases")
    return _("birth in hospital") if key == MATERNITY else key


def _age_label(key: str) -> str:
    if key not in AGE_BANDS:
        return _("Age not known")
    place = AGE_BANDS.index(key)
    if place + 1 == len(AGE_BANDS):
        return _("%(first)s years and over") % {"first": key}
    last = int(AGE_BANDS[place + 1]) - 1
    return pgettext("ages", "%(first)s–%(last)s years") % {"first": key, "last": last}


def _round(amount: Decimal) -> str:
    """A whole amount without decimals."""
    return format_yuan(amount).removesuffix(".00")
