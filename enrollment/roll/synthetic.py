"""Residents that do not exist, plausible in age, sex, household and name.

For the demonstration county, the tests and the benches. The same `n` and `seed` give the same
people; numbers carry valid check digits and are unique within a run.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from enrollment.values.identifiers import check_digit

_SURNAMES = "彭向田王张李陈刘杨黄吴周龙石罗覃谭贾鲁瞿符尚汪胡余郑莫全梁严"
_MALE = "国建志明军勇强伟斌涛辉华平文武成林云峰光荣德才发生福贵浩宇杰鑫俊"
_FEMALE = "秀英芳兰玉梅桂香凤珍翠菊莲红霞艳丽娟燕琴萍静慧婷佳欣怡雨月美"
_AID = ("低保", "低保", "低保", "低保", "返贫致贫监测", "返贫致贫监测", "特困", "优抚")
_COUNTY = "433127"
# Age pyramid of a western county: (youngest, oldest, share in a hundred).
_AGES = ((0, 5, 6), (6, 17, 18), (18, 34, 19), (35, 54, 28), (55, 69, 19), (70, 94, 10))
_PREMIUMS = {"普通": "400.00", "特困": "0.00"}


@dataclass(frozen=True)
class SyntheticResident:
    """One invented resident, in the words of the roll."""

    id_number: str
    name: str
    sex: str
    born_on: date
    division: str
    household_no: str
    category: str
    phone: str
    account_no: str
    paid: Decimal
    paid_on: date


def synthetic_residents(
    n: int,
    seed: int = 1,
    *,
    divisions: Sequence[str] = ("433127116000",),
    year: int = 2026,
) -> Iterator[SyntheticResident]:
    """Invent `n` residents in households of one to six, for the roll of `year`.

    Args:
        n: how many.
        seed: another seed, other people.
        divisions: codes they live in; a household lives in one.
        year: premiums are paid in the autumn before it.
    """
    chance = Random(seed)  # noqa: S311 - invented people need no secrecy
    serials: Counter[tuple[date, bool]] = Counter()
    made = household = 0
    while made < n:
        household += 1
        size = min(chance.choices((1, 2, 3, 4, 5, 6), (12, 20, 24, 24, 13, 7))[0], n - made)
        division = chance.choice(divisions)
        surname = chance.choice(_SURNAMES)
        category = chance.choice(_AID) if chance.random() < 0.15 else "普通"
        paid_on = date(year - 1, 9, 1) + timedelta(days=chance.randrange(122))
        phone = f"1{chance.choice('3578')}{chance.randrange(10**9):09d}"
        for member in range(size):
            born_on = _birthday(chance, year, adult=member == 0)
            male = chance.random() < 0.51
            while serials[born_on, male] > 499:
                born_on += timedelta(days=1)
            serial = serials[born_on, male] * 2 + male
            serials[born_on, male] += 1
            body = f"{_COUNTY}{born_on:%Y%m%d}{serial:03d}"
            given = "".join(chance.choices(_MALE if male else _FEMALE, k=chance.choice((1, 2, 2))))
            own = surname if member != 1 else chance.choice(_SURNAMES)
            yield SyntheticResident(
                id_number=body + check_digit(body),
                name=own + given,
                sex="男" if male else "女",
                born_on=born_on,
                division=division,
                household_no=f"{division[:9]}{household:07d}",
                category=category,
                phone=phone,
                account_no=_card(f"621799{chance.randrange(10**12):012d}"),
                paid=Decimal(_PREMIUMS.get(category, "200.00")),
                paid_on=paid_on,
            )
            made += 1


def _birthday(chance: Random, year: int, *, adult: bool) -> date:
    ages = _AGES[2:] if adult else _AGES
    youngest, oldest, _share = chance.choices(ages, [share for *_, share in ages])[0]
    first = date(year - oldest - 1, 9, 1)
    last = date(year - youngest - 1, 8, 31)
    return first + timedelta(days=chance.randrange((last - first).days + 1))


def _card(body: str) -> str:
    """Append the Luhn digit of a bank card."""
    doubled = sum(sum(divmod(int(digit) * 2, 10)) for digit in body[-1::-2])
    return body + str(-(doubled + sum(int(digit) for digit in body[-2::-2])) % 10)
