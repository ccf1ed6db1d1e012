"""What a printed PDF says."""

import shutil
import subprocess


def pdf_text(content: bytes) -> str:
    """The text of all pages, laid out as on paper."""
    program = shutil.which("pdftotext")
    assert program is not None
    done = subprocess.run(
        [program, "-layout", "-", "-"], input=content, capture_output=True, check=True
    )
    return done.stdout.decode()
