"""The app's admin screens, each defined in its room."""

from claims.review.admin import ClaimAdmin

__all__ = ["ClaimAdmin"]
