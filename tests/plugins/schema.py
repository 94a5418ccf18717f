"""The schema of the test databases, made once for each state of the migrations and kept as a dump in var/cache.

Running all migrations takes a minute, reading the dump a second. Django then copies the database `opora_schema` instead
of an empty one, and its own `migrate` finds nothing left to do.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from scripts.embedded import Postgres

ROOT = Path(__file__).resolve().parent.parent.parent
CACHE = ROOT / "var" / "cache"
DATABASE = "opora_schema"


def fingerprint() -> str:
    """Names the state of the code that the schema follows from: migrations and dictionaries of ours, and packages."""
    digest = hashlib.sha256()
    ours = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/dictionary.py")]
    for path in sorted([*ours, ROOT / "requirements.lock", ROOT / "deploy" / "roles.sql"]):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def prepare(postgres: Postgres) -> str:
    """Make the database to copy from on this server; its name."""
    dump = CACHE / f"schema-{fingerprint()}.sql"
    _client(postgres, "psql", "-d", "postgres", "-c", f"CREATE DATABASE {DATABASE}")
    if dump.exists():
        _client(postgres, "psql", "-d", DATABASE, "-f", str(dump))
        return DATABASE
    url = postgres.url("opora_owner").rpartition("/")[0] + f"/{DATABASE}"
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    command = [sys.executable, "-W", "ignore", "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    for outdated in CACHE.glob("schema-*"):
        outdated.unlink()
    draft = dump.with_suffix(f".{os.getpid()}")
    _client(postgres, "pg_dump", "--no-owner", "-d", DATABASE, "-f", str(draft))
    draft.rename(dump)
    return DATABASE


def _client(postgres: Postgres, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's client programs as the owner of the schema."""
    quiet = ["-X", "-q", "-o", os.devnull, "-v", "ON_ERROR_STOP=1"] if program == "psql" else []
    where = ["-h", "127.0.0.1", "-p", str(postgres.port), "-U", "opora_owner"]
    environment = {"PGPASSWORD": postgres.password, "LC_ALL": "C.UTF-8"}
    subprocess.run([postgres.bin / program, *quiet, *where, *arguments], env=environment, check=True)
