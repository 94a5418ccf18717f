from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class OperationsConfig(AppConfig):
    """Commands that set an installation up; no models."""

    name = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401, PLC0415 - registers the checks of the database server


class AdminConfig(DjangoAdminConfig):
    """Administration of users, units and policy; no case content is registered in it."""

    default_site = "config.admin.AdminSite"
