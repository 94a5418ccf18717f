"""A kind of work that stops in the middle until it is told to go on; done by the worker of `worker_app`."""

import datetime
import os
import time
from pathlib import Path

from accounts.models import User
from records.models import LegalAct, WorkOrder
from records.services import workers

KIND = "tests.waits"
MARKS = Path(os.environ["OPORA_TEST_MARKS"])


def make_act(order: WorkOrder, _user: User | None) -> int:
    """Write half of the effect, say so, wait for the word to go on, and finish."""
    day = datetime.date(2026, 1, 1)
    act = LegalAct.objects.create(
        issuer="Министерство", kind="Приказ", number=order.key, dated=day, title="О работе", in_force_from=day
    )
    (MARKS / f"begun-{order.attempts}").touch()
    while not (MARKS / "go").exists():
        time.sleep(0.05)
    return int(act.pk)


workers.register_worker(KIND, make_act, title="Работа", lease=datetime.timedelta(seconds=1))
