"""Certificates and filings of the demonstration: what residents hold, and what is under way."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from django.db.models import Max

from claims.certificates.models import CertificateState
from claims.certificates.selectors import certificates_of, is_of
from claims.certificates.services import Grant, carry_over
from claims.diseases.models import ReviewCalendar, SpecialDisease
from claims.diseases.selectors import window_rules
from claims.outofarea.models import AreaFiling, FilingKind, FilingRule
from claims.outofarea.selectors import Filings
from claims.outofarea.services import Destination, Letter, file_outside_care
from claims.specialcare.filing import Evidence, file_application
from claims.specialcare.models import SpecialApplication
from claims.specialcare.services import (
    Vote,
    issue_certificate,
    pass_first_review,
    record_votes,
)
from config.demo.county.clock import hour
from config.demo.county.illness import Illness
from config.demo.county.people import Resident
from config.demo.records.filings import PLACES
from config.demo.records.office import Office, Quarter
from enrollment.calendar.selectors import work_calendar
from enrollment.coverage.selectors import coverage_on
from enrollment.models import Institution, Person, User
from enrollment.privacy.crypto import digest

Staff = Mapping[str, User]
HOSPITAL = "H43312700001"
_PANEL = ("覃", "彭", "向")
# Disease, diagnosis, and how far the application came in the last windows.
_DECIDED = (
    ("M03900", "I10.x00 高血压3级", "issued"),
    ("M01600", "E11.900 2型糖尿病", "issued"),
    ("M00500", "C34.900 肺恶性肿瘤", "issued"),
    ("M06900", "M06.900 类风湿关节炎", "declined"),
    ("M04600", "I25.101 冠状动脉粥样硬化性心脏病", "agreed"),
    ("M05300", "J44.900 慢性阻塞性肺疾病", "checked"),
)
_WAITING = (
    ("M03900", "I10.x00 高血压2级"),
    ("M01600", "E11.900 2型糖尿病"),
    ("M07801", "N18.501 慢性肾脏病5期"),
    ("M04600", "I25.101 冠状动脉粥样硬化性心脏病"),
)
_OLDER_THAN = 45
_APPLIED = 20  # days before the first review
_DAY = timedelta(1)
_LONGEST_BACK = 12  # months in which the last windows are looked for


class Benefits:
    """What the bureau has on record of the residents who fall ill."""

    def __init__(self, staff: Staff, *, since: date, numbers: Iterator[int]) -> None:
        """Claims of services from `since` on are checked against certificates and filings.

        `numbers` are for documents, each used once.
        """
        self._staff = staff
        self._since = since
        self._numbers = numbers
        self._hospital = Institution.objects.get(code=HOSPITAL)
        for model in (ReviewCalendar, FilingRule):
            row = model.objects.order_by("-starts_on").first()
            if row is not None and row.starts_on < since:
                row.pk, row.starts_on, row.checks_claims = None, since, True
                row.save(force_insert=True)

    def before(self, illness: Illness, person: Person) -> None:
        """What the bill needs is on record by then: a certificate, or a filing."""
        if illness.kind == "special_outpatient":
            self._certify(illness, person)
        elif illness.filing in ("filed", "referred") and illness.admitted_on is not None:
            self._file(illness, person, illness.admitted_on)

    def _certify(self, illness: Illness, person: Person) -> None:
        day, diagnosis = illness.discharged_on, illness.diagnosis
        own = [one for one in certificates_of(person.pk) if is_of(one.disease, diagnosis)]
        if any(one.holds_on(day) for one in own):
            return
        catalogue = SpecialDisease.objects.order_by("code")
        disease = next(one for one in catalogue if is_of(one, diagnosis))
        standing = [one for one in own if one.state == CertificateState.ISSUED]
        ended = [one.ends_on for one in standing if one.ends_on and one.ends_on < day]
        begins = [one.starts_on for one in standing if one.starts_on > day]
        starts_on = max([date(self._since.year - 1, 1, 1), *(end + _DAY for end in ended)])
        ends_on = min(begins) - _DAY if begins else None
        document = f"慢特〔{starts_on.year}〕{next(self._numbers)}号"
        grant = Grant(disease, starts_on, ends_on, document)
        at = hour(self._since, 8)
        carry_over(person, grant, actor=self._staff["benefit1"], at=at)

    def _file(self, illness: Illness, person: Person, admitted_on: date) -> None:
        place = Institution.objects.get(code=illness.institution)
        if Filings([person.pk]).covering(person.pk, place, illness.discharged_on) is not None:
            return
        clerk, area = self._staff["clerk1"], place.code[1:5]
        town = PLACES[area]
        resides = illness.filing == "filed" and not AreaFiling.objects.filter(
            person=person, kind=FilingKind.LONG_TERM
        )
        if resides:
            start = admitted_on - timedelta(40)
            to = Destination(town, area)
            file_outside_care(
                person, FilingKind.LONG_TERM, to, starts_on=start, actor=clerk, at=hour(start, 9)
            )
            return
        number = f"转〔{admitted_on.year}〕{next(self._numbers)}号"
        letter = Letter(self._hospital, number, admitted_on)
        file_outside_care(
            person,
            FilingKind.REFERRAL,
            Destination(town, institution=place),
            starts_on=admitted_on,
            letter=letter,
            actor=clerk,
            at=hour(admitted_on, 9),
        )

    def play_windows(self, residents: Iterable[Resident], *, on: date) -> None:
        """Applications decided in the last windows of a quarter, and those filed since."""
        office = Office(work_calendar(), window_rules())
        quarter = _last_quarter(office, on)
        if quarter is None:
            return
        first, panel, recheck = (
            days[0] for days in (quarter.first_review, quarter.panel, quarter.recheck)
        )
        filed_on = office.on_or_before(first - timedelta(_APPLIED))
        applicants = self._applicants(residents, filed_on)
        for (code, diagnosis, end), person in zip(_DECIDED, applicants, strict=False):
            filed = self._apply(person, code, diagnosis, at=hour(filed_on, 9, 30))
            self._decide(filed, end, first=first, panel=panel, recheck=recheck)
        for nth, ((code, diagnosis), person) in enumerate(zip(_WAITING, applicants, strict=False)):
            day = office.on_or_before(on - timedelta(3 + nth))
            self._apply(person, code, diagnosis, at=hour(day, 10, nth), complete=nth < 3)

    def _decide(
        self, application: SpecialApplication, end: str, *, first: date, panel: date, recheck: date
    ) -> None:
        staff = self._staff
        passed = pass_first_review(application, actor=staff["reviewer1"], at=hour(first, 10))
        if end == "checked":
            return
        votes = [
            Vote(f"{name}主任医师", end != "declined" or nth == 0, self._hospital.name)
            for nth, name in enumerate(_PANEL)
        ]
        judged = record_votes(
            passed,
            votes,
            reason="below_standard" if end == "declined" else "",
            note="关节影像未达认定标准。" if end == "declined" else "",
            actor=staff["benefit1"],
            at=hour(panel, 15),
        )
        if end == "issued":
            issue_certificate(judged, actor=staff["benefit2"], at=hour(recheck, 9))

    def _apply(
        self, person: Person, code: str, diagnosis: str, *, at: datetime, complete: bool = True
    ) -> SpecialApplication:
        disease = SpecialDisease.objects.get(code=code)
        longest = disease.terms.aggregate(Max("starts_on"))["starts_on__max"]
        papers = disease.terms.get(starts_on=longest).papers
        evidence = Evidence(self._hospital, diagnosis, papers if complete else papers[:2])
        clerk = self._staff["clerk2"]
        return file_application(
            person, disease, evidence, institution=self._hospital, actor=clerk, at=at
        )

    @staticmethod
    def _applicants(residents: Iterable[Resident], day: date) -> Iterator[Person]:
        """Older residents who are covered on the day of applying and hold nothing yet."""
        for resident in residents:
            if day.year - resident.born_on.year < _OLDER_THAN:
                continue
            person = Person.objects.get(id_digest=digest(resident.id_number, "id"))
            if coverage_on(person, day) and not person.certificates.exists():
                yield person


def _last_quarter(office: Office, on: date) -> Quarter | None:
    """The windows of the last quarter that was over on the day."""
    for back in range(1, _LONGEST_BACK + 1):
        year, month = divmod(on.year * 12 + on.month - 1 - back, 12)
        found = office.quarter_of(year, month + 1)
        if found is not None:
            return found
    return None
