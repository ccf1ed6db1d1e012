"""Why the settlement holds a claim, in words.

On the claim stands `code` or `code: detail`; the sentence is made when it is shown.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from claims.chunks.calculation import ERROR, NO_CERTIFICATE, NOT_COVERED, REFUSED, SUSPENDED

REASONS = {
    NOT_COVERED: gettext_lazy(
        "The resident was not covered on the day of discharge. Correct the enrolment and "
        "release the claim, or reject it."
    ),
    SUSPENDED: gettext_lazy(
        "The institution's agreement was suspended on the day of discharge: such a claim is not "
        "paid. Reject it; release it only if the suspension of that day has been set aside."
    ),
    NO_CERTIFICATE: gettext_lazy(
        "No certificate of the disease holds on the day of the visit. Release the claim when the "
        "certificate is issued, or reject it."
    ),
    REFUSED: gettext_lazy("The claim cannot be calculated as it stands: return it and correct it."),
    ERROR: gettext_lazy(
        "The calculation failed on this claim. Tell the administrator the message, then "
        "release the claim."
    ),
}

SHORT_REASONS = {
    NOT_COVERED: pgettext_lazy("held because", "not covered"),
    SUSPENDED: pgettext_lazy("held because", "agreement suspended"),
    NO_CERTIFICATE: pgettext_lazy("held because", "no certificate"),
    REFUSED: pgettext_lazy("held because", "cannot be calculated"),
    ERROR: pgettext_lazy("held because", "calculation failed"),
}


def stored_reason(code: str, detail: str = "") -> str:
    """What stands in `Claim.held_reason`, cut to its 300 characters.

    >>> stored_reason("error", "ValueError: no such level")
    'error: ValueError: no such level'
    """
    return (f"{code}: {detail}" if detail else code)[:300]


def held_because(stored: str) -> str:
    """The sentence for the clerk; an unknown code is shown as it is, nothing as nothing."""
    code, _sep, detail = stored.partition(": ")
    sentence = REASONS.get(code)
    if sentence is None:
        return stored
    if not detail:
        return str(sentence)
    return _("%(reason)s (%(detail)s)") % {"reason": sentence, "detail": detail}
