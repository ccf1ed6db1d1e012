"""Sentences of Django that the portal words itself: here, so that the catalogue has them."""

from django.utils.translation import gettext_lazy as _

# Our catalogue goes before Django's own.
REWORDED = (_("This field is required."),)
