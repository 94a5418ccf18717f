"""`manage.py build_assets`: what pages need and the repository does not keep."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from common.assets import build_fonts


class Command(BaseCommand):
    help = "Build the web fonts into build/static/fonts; run it before collectstatic."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for path in build_fonts(settings.BUILD_DIR / "static" / "fonts"):
            self.stdout.write(f"{path.relative_to(settings.BASE_DIR)}: {path.stat().st_size // 1024} KB")
