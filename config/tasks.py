"""The project's own tasks, each defined in its room."""

from config.health.tasks import pulse

__all__ = ["pulse"]
