"""The Celery application and the whole schedule of the installation."""

import gc
import os

from celery import Celery
from celery.schedules import crontab, schedule
from celery.signals import worker_process_init, worker_ready
from django.core.cache import cache

from config.environment import load_settings
from records.services.marks import note_run

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")

app = Celery("opora")
app.on_configure.connect(load_settings)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

HEARTBEAT_KEY = "worker-heartbeat"
HEARTBEAT_SECONDS = 20


@app.task(name="config.heartbeat", expires=HEARTBEAT_SECONDS)
def heartbeat() -> None:
    """Leave a mark, good for three beats, that beat, broker and a worker are all alive; /readyz/ looks for it."""
    cache.set(HEARTBEAT_KEY, 1, timeout=3 * HEARTBEAT_SECONDS)
    note_run("config.heartbeat")


@worker_process_init.connect
def spare_what_is_loaded(**_signal: object) -> None:
    """Leave what Django has loaded out of garbage collection: after each PDF it cost as much as laying the PDF out."""
    gc.collect()
    gc.freeze()


@worker_ready.connect
def first_heartbeat(**_signal: object) -> None:
    """Do not let a new worker wait for the next beat before it counts."""
    heartbeat.delay()


app.conf.beat_schedule = {
    "heartbeat": {"task": "config.heartbeat", "schedule": schedule(HEARTBEAT_SECONDS)},
    "work-sweep": {"task": "records.sweep", "schedule": schedule(60)},
    "journal-seal": {"task": "records.seal", "schedule": crontab(minute=5)},
    # A quarter ends at another moment in each time zone.
    "reports-draft": {"task": "monitoring.draft_reports", "schedule": crontab(minute=15)},
    "contracts-advance": {"task": "contracts.advance", "schedule": crontab(minute=30)},
    "records-tidy": {"task": "records.tidy", "schedule": crontab(hour=23, minute=30)},
    "daily-rules": {"task": "monitoring.apply_daily_rules", "schedule": crontab(minute="*/10")},
}
