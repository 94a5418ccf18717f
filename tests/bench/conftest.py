"""An empty scale database for each file of tests."""

import os
from collections.abc import Iterator

import psycopg
import pytest

from tests.bench.scale import manage, server


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """An empty database of this run, with the schema."""
    name = f"worker_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_scale"
    with psycopg.connect(server("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {os.environ.get('OPORA_TEST_TEMPLATE', 'template0')}")
        manage(server(name), "migrate", "--verbosity", "0")
        yield server(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
