"""The app's models, each defined in its room."""

from enrollment.access.models import User

__all__ = ["User"]
