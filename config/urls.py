"""Addresses: everything is the admin site; the language switch stands beside it."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("", admin.site.urls),
]

handler403 = "enrollment.desk.errors.forbidden"
