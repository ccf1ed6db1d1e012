"""The app's tasks, each defined in its room."""

from claims.settlement.tasks import settle_part_task, settle_up_to_task
from claims.whatif.tasks import what_if_task

__all__ = ["settle_part_task", "settle_up_to_task", "what_if_task"]
