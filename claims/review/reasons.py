"""Legal reasons for rejecting a claim: a code, its words and the article it stands on.

The code goes into the log and onto the notice; a code is never renamed or reused. Which article
a bureau cites is for its legal office to confirm before it prints notices: Social Insurance Law
(社会保险法), Regulation on the Supervision of the Use of Medical Security Funds (国务院令735),
Regulation on Social Insurance Handling (社会保险经办条例), Order 2 of the National Healthcare
Security Administration (国家医疗保障局令第2号).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Label = str | _StrPromise
else:
    Label = str | Promise


@dataclass(frozen=True)
class RejectionReason:
    """Why the fund does not pay, and by which article."""

    code: str
    label: Label
    article: Label

    def __str__(self) -> str:
        """`label (article)`, in the reader's brackets."""
        return gettext("%(label)s (%(article)s)") % {"label": self.label, "article": self.article}


_ALL = (
    RejectionReason(
        "work_injury",
        _("Work injury: the work-injury insurance fund pays"),
        _("Social Insurance Law §30 (1)"),
    ),
    RejectionReason(
        "third_party",
        _("A third party is liable"),
        _("Social Insurance Law §30 (2)"),
    ),
    RejectionReason(
        "public_health",
        _("Public health bears the cost"),
        _("Social Insurance Law §30 (3)"),
    ),
    RejectionReason(
        "abroad",
        _("Treatment abroad"),
        _("Social Insurance Law §30 (4)"),
    ),
    RejectionReason(
        "not_covered",
        _("Not covered on the day of service"),
        _("Social Insurance Law §§25, 28"),
    ),
    RejectionReason(
        "out_of_scope",
        _("Outside the catalogues of drugs, items and facilities"),
        _("Social Insurance Law §28"),
    ),
    RejectionReason(
        "suspended_agreement",
        _("The institution's agreement was suspended or ended on that day"),
        _("Order 2 §42"),
    ),
    RejectionReason(
        "duplicate",
        _("The same costs have been claimed or settled before"),
        _("Regulation on the Use of Medical Security Funds §41"),
    ),
    RejectionReason(
        "forged",
        _("Forged or altered papers; the case goes to the fund supervisors"),
        _("Regulation on the Use of Medical Security Funds §41; Social Insurance Law §88"),
    ),
    RejectionReason(
        "other_person",
        _("Another person's certificate was used"),
        _("Regulation on the Use of Medical Security Funds §41"),
    ),
    RejectionReason(
        "incomplete",
        _("The papers required are still missing after the one-time notice"),
        _("Regulation on Social Insurance Handling §20"),
    ),
)
REASONS: dict[str, RejectionReason] = {reason.code: reason for reason in _ALL}

# What whoever does not accept a rejection may invoke; the terms themselves are legal parameters.
RECONSIDERATION_LAW = _("Administrative Reconsideration Law §20")
LAWSUIT_LAW = _("Administrative Litigation Law §46")


def reason_text(code: str) -> str:
    """The reason in words with its article; an unknown code is shown as it is."""
    return str(REASONS[code]) if code in REASONS else code


def reason_choices() -> list[tuple[str, str]]:
    """For forms: code and words, in the order of the table."""
    return [(reason.code, str(reason)) for reason in _ALL]
