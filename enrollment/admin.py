"""The app's admin screens, each defined in its room."""

from enrollment.access.admin import RoleAdmin, UserAdmin

__all__ = ["RoleAdmin", "UserAdmin"]
