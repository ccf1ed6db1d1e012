"""What a window claim's page offers beside the steps of its reviews."""

from collections.abc import Collection, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from claims.intake.models import Claim, ClaimState
from claims.verification.services import why_not_verify
from enrollment.access.models import User
from enrollment.desk.admin import ObjectAction
from enrollment.desk.steps import offer
from enrollment.desk.tags import Tone

VERIFICATION = {"verification_phone", "verification_letter", "verification_refuted"}


def window_actions(claim: Claim, user: User, needs: Collection[str]) -> Sequence[ObjectAction]:
    """Correction, papers that come in, verification: what the claim needs now.

    `needs` are the codes of the claim's findings. One statement where a verification is needed.
    """
    if claim.source != Claim.Source.WINDOW:
        return []
    found = []
    enters = user.has_perm("claims.enter_claim")
    if claim.state == ClaimState.RETURNED and enters:
        found.append(
            ObjectAction(
                label=_("Correct and submit again"),
                url=reverse("admin:claims_window_correct", args=[claim.pk]),
                tone=Tone.BLUE,
            )
        )
    if "papers_awaited" in needs and enters:
        found.append(
            ObjectAction(
                label=_("Papers came in"),
                url=reverse("admin:claims_claim_papers", args=[claim.pk]),
                tone=Tone.BLUE,
            )
        )
    if VERIFICATION & set(needs):
        found += offer(
            _("Verify at the hospital"),
            reverse("admin:claims_claim_verify", args=[claim.pk]),
            why_not_verify(claim, user),
            tone=Tone.BLUE,
        )
    return found
