"""The app's tasks, each defined in its room."""

from claims.drafts.tasks import forget_drafts_task
from claims.rounds.tasks import work_on_round_task
from claims.settlement.tasks import settle_part_task, settle_up_to_task
from claims.whatif.tasks import what_if_task

__all__ = [
    "forget_drafts_task",
    "settle_part_task",
    "settle_up_to_task",
    "what_if_task",
    "work_on_round_task",
]
