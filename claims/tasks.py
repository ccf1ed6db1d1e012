"""The app's tasks, each defined in its room."""

from claims.settlement.tasks import settle_part_task, settle_up_to_task

__all__ = ["settle_part_task", "settle_up_to_task"]
