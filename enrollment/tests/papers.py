"""What papers say, in print and in the register."""

import re
import shutil
import subprocess
from html import unescape

_CJK = "\u3001-\u3011\u3400-\u9fff\uff01-\uff5e"
# Half-width marks beside Chinese words, blanks inside a sentence, a range with a dash.
_WRONG = {
    "half-width mark": re.compile(rf"[{_CJK}] ?[(),;:]|[(),;:] ?[{_CJK}]"),
    "wide gap": re.compile(rf"[。；：，、）》”] +[{_CJK}\d]|[{_CJK}\d] +[。；：，、（《“]"),
    "blank around a figure": re.compile(rf"[{_CJK}] \d[\d,.]* ?[{_CJK}]|[\d] [元日年月个号]"),
    "range with a dash": re.compile(r"\d ?[–~] ?\d"),
}


def paper_text(html: str) -> list[str]:
    """The texts of a paper's parts as they stand, one line for each block."""
    blocks = re.sub(r"</?(p|td|th|li|tr|table|h\d|div|br|blockquote|figcaption)[^>]*>", "\n", html)
    plain = unescape(re.sub(r"<[^>]+>", "", blocks))
    return [" ".join(line.split()) for line in plain.splitlines() if line.strip()]


def assert_set_in_chinese(html: str) -> None:
    """Full-width marks, no gaps, ranges with 至: nothing in a paper looks typed in English.

    The steps of a calculation are formulas and keep their blanks.
    """
    sentences = re.sub(r"<td><ol>.*?</ol></td>", "", html, flags=re.DOTALL)
    for line in paper_text(sentences):
        for fault, pattern in _WRONG.items():
            found = pattern.search(line)
            assert found is None, f"{fault}: {found and found.group()!r} in {line!r}"


def pdf_text(content: bytes) -> str:
    """The text of all pages, laid out as on paper."""
    program = shutil.which("pdftotext")
    assert program is not None
    done = subprocess.run(
        [program, "-layout", "-", "-"], input=content, capture_output=True, check=True
    )
    return done.stdout.decode()


def pdf_pages(content: bytes) -> list[str]:
    """The text of each page."""
    return pdf_text(content).rstrip("\f").split("\f")
