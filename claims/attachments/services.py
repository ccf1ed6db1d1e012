"""Attaching and removing scans."""

import hashlib
from datetime import datetime
from unicodedata import normalize

from django.db import transaction
from django.utils.translation import gettext as _

from claims.attachments import storage
from claims.attachments.content import JPEG, PDF, PNG, ContentRefused, check_content
from claims.attachments.messages import say_refused
from claims.attachments.models import ClaimAttachment
from claims.intake.models import Claim, ClaimState
from claims.review.models import ClaimTransition
from enrollment.models import User
from enrollment.transitions.table import (
    NotPermitted,
    ReasonMissing,
    StateConflict,
    TransitionRefused,
)

OPEN = (ClaimState.SUBMITTED, ClaimState.CHECKED, ClaimState.RETURNED, ClaimState.HELD)
MOST_SCANS = 40  # of one claim
LONGEST_NAME = 120
_LONGEST_ENDING = 5
_ENDINGS = {PDF: ("pdf",), JPEG: ("jpg", "jpeg"), PNG: ("png",)}
# In the log; the claim's state stays as it is.
ATTACHED, REMOVED = "attach", "remove_scan"


class AlteredScan(Exception):
    """The stored file is gone or is not the one that was attached."""


def why_not_attach(claim: Claim, actor: User) -> TransitionRefused | None:
    """Why the actor may not attach to or remove from the claim now; no statement."""
    if not actor.has_perm("claims.enter_claim"):
        return NotPermitted(
            _("Your role does not include “%(action)s”. Ask the administrator.")
            % {"action": _("enter claims at the window")}
        )
    if claim.source != Claim.Source.WINDOW or claim.state not in OPEN:
        return StateConflict(
            _("The claim is “%(state)s”: its scans stay as they are.")
            % {"state": claim.get_state_display()}
        )
    return None


def attach_scan(
    claim: Claim, *, kind: str, name: str, content: bytes, actor: User, at: datetime
) -> ClaimAttachment:
    """Check a scan and keep it with the claim.

    Raises a TransitionRefused: NotPermitted without `claims.enter_claim`, StateConflict of a
    decided claim, and where the content is refused, is attached already or is one too many.
    Nothing is kept then.
    """
    try:
        checked = check_content(content)
    except ContentRefused as refused:
        raise TransitionRefused(
            _("%(file)s: %(why)s") % {"file": plain_name(name), "why": say_refused(refused.code)}
        ) from refused
    content, name = checked.content, plain_name(name, checked.content_type)
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        locked = Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)
        refused_now = why_not_attach(locked, actor)
        if refused_now is not None:
            raise refused_now
        standing = locked.attachments.filter(removed_at__isnull=True)
        if standing.filter(sha256=digest).exists():
            raise TransitionRefused(
                _("%(file)s has the same content as a scan that is attached already.")
                % {"file": name}
            )
        if standing.count() >= MOST_SCANS:
            raise TransitionRefused(
                _("A claim takes at most %(limit)d scans: put pages together in one PDF.")
                % {"limit": MOST_SCANS}
            )
        stored_as = storage.store(content)
        try:
            with transaction.atomic():
                scan = ClaimAttachment.objects.create(
                    claim=locked,
                    kind=kind,
                    original_name=name,
                    stored_as=stored_as,
                    content_type=checked.content_type,
                    size=len(content),
                    pages=checked.pages,
                    sha256=digest,
                    attached_by=actor,
                    attached_at=at,
                )
                _log(locked, ATTACHED, scan, actor=actor, at=at)
        except BaseException:
            storage.destroy(stored_as)
            raise
    return scan


def remove_scan(scan: ClaimAttachment, *, actor: User, at: datetime, reason: str) -> None:
    """Take a scan off the claim: the file is destroyed, the row says who, when and why.

    Raises as `attach_scan`, ReasonMissing without a reason.
    """
    if not reason.strip():
        raise ReasonMissing(_("Say why: the next person needs to know."))
    with transaction.atomic():
        claim = Claim.objects.select_for_update(no_key=True).get(pk=scan.claim_id)
        refused = why_not_attach(claim, actor)
        if refused is not None:
            raise refused
        taken = ClaimAttachment.objects.filter(pk=scan.pk, removed_at__isnull=True).update(
            removed_by=actor, removed_at=at, removed_because=reason[:300]
        )
        if not taken:
            raise StateConflict(_("This scan has been removed already."))
        _log(claim, REMOVED, scan, actor=actor, at=at, note=reason)
        transaction.on_commit(lambda: storage.destroy(scan.stored_as))


def read_scan(scan: ClaimAttachment) -> bytes:
    """The file as it was attached; raises AlteredScan when it is gone or differs."""
    try:
        content = storage.fetch(scan.stored_as)
    except FileNotFoundError as error:
        raise AlteredScan(str(scan.pk)) from error
    if hashlib.sha256(content).hexdigest() != scan.sha256:
        raise AlteredScan(str(scan.pk))
    return content


def _log(
    claim: Claim, action: str, scan: ClaimAttachment, *, actor: User, at: datetime, note: str = ""
) -> None:
    ClaimTransition.objects.create(
        subject=claim,
        action=action,
        from_state=claim.state,
        to_state=claim.state,
        actor=actor,
        at=at,
        note=" · ".join(filter(None, (scan.get_kind_display(), scan.original_name, note)))[:500],
    )


def plain_name(name: str, content_type: str = "") -> str:
    """The name without a path and what does not print, with the ending of what the file is.

    >>> plain_name("/scans/.. invoice .exe", "image/png")
    'invoice.png'
    """
    last = normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    words = "".join(mark if mark.isprintable() else "" for mark in last).split()
    plain = " ".join(words)
    if not content_type:
        return plain.strip(". ")[-LONGEST_NAME:] or "scan"
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        stem, ending = plain, ""
    endings = _ENDINGS[content_type]
    kept = ending if ending.lower() in endings else endings[0]
    stem = stem.strip(". ")[: LONGEST_NAME - len(kept) - 1].strip() or "scan"
    return f"{stem}.{kept}"
