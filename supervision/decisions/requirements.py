"""What a penalty decision must name before it can be made (处罚法 §59, 条例 §31)."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from enrollment.bureau.selectors import current_bureau
from enrollment.models import Institution
from supervision.cases.rules import CaseRefused


def why_not_named(institution: Institution) -> CaseRefused | None:
    """Why the decision's paper would be incomplete, or None; one statement.

    The law wants the party's name and address, and the organs that hear a reconsideration and a
    lawsuit by name.
    """
    if not institution.address.strip():
        return CaseRefused(
            _(
                "The decision must name the party's address (Administrative Penalty Law, article "
                "59), and the record of %(institution)s has none. Have it entered there first."
            )
            % {"institution": institution.name}
        )
    bureau = current_bureau()
    missing = []
    if not bureau.government and bureau.division is None:
        missing.append(_("government that hears reconsiderations"))
    if not bureau.court:
        missing.append(_("court for administrative lawsuits"))
    if missing:
        return CaseRefused(
            _(
                "The decision must name where the party can turn (Administrative Penalty Law, "
                "article 59). The bureau's settings lack: %(settings)s. An administrator enters "
                "it there."
            )
            % {"settings": pgettext("between listed words", ", ").join(missing)}
        )
    return None
