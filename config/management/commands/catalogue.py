"""Gather, merge, compile or check the Chinese texts."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from config.catalogue.extraction import extract_texts
from config.catalogue.merging import LOCALE, as_mo, as_po, disagreements, load, merge, problems
from enrollment.console.commands import PortalCommand, Refusal, Report


class Command(PortalCommand):
    """Keeps `config/locale/zh_Hans/LC_MESSAGES/django.po` and its `.mo` in step with the sources.

    Prints one JSON object; exit status 1 when texts lack a translation. `--check` writes
    nothing and exits with 1 when running the command would change a file.
    """

    help = "Gathers the sources' texts into the Chinese catalogue and compiles it."

    def add_options(self, parser: CommandParser) -> None:
        """Fragments to take translations from, or the check."""
        parser.add_argument("--check", action="store_true", help="write nothing, say what is wrong")
        parser.add_argument(
            "--from",
            dest="fragments",
            nargs="+",
            type=Path,
            default=[],
            metavar="FILE",
            help=".po files whose translations go before those of the catalogue",
        )

    def run(self, **options: Any) -> Report:
        """Write or check both files."""
        check: bool = options["check"]
        fragments: list[Path] = options["fragments"]
        for path in fragments:
            if not path.is_file():
                raise Refusal(f"No such file: {path}")
        folder = settings.BASE_DIR / "config" / "locale" / LOCALE / "LC_MESSAGES"
        po, mo = folder / "django.po", folder / "django.mo"
        texts = extract_texts(settings.BASE_DIR)
        existing = load(po)
        given = [load(path) for path in fragments]
        for name in disagreements(given):
            self.note(f"translated differently, the first counts: {name}")
        merged = merge(texts, [*given, existing])
        files = {po: as_po(merged), mo: as_mo(merged)}
        found = problems(texts, existing if check else merged)
        if check:
            stale = [
                path for path in files if not path.exists() or path.read_bytes() != files[path]
            ]
            found += [f"out of date, run `manage.py catalogue`: {path.name}" for path in stale]
        else:
            folder.mkdir(parents=True, exist_ok=True)
            for path, content in files.items():
                path.write_bytes(content)
        for line in found:
            self.note(line)
        return Report({"texts": len(texts), "problems": len(found)}, look_at_it=bool(found))
