"""`manage.py verify_ledger`: proves every invariant of claims and money anew."""

from dataclasses import asdict
from typing import Any

from claims.ledger.checks import verify
from enrollment.console.commands import PortalCommand, Report


class Command(PortalCommand):
    """Re-proves the ledger; exit status 1 when an invariant is broken."""

    help = "Proves every invariant of settlement, ledger and payments anew."

    def run(self, **_options: Any) -> Report:
        """Run all checks."""
        findings = list(verify())
        ok = all(finding.ok for finding in findings)
        return Report(
            {"ok": ok, "checks": [asdict(finding) for finding in findings]}, look_at_it=not ok
        )
