"""A database of scale data on the server of the tests, and commands run over it."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent.parent


def server(name: str) -> str:
    return os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"


def manage(database: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "manage.py", *arguments]
    known = os.environ | {"DATABASE_URL": database} | environment
    return subprocess.run(command, cwd=ROOT, env=known, capture_output=True, text=True, check=False)


def rows(database: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database) as connection:
        return connection.execute(sql).fetchall()
