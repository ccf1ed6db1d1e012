"""Addresses: everything is the admin site; the language switch stands beside it."""

from django.contrib import admin
from django.urls import include, path

from config.health import views as health_views

urlpatterns = [
    path("health/", health_views.live, name="health_live"),
    path("health/ready", health_views.ready, name="health_ready"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", admin.site.urls),
]

handler403 = "enrollment.desk.errors.forbidden"
handler500 = "enrollment.desk.errors.server_error"
