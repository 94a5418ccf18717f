"""gunicorn: a process per core with four threads each; one slow request does not hold up the others.

The figures of /metrics are gathered over all processes in PROMETHEUS_MULTIPROC_DIR, which must be set before the
metrics library is imported: here, before the application is loaded.
"""

import gc
import os
import sys
import tempfile
from typing import Any

from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from config import environment

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
try:
    workers = environment.number("WEB_WORKERS", os.cpu_count() or 2)
except environment.EnvironmentVariableError as error:
    sys.exit(str(error))
threads = 4
preload_app = True
timeout = 60
graceful_timeout = 30
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
# By default all instances of one user share one socket in the home folder.
control_socket_disable = True
# Requests are logged by config/logs.py, without query strings.
accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True}},
}

os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="opora-metrics-"))


def pre_fork(_arbiter: Any, _worker: Any) -> None:
    """Close what must not be shared with a child, and spare the loaded application from garbage collection.

    A full collection over all that Django and its packages leave in memory made every fourth request 0.2 s slower.
    """
    for connection in connections.all(initialized_only=True):
        connection.close()
        if isinstance(connection, DatabaseWrapper):
            connection.close_pool()
    gc.collect()
    gc.freeze()


def child_exit(_arbiter: Any, worker: Any) -> None:
    """Drop the gauges of a worker that has ended."""
    from prometheus_client import multiprocess  # noqa: PLC0415 - reads the variable set above

    multiprocess.mark_process_dead(worker.pid)
