from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    """Administration of users, units and policy; no case content is registered in it."""

    default_site = "config.admin.AdminSite"
