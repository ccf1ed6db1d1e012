"""The pinyin initials that a name is found by: 张三 is `ZS`.

A character may be read in several ways, and a clerk who reads a name from a card cannot know
which one the family uses (单 is Shan as a surname, Dan or Chan elsewhere). Every reading of the
first character is kept; of the others the usual one.
"""

from functools import lru_cache
from unicodedata import normalize

from pypinyin import Style, lazy_pinyin, pinyin

# Beyond the fourth, the dictionary lists readings that no living name has.
MAX_READINGS = 4
# Nobody types more; transliterated names run to thirty characters.
MAX_LETTERS = 12
# All readings of the longest name, separated by spaces.
MAX_LENGTH = MAX_READINGS * (MAX_LETTERS + 1) - 1


def initials_of(name: str) -> str:
    """The initials in capitals, one word for each reading of the first character.

    What has no reading (dots, digits) is left out; Latin letters stand for themselves.

    >>> initials_of("张三"), initials_of("仇小华"), initials_of("阿依古丽·买买提")
    ('ZS', 'CXH QXH JXH', 'AYGLMMT EYGLMMT')
    >>> initials_of("Maria López"), initials_of("·")
    ('MARIALOPEZ', '')
    """
    known = [letters for letters in map(_letters, name) if letters][:MAX_LETTERS]
    if not known:
        return ""
    rest = "".join([letters[0] for letters in known[1:]])
    return " ".join([letter + rest for letter in known[0]])


@lru_cache(maxsize=8192)
def initials_of_title(name: str) -> str:
    """The initials of an institution or a place in capitals, each character as its word reads it.

    Such names are words, not surnames: one reading, all characters; digits are left out and
    Latin letters stand for themselves.

    >>> initials_of_title("重庆市人民医院"), initials_of_title("Ktv大药房（2店）")
    ('CQSRMYY', 'KTVDYFD')
    >>> initials_of_title("—")
    ''
    """
    parts = lazy_pinyin(name, style=Style.FIRST_LETTER, errors=_latin_only)
    return "".join(parts).upper()


def has_initials(name: str, part: str) -> bool:
    """Whether neighbouring characters of the name have these initials, by any of their readings.

    >>> has_initials("湖南省长沙县医院", "CSX"), has_initials("湖南省长沙县医院", "hnyy")
    (True, False)
    """
    known = [letters for letters in map(_letters, name) if letters]
    wanted = part.upper()
    return any(
        all(letter in letters for letter, letters in zip(wanted, known[start:], strict=False))
        for start in range(len(known) - len(wanted) + 1)
    )


def _latin_only(text: str) -> str:
    """What `pypinyin` does not read: the Latin letters of it."""
    plain = normalize("NFD", text)
    return "".join([letter for letter in plain if letter.isascii() and letter.isalpha()])


@lru_cache(maxsize=32768)
def _letters(character: str) -> str:
    """The first letters of the character's readings, usual ones first, none twice."""
    plain = normalize("NFD", character)[0].upper()
    if plain.isascii():
        return plain if plain.isalpha() else ""
    readings = pinyin(character, style=Style.FIRST_LETTER, heteronym=True, errors="ignore")
    letters: dict[str, None] = {}
    for reading in readings[0] if readings else ():
        letter = normalize("NFD", reading)[:1].upper()
        if letter.isascii() and letter.isalpha():
            letters[letter] = None
    return "".join(letters)[:MAX_READINGS]
