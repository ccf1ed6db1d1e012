"""Amounts in Chinese capitals (人民币大写), as papers about money carry them.

The capitals cannot be altered with a stroke of the pen, which is why a payment paper names its
total twice. Source: 票据法实施细则 / 支付结算办法 appendix 1 (正确填写票据和结算凭证的基本规定).
"""

from decimal import Decimal

from enrollment.values.money import to_fen

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_SMALL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰", "一二三四五六七八九十百")
_LARGEST_FEN = 10**18 - 1


def in_capitals(amount: Decimal) -> str:
    """An amount of yuan, exact to the fen, in capitals.

    Whole yuan and whole jiao end in 整; a gap of zeros inside the number is one 零; a negative
    amount begins with 负. Raises AmountError for parts of a fen, ValueError from ten thousand
    billion yuan up.

    >>> in_capitals(Decimal("1234.50"))
    '壹仟贰佰叁拾肆元伍角整'
    >>> in_capitals(Decimal("100010.05"))
    '壹拾万零壹拾元零伍分'
    >>> in_capitals(Decimal("0.00")), in_capitals(Decimal("-0.30"))
    ('零元整', '负叁角整')
    """
    fen = to_fen(amount)
    if fen == 0:
        return "零元整"
    sign, fen = ("负", -fen) if fen < 0 else ("", fen)
    if fen > _LARGEST_FEN:
        raise ValueError(f"{amount} is too large to be written in capitals")
    yuan, rest = divmod(fen, 100)
    jiao, fen = divmod(rest, 10)
    text = f"{_whole(yuan)}元" if yuan else ""
    if not rest:
        return f"{sign}{text}整"
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif text:
        text += "零"
    return f"{sign}{text}{_DIGITS[fen]}分" if fen else f"{sign}{text}整"


def in_numerals(number: Decimal | int) -> str:
    """A figure from 0 to 999, with or without decimals, as the law's own texts write it.

    Raises ValueError for any other figure.

    >>> in_numerals(3), in_numerals(15), in_numerals(38), in_numerals(105)
    ('三', '十五', '三十八', '一百零五')
    >>> in_numerals(Decimal("0.50"))
    '零点五'
    """
    whole, _point, decimals = f"{Decimal(number):f}".partition(".")
    if not whole.isdigit() or int(whole) > 999:
        raise ValueError(f"{number} is not written in numerals")
    text = _four(int(whole)).translate(_SMALL)
    if text.startswith("一十"):
        text = text[1:]
    decimals = "".join(_DIGITS[int(digit)] for digit in decimals.rstrip("0")).translate(_SMALL)
    return (text or "零") + (f"点{decimals}" if decimals else "")


def _whole(number: int) -> str:
    """A positive whole number, in groups of four digits."""
    text, gap, index = "", False, 0
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append((index, group))
        index += 1
    for index, group in reversed(groups):
        if not group:
            gap = True
            continue
        # The word for the group's place must not repeat the one that follows it (万亿, 亿).
        unit = _GROUPS[index]
        if index == 3 and any(i == 2 and value for i, value in groups):
            unit = "万"
        if text and (gap or group < 1000):
            text += "零"
        text += _four(group) + unit
        gap = False
    return text


def _four(group: int) -> str:
    """1 to 9999."""
    text, gap = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return text
