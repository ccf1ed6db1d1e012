"""App configurations of the project itself."""

from importlib import import_module

from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.utils.module_loading import autodiscover_modules


class ConfigConfig(AppConfig):
    """Holds what stands above the three apps: settings, roles, servers, catalogues."""

    name = "config"

    def ready(self) -> None:
        """Bring the permission groups in line and enter what the portal ships after each migrate.

        Django signals the end of a migration only for apps with models, so the lowest app
        speaks for all.
        """
        from django.db.models.signals import post_migrate

        from claims.diseases.shipped import load_shipped_catalogue
        from claims.outofarea.shipped import load_shipped_rules
        from config.roles import sync_roles
        from enrollment.calendar.services import load_shipped_years
        from enrollment.parameters.services import load_shipped_parameters

        lowest = apps.get_app_config("enrollment")
        post_migrate.connect(sync_roles, sender=lowest, dispatch_uid="sync_roles")
        for load in (
            load_shipped_years,
            load_shipped_parameters,
            load_shipped_catalogue,
            load_shipped_rules,
        ):
            post_migrate.connect(load, sender=lowest, dispatch_uid=load.__name__)


class PortalAdminConfig(AdminConfig):
    """The stock admin with the portal's site class."""

    default_site = "enrollment.desk.site.PortalAdminSite"

    def ready(self) -> None:
        """Import each app's `admin.py`, its `scopes.py` and `screens.py` (pages, own views)."""
        super().ready()
        autodiscover_modules("scopes")
        import_module("enrollment.desk.checks")
        autodiscover_modules("screens")
