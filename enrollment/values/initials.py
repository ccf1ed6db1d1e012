"""The pinyin initials that a name is found by: 张三 is `ZS`.

A character may be read in several ways, and a clerk who reads a name from a card cannot know
which one the family uses (单 is Shan as a surname, Dan or Chan elsewhere). Every reading of the
first character is kept; of the others the usual one.
"""

from functools import lru_cache
from unicodedata import normalize

from pypinyin import Style, pinyin

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
