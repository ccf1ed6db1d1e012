"""Reading the bureau's settings."""

from django.utils.translation import gettext as _

from enrollment.bureau.models import Bureau


def current_bureau() -> Bureau:
    """The bureau's settings; the defaults, unsaved, before anybody has set it up."""
    return Bureau.objects.select_related("division").first() or Bureau()


def reviewing_government(bureau: Bureau | None = None) -> str:
    """Who hears a reconsideration: the government that the bureau belongs to (复议法 §24).

    As the settings name it; else the government of the bureau's county or city.
    """
    bureau = bureau or current_bureau()
    if bureau.government:
        return bureau.government
    division = bureau.division
    if division is None:
        return _("the people's government of the same level")
    return _("the People's Government of %(place)s") % {"place": division.name}


def unnamed_on_papers() -> list[str]:
    """Settings that papers name and that nobody has entered, by field; one statement.

    Empty before the county is loaded, since there is no row to enter them in.
    """
    bureau = Bureau.objects.select_related("division").first()
    if bureau is None:
        return []
    named = ["address", "court", "fine_account", "fund_account"]
    if bureau.division is None:
        named.append("government")
    return [name for name in named if not getattr(bureau, name)]


def competent_court(bureau: Bureau | None = None) -> str:
    """Which court hears a lawsuit, by name; any people's court while the settings name none."""
    return (bureau or current_bureau()).court or _("the people's court")
