"""Applications of the year's quarters, each step in its window and by its person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from claims.certificates.models import SpecialCertificate
from claims.diseases.models import SpecialDisease
from claims.diseases.selectors import term_on
from claims.specialcare.filing import Evidence, file_application, supply_papers
from claims.specialcare.models import RefusalReason, SpecialApplication
from claims.specialcare.services import (
    Vote,
    issue_certificate,
    pass_first_review,
    record_votes,
    refuse_application,
    withdraw_application,
)
from config.demo.county.clock import hour
from config.demo.records.office import Office, Quarter
from enrollment.models import Institution, Person, User

_PANEL = ("覃", "彭", "向")
_INCOMPLETE_ONE_IN = 5
_FILED_BEFORE = (5, 19)  # days before the window of the first review
# What the hospital found, by disease of the catalogue.
DIAGNOSES = {
    "M00500": ("C34.900 肺恶性肿瘤", "C16.900 胃恶性肿瘤", "C50.900 乳腺恶性肿瘤"),
    "M01600": ("E11.900 2型糖尿病",),
    "M03900": ("I10.x00 高血压3级", "I10.x00 高血压2级"),
    "M04600": ("I25.101 冠状动脉粥样硬化性心脏病",),
    "M05300": ("J44.900 慢性阻塞性肺疾病",),
    "M06900": ("M06.900 类风湿关节炎",),
    "M07801": ("N18.501 慢性肾脏病5期",),
}
ISSUED, DECLINED, REFUSED, WITHDRAWN = "issued", "declined", "refused", "withdrawn"


@dataclass(frozen=True)
class Applicant:
    """Somebody who applies, and how it ends; `recheck` is the day of the last step if so far."""

    person: Person
    disease: SpecialDisease
    end: str
    recheck: date
    renews: SpecialCertificate | None = None


class Applications:
    """Goes through a quarter with its applicants: filing, first review, panel, recheck."""

    def __init__(
        self, staff: Mapping[str, User], hospital: Institution, office: Office, rng: Random
    ) -> None:
        self._staff = staff
        self._hospital = hospital
        self._office = office
        self._rng = rng
        self._terms: dict[tuple[int, date], Sequence[str]] = {}

    def play(self, quarter: Quarter, applicants: Sequence[Applicant]) -> None:
        """All of them have applied before anybody's papers are reviewed, and so on."""
        filed = [(one, self._file(nth, one, quarter)) for nth, one in enumerate(applicants)]
        passed = []
        for nth, (one, application) in enumerate(filed):
            at = hour(self._rng.choice(quarter.first_review), 9, nth % 400)
            if one.end == WITHDRAWN:
                clerk = application.filed_by
                withdraw_application(application, note="申请人自愿撤回。", actor=clerk, at=at)
            else:
                reviewer = self._staff["reviewer2" if nth % 2 else "reviewer1"]
                passed.append((one, pass_first_review(application, actor=reviewer, at=at)))
        agreed = []
        for nth, (one, application) in enumerate(passed):
            judged = self._judge(nth, application, quarter, agrees=one.end != DECLINED)
            if one.end != DECLINED:
                agreed.append((one, judged))
        for nth, (one, application) in enumerate(agreed):
            at = hour(one.recheck, 9, nth % 400)
            officer = self._staff["benefit2"]
            if one.end == REFUSED:
                refuse_application(
                    application,
                    reason=RefusalReason.EVIDENCE,
                    note="复核时检查报告与诊断不符。",
                    actor=officer,
                    at=at,
                )
            else:
                issue_certificate(application, actor=officer, at=at)

    def _file(self, nth: int, one: Applicant, quarter: Quarter) -> SpecialApplication:
        """At the window, some days before; one in five has to bring papers that were missing."""
        before = quarter.first_review[0] - timedelta(self._rng.randint(*_FILED_BEFORE))
        day = self._office.on_or_before(before)
        papers = self._papers(one.disease, day)
        incomplete = nth % _INCOMPLETE_ONE_IN == _INCOMPLETE_ONE_IN - 1
        diagnosis = self._rng.choice(DIAGNOSES[one.disease.code])
        clerk = self._staff["clerk2" if nth % 2 else "clerk1"]
        filed = file_application(
            one.person,
            one.disease,
            Evidence(self._hospital, diagnosis, papers[:2] if incomplete else papers),
            institution=self._hospital,
            renews=one.renews,
            actor=clerk,
            at=hour(day, 8, 40 + nth % 480),
        )
        if not incomplete:
            return filed
        later = self._office.on_or_after(day + timedelta(2))
        return supply_papers(filed, papers, actor=clerk, at=hour(later, 15, nth % 120))

    def _judge(
        self, nth: int, application: SpecialApplication, quarter: Quarter, *, agrees: bool
    ) -> SpecialApplication:
        votes = [
            Vote(f"{name}主任医师", agrees or place == 0, self._hospital.name)
            for place, name in enumerate(_PANEL)
        ]
        return record_votes(
            application,
            votes,
            reason="" if agrees else RefusalReason.BELOW_STANDARD,
            note="" if agrees else "检查结果未达认定标准。",
            actor=self._staff["benefit1"],
            at=hour(self._rng.choice(quarter.panel), 14, nth % 180),
        )

    def _papers(self, disease: SpecialDisease, day: date) -> Sequence[str]:
        key = (disease.pk, day)
        if key not in self._terms:
            term = term_on(disease, day)
            self._terms[key] = term.papers if term else ()
        return self._terms[key]
