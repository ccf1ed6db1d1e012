"""The same text in the many ways that input methods, scanners and people write it."""

import re
from unicodedata import normalize

# Full-width forms of ASCII, and the ideographic space.
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# Of these, what numbers and letters are made of; punctuation belongs to names as well.
_WIDE_WORDS = {
    code: plain for code, plain in _WIDE.items() if chr(plain).isalnum() or plain == 0x20
}
# Seen by nobody, yet copied along: zero-width characters, direction marks, soft hyphens.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_NUMERO = re.compile(r"(?:N[O\u00b0](?:[\W_]+|(?=[0-9])))+")


def half_width(text: str) -> str:
    r"""Without unseen characters and outer spaces, full-width characters as their plain twins.

    Not NFKC, which would make a hundred and two of `10²`.

    >>> half_width("１２３４．５０\u200b")
    '1234.50'
    """
    if text.isascii():  # nearly always, and rolls have millions of cells
        return text.strip()
    return _UNSEEN.sub("", text).translate(_WIDE).strip()


def half_width_words(text: str) -> str:
    """The same for digits, letters and spaces alone: names keep their punctuation.

    >>> half_width_words("县医院（东院）　２楼")
    '县医院（东院） 2楼'
    """
    return _UNSEEN.sub("", text).translate(_WIDE_WORDS).strip()


def invoice_number(text: str) -> str:
    """The number of an invoice in its one spelling: capital letters and digits, no `No.`.

    Empty when there is neither letter nor digit.

    >>> invoice_number("№ ００９９-001122。"), invoice_number("no.ab 12"), invoice_number("NOVA1")
    ('0099001122', 'AB12', 'NOVA1')
    """
    spelled = normalize("NFKC", text.replace("\u2116", "NO.").replace("\u00ba", "\u00b0"))
    plain = _UNSEEN.sub("", "".join(spelled.split())).upper()
    number = plain[found.end() :] if (found := _NUMERO.match(plain)) else plain
    return "".join(character for character in number if character.isalnum())


def numbered_key(letter: str, text: str) -> int | None:
    """The record's key in a number such as `T00012`; None for any other text.

    >>> numbered_key("T", " t00012 "), numbered_key("T", "G00012"), numbered_key("T", "T12")
    (12, None, None)
    """
    match = re.fullmatch(rf"{letter}([0-9]{{5,15}})", half_width_words(text).strip().upper())
    return int(match[1]) if match else None
