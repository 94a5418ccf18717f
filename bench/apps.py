from django.apps import AppConfig


class BenchConfig(AppConfig):
    """Scale data and measurements; installed on developers' machines only."""

    name = "bench"
