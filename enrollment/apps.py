"""Enrolment: residents, their coverage and the institutions that treat them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnrollmentConfig(AppConfig):
    """The lowest app; it imports neither claims nor supervision."""

    name = "enrollment"
    verbose_name = _("Enrolment and institutions")
