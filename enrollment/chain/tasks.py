"""The chain by the clock: longer every night, proved anew once a week."""

import logging

from celery import shared_task
from django.utils import timezone

from enrollment.chain.checks import ChainBroken, verify_chain
from enrollment.chain.heads import head_line, heads_file, read_heads
from enrollment.chain.services import extend_chain

log = logging.getLogger("portal.audit")


@shared_task(name="enrollment.extend_audit")
def extend_audit_task() -> int:
    """Add a link and note it in the worker's journal; returns its number."""
    link = extend_chain(at=timezone.now())
    log.info("%s", head_line(link))
    return link.number


@shared_task(name="enrollment.verify_audit")
def verify_audit_task() -> int:
    """Prove the whole chain; a failed job when it does not hold."""
    heads = read_heads(heads_file()) if heads_file().exists() else []
    findings = list(verify_chain(heads))
    broken = [f"{one.name}: {one.detail}" for one in findings if not one.ok]
    if broken:
        raise ChainBroken("; ".join(broken))
    return len(findings)
