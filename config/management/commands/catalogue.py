"""Gather, merge, compile or check the Chinese texts."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.catalogue.extraction import extract_texts
from config.catalogue.merging import LOCALE, as_mo, as_po, disagreements, load, merge, problems


class Command(BaseCommand):
    """Keeps `config/locale/zh_Hans/LC_MESSAGES/django.po` and its `.mo` in step with the sources.

    Prints one JSON object; exit status 1 when texts lack a translation. `--check` writes
    nothing and exits with 1 when running the command would change a file.
    """

    help = "Gathers the sources' texts into the Chinese catalogue and compiles it."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
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

    def handle(self, *_args: Any, check: bool, fragments: list[Path], **_options: Any) -> None:
        """Write or check both files."""
        for path in fragments:
            if not path.is_file():
                raise CommandError(f"No such file: {path}", returncode=2)
        folder = settings.BASE_DIR / "config" / "locale" / LOCALE / "LC_MESSAGES"
        po, mo = folder / "django.po", folder / "django.mo"
        texts = extract_texts(settings.BASE_DIR)
        existing = load(po)
        given = [load(path) for path in fragments]
        for name in disagreements(given):
            self.stderr.write(f"translated differently, the first counts: {name}")
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
            self.stderr.write(line)
        self.stdout.write(json.dumps({"texts": len(texts), "problems": len(found)}))
        if found:
            raise CommandError("The catalogue is not complete.", returncode=1)
