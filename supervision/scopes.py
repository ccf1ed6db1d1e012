"""How each record of supervision belongs to a township (see `enrollment.access.scope`).

By the institution's own division; one outside the county or without a division is the
county's.
"""

from enrollment.access.scope import by_division
from supervision.models import Case, Finding, Fine, Recovery, Visit

by_division(Visit, "institution__division")
by_division(Finding, "visit__institution__division")
by_division(Case, "institution__division")
by_division(Recovery, "institution__division")
by_division(Fine, "institution__division")
