"""The browser tests run in the system's Chromium: nothing is downloaded."""

import os
import shutil
from typing import Any

import pytest

# Without the network flags Chromium looks up its maker's hosts at every start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    # Playwright's synchronous interface runs a loop in the test's thread, which Django would take for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert executable, "Browser tests need Chromium: run `make test`, which names the package to install."
    return browser_type_launch_args | {"executable_path": executable, "args": FLAGS}
