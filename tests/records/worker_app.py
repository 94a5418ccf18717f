"""The application of a real Celery worker of the tests: the project's, with one more kind of work.

Run by tests/records/test_real_worker.py: `celery -A tests.records.worker_app worker`.
"""

from config.celery import app

__all__ = ["app"]

# Imported by the worker once Django is set up.
app.conf.imports = ("tests.records.waiting_work",)
