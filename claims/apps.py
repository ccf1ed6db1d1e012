"""Claims: from the window to the bank."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClaimsConfig(AppConfig):
    """Stands on enrollment; it does not import supervision."""

    name = "claims"
    verbose_name = _("Claims, settlement and payment")
