"""What may follow what in a visit's life."""

from django.utils.translation import gettext_lazy as _

from enrollment.transitions.table import Step, TransitionTable
from supervision.inspections.models import VisitState

VISIT_TRANSITIONS = TransitionTable(
    Step(
        "complete",
        (VisitState.PLANNED,),
        VisitState.DONE,
        "supervision.log_visit",
        _("Record the visit as done"),
    ),
)
