"""What can be checked of the deployment without a container engine: its files agree with each other."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.runtime_lock import asked_by, blocks, runtime_names

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE = (ROOT / "docker-compose.yml").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE)["services"]
APPLICATION = ["migrate", "web", "worker", "beat"]


def variables(pattern: str, text: str) -> set[str]:
    return set(re.findall(pattern, text))


@pytest.mark.parametrize("service", APPLICATION)
def test_each_process_gets_every_variable_that_production_requires(service: str) -> None:
    settings = (ROOT / "config" / "settings" / "base.py").read_text()
    readers = r'env\.(?:text|names|database|address)\("(\w+)"(?:\)|, at_least|, "redis"|, "https")'
    required = variables(readers, settings)
    assert {"SECRET_KEY", "DATABASE_URL", "BROKER_URL", "PUBLIC_URL", "ALLOWED_HOSTS"} <= required
    assert required <= SERVICES[service]["environment"].keys()


def test_the_example_names_every_variable_of_the_composition_and_no_other() -> None:
    example = (ROOT / "deploy" / "env.example").read_text()
    assert variables(r"(?m)^(\w+)=", example) == variables(r"\$\{(\w+)", COMPOSE)


def test_only_the_migration_connects_as_the_owner() -> None:
    owners = {name for name in APPLICATION if "opora_owner" in SERVICES[name]["environment"]["DATABASE_URL"]}
    assert owners == {"migrate"}


def test_mounted_files_exist() -> None:
    mounts = [volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])]
    files = [mount for mount in mounts if mount.startswith("./")]
    assert len(files) == 2
    assert all((ROOT / file).is_file() for file in files)


def test_only_the_proxy_is_open_to_the_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def test_what_each_service_waits_for_exists_and_can_tell_its_health() -> None:
    for service in SERVICES.values():
        for name, dependency in service.get("depends_on", {}).items():
            assert dependency["condition"] != "service_healthy" or "healthcheck" in SERVICES[name]


LOCK = """\
celery==5.7.0 \\
    --hash=sha256:aa
    # via opora (pyproject.toml)
kombu==5.7.0 \\
    --hash=sha256:bb
    # via celery
pytest==9.2.0 \\
    --hash=sha256:cc
    # via
    #   opora (pyproject.toml)
    #   pytest-django
typing-extensions==4.16.0 \\
    --hash=sha256:dd
    # via
    #   kombu
    #   mypy
"""


def test_the_runtime_part_of_the_lock_leaves_out_demo_and_dev() -> None:
    pinned = blocks(LOCK)
    assert asked_by(pinned["typing-extensions"]) == {"kombu", "mypy"}
    assert runtime_names(pinned, ["celery>=5.5,<6"]) == {"celery", "kombu", "typing-extensions"}


def test_the_lock_names_no_host_and_every_pin_has_a_hash() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    assert "--index-url" not in lock
    pinned = blocks(lock)
    assert len(pinned) > 100
    assert all("--hash=sha256:" in block for block in pinned.values())
