"""Browser tests: a live server, pages addressed by path, and fonts as the pages of production have them.

A test takes `page` and opens paths (`page.goto("/inbox/")`); `tests.browser.pages` signs people in and checks pages.
"""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from common.assets import build_fonts


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    return str(live_server.url)


@pytest.fixture(scope="session", autouse=True)
def _fonts() -> None:
    build_fonts(Path(settings.BUILD_DIR) / "static" / "fonts")


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"locale": "ru-RU", "viewport": {"width": 1280, "height": 900}}
