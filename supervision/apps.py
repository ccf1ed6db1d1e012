"""Supervision: inspections, cases, penalties."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisionConfig(AppConfig):
    """Stands on claims and enrollment."""

    name = "supervision"
    verbose_name = _("Supervision")
