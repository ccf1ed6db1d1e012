"""Which certificate gives a claim its benefit."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from claims.certificates.models import SpecialCertificate
from claims.diseases.models import ReviewCalendar, SpecialDisease


@dataclass(frozen=True)
class Qualification:
    """What is known of a special-outpatient claim: asked for at all, and which certificate it is.

    `held` are the names of the diseases that the resident holds a certificate of on the day.
    """

    is_asked: bool = False
    certificate: SpecialCertificate | None = None
    held: tuple[str, ...] = field(default=())

    @property
    def is_missing(self) -> bool:
        """Whether the claim is not paid for lack of a certificate."""
        return self.is_asked and self.certificate is None


def is_of(disease: SpecialDisease, diagnosis: str) -> bool:
    """Whether a diagnosis, a code or text or both, is of the disease.

    >>> high = SpecialDisease(code="M03900", name="高血压", diagnoses=["I10"])
    >>> [is_of(high, text) for text in ("i10.x00", "M03900", "高血压3级", "I21.900", "")]
    [True, True, True, False, False]
    """
    text = diagnosis.strip().upper()
    codes = (disease.code, *disease.diagnoses)
    return text.startswith(tuple(code.upper() for code in codes)) or disease.name.upper() in text


class Qualifications:
    """The certificates of some residents and the days from which claims need one.

    Two statements, whatever the number of residents; one while claims never need a certificate.
    """

    def __init__(self, person_ids: Collection[int]) -> None:
        rows = ReviewCalendar.objects.order_by("starts_on")
        self._checks = list(rows.values_list("starts_on", "checks_claims"))
        self._held: defaultdict[int, list[SpecialCertificate]] = defaultdict(list)
        if not any(asked for _day, asked in self._checks):
            return
        certificates = SpecialCertificate.objects.filter(person_id__in=person_ids)
        for certificate in certificates.select_related("disease").order_by("starts_on", "id"):
            self._held[certificate.person_id].append(certificate)

    def of(self, person_id: int, diagnosis: str, day: date) -> Qualification:
        """What a special-outpatient claim of that resident, diagnosis and day of service has."""
        holding = [one for one in self._held.get(person_id, ()) if one.holds_on(day)]
        fitting = [one for one in holding if is_of(one.disease, diagnosis)]
        return Qualification(
            is_asked=_in_force(self._checks, day),
            certificate=fitting[0] if fitting else None,
            held=tuple(one.disease.name for one in holding),
        )


def _in_force(checks: Sequence[tuple[date, bool]], day: date) -> bool:
    """What the newest row that has begun by the day says; nothing is asked before the first."""
    begun = [asked for starts_on, asked in checks if starts_on <= day]
    return bool(begun) and begun[-1]


def certificates_of(person_id: int) -> list[SpecialCertificate]:
    """A resident's certificates, newest first; one statement."""
    rows = SpecialCertificate.objects.filter(person_id=person_id)
    return list(rows.select_related("disease", "institution").order_by("-starts_on", "-id"))


def holding_on(certificates: Iterable[SpecialCertificate], day: date) -> list[SpecialCertificate]:
    """Those that give the benefit for services of the day."""
    return [one for one in certificates if one.holds_on(day)]
