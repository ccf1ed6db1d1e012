"""Whether the installation is well."""

from typing import Any

from config.health.checks import examine, status_of
from enrollment.console.commands import PortalCommand, Report


class Command(PortalCommand):
    """All checks of the health page; exit status 1 when one of them failed."""

    help = "Checks database, migrations, static files, queue, worker, beat, failed jobs, disk."

    def run(self, **options: Any) -> Report:
        """Examine and print."""
        findings = examine()
        status = status_of(findings)
        checks = [
            {"name": finding.name, "ok": finding.ok, "detail": finding.detail}
            for finding in findings
        ]
        return Report({"status": status, "checks": checks}, look_at_it=status != "ready")
