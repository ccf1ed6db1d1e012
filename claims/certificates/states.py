"""What may follow what in a certificate's life.

    (issue)→ ISSUED ─revoke→ REVOKED

A revoked certificate stays revoked; the resident applies anew.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.certificates.models import CertificateState
from enrollment.transitions.table import Step, TransitionTable

CERTIFICATE_TRANSITIONS = TransitionTable(
    Step(
        "revoke",
        (CertificateState.ISSUED,),
        CertificateState.REVOKED,
        "claims.revoke_certificate",
        _("Revoke the certificate"),
        not_by=("issue", "carry_over"),
        needs_note=True,
        needs_reason=True,
    ),
)


class RevocationReason(models.TextChoices):
    """Why a certificate is taken back."""

    RECOVERED = "recovered", _("the disease no longer meets the standard")
    FALSE_PAPERS = "false_papers", _("obtained with false papers")
    DECEASED = "deceased", _("the resident has died")
    INSURED_ELSEWHERE = "insured_elsewhere", _("the resident is insured elsewhere")
    WRONGLY_ISSUED = "wrongly_issued", _("issued by mistake")
