"""What the machine must have for some tests, beside Python."""

import shutil
import subprocess
import sys
from functools import cache


@cache
def chromium() -> str | None:
    """The system's Chromium, which the browser tests drive; None when there is none."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


@cache
def prints_pdf() -> bool:
    """Whether WeasyPrint finds Pango."""
    return _succeeds(sys.executable, "-W", "ignore", "-c", "import weasyprint")


@cache
def has_chinese_font() -> bool:
    """Whether fontconfig knows a font with Chinese characters."""
    program = shutil.which("fc-list")
    return program is not None and _succeeds(program, "-q", ":lang=zh-cn")


def missing() -> dict[str, str]:
    """Marker of tests that cannot run here → what to install."""
    found = {}
    if chromium() is None:
        found["browser"] = "no Chromium on this system: apt-get install chromium"
    if not prints_pdf():
        found["pdf"] = "no Pango on this system: apt-get install libpango-1.0-0 libpangoft2-1.0-0"
    elif not has_chinese_font():
        found["pdf"] = "no Chinese font on this system: apt-get install fonts-noto-cjk fontconfig"
    elif shutil.which("pdftotext") is None:
        found["pdf"] = "no pdftotext on this system: apt-get install poppler-utils"
    return found


def _succeeds(*command: str) -> bool:
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - fixed commands
    return done.returncode == 0
