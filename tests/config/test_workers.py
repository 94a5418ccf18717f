"""What a worker process does before its first task."""

import gc

from celery.signals import worker_process_init


def test_a_new_process_spares_what_is_loaded_from_garbage_collection() -> None:
    before = gc.get_freeze_count()
    try:
        worker_process_init.send(sender=None)
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()
        if before:
            gc.freeze()
