"""Freezing a decision's papers in the transaction that decides."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.utils import translation

from enrollment.models import IssuedPaper, User
from enrollment.printing.documents import Document
from enrollment.printing.services import issue_paper
from supervision.cases.models import Case
from supervision.decisions.document import agreement_decision, penalty_decision
from supervision.penalties.models import Recovery


def issue_penalty_decision(case: Case, *, actor: User, at: datetime) -> list[IssuedPaper]:
    """The decision of a case in each language; the Chinese one is the decision in law."""
    return _in_each_language(lambda: penalty_decision(case), actor, at)


def issue_agreement_decision(recovery: Recovery, *, actor: User, at: datetime) -> list[IssuedPaper]:
    """The decision to recover under the agreement, in each language."""
    return _in_each_language(lambda: agreement_decision(recovery), actor, at)


def _in_each_language(
    document: Callable[[], Document], actor: User, at: datetime
) -> list[IssuedPaper]:
    issued = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            issued.append(issue_paper(document(), actor=actor, at=at))
    return issued
