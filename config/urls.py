"""All routes. Sign-in is required by middleware; a public view opts out by name."""

from django.contrib import admin
from django.urls import include, path

from config import health

handler403 = "accounts.views.refusals.permission_denied"

urlpatterns = [
    path("", include("monitoring.urls")),
    path("", include("accounts.urls")),
    path("accounts/", include("accounts.sign_in_urls")),
    path("records/", include("records.urls")),
    path("families/", include("families.urls")),
    path("", include("casework.urls")),
    path("", include("contracts.urls")),
    path("partners/", include("partners.urls")),
    path("councils/", include("councils.urls")),
    path("reports/", include("monitoring.report_urls")),
    path("admin/", admin.site.urls),
    path("healthz/", health.live, name="healthz"),
    path("readyz/", health.ready, name="readyz"),
    path("metrics/", health.metrics, name="metrics"),
]
