"""The database of the measurements: an embedded PostgreSQL of its own with room for a million families.

python -m scripts.scale bench [--families 100000] [arguments of manage.py bench] | start | stop | remove

It lives in var/scale, or where OPORA_SCALE_HOME says. `bench` fills it where it is empty, measures,
and stops it; `start` prints the addresses for a shell.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg

from scripts.embedded import Postgres, ServiceError, Valkey

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("OPORA_SCALE_HOME", ROOT / "var" / "scale"))
DATABASE = "opora_scale"
# A small server's memory for a large database; loading writes gigabytes, which no crash need leave whole.
TUNING = {
    "shared_buffers": "3GB",
    "work_mem": "64MB",
    "effective_cache_size": "8GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "synchronous_commit": "off",
    "wal_compression": "on",
}


def servers() -> tuple[Postgres, Valkey]:
    return Postgres(HOME, tuning=TUNING), Valkey(HOME)


def start() -> dict[str, str]:
    """Start both servers and make the database, empty; the environment in which Opora finds them."""
    postgres, valkey = servers()
    postgres.start()
    valkey.start()
    with psycopg.connect(postgres.url("opora_owner", "postgres"), autocommit=True) as connection:
        # A row without columns is an empty tuple: only None says that there is none.
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    return {"DATABASE_URL": postgres.url("opora_owner", DATABASE), "BROKER_URL": valkey.url()}


def stop() -> None:
    postgres, valkey = servers()
    valkey.stop()
    postgres.stop()


def bench(families: int, arguments: list[str]) -> None:
    """Fill the database where it is empty, and measure; `arguments` are those of `manage.py bench`."""
    try:
        environment = os.environ | start() | {"DJANGO_SETTINGS_MODULE": "config.settings.bench"}
        manage(environment, "migrate", "--verbosity", "0")
        manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
        if not is_filled(environment["DATABASE_URL"]):
            manage(environment, "load_scale", "--families", str(families))
        manage(environment, "bench", "--json", str(HOME / "bench.json"), *arguments)
    finally:
        stop()


def is_filled(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT FROM accounts_region LIMIT 1").fetchone() is not None


def manage(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, "-W", "ignore", "manage.py", *arguments], cwd=ROOT, env=environment, check=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="The database of the measurements.")
    parser.add_argument("action", choices=["bench", "start", "stop", "remove"])
    parser.add_argument("--families", type=int, default=100_000, help="how many are loaded into an empty database")
    options, others = parser.parse_known_args()
    if others and options.action != "bench":
        parser.error(f"unknown arguments: {' '.join(others)}")
    if options.action == "start":
        for name, value in start().items():
            print(f"export {name}={value}")
        return 0
    if options.action == "bench":
        bench(options.families, others)
        return 0
    stop()
    if options.action == "remove":
        servers()[0].remove()
        shutil.rmtree(HOME, ignore_errors=True)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ServiceError as error:
        sys.exit(str(error))
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
