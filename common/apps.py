"""The leaf that every room stands on; an application only for its management commands."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "common"
