"""Real Celery workers of the project, started in a moment: forked from a process that has loaded everything.

Run by tests/monitoring/test_real_report_worker.py. For each line on the standard input it starts a worker, a process of
its own with its own connections, and answers with its process id.
"""

import os
import signal
import sys

import django

from config.celery import app

WORKER = ("worker", "--pool", "solo", "--without-gossip", "--without-mingle", "--without-heartbeat")


def load() -> None:
    """Import what a worker needs, and open no connection.

    Nothing is rendered here: Pango keeps a thread for its fonts, which a fork leaves behind.
    """
    django.setup()
    app.loader.import_default_modules()
    app.finalize()
    import weasyprint  # noqa: F401, PLC0415 - Django is set up by now


def answer(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main() -> None:
    load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    answer("ready")
    for _line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            # What a worker says goes to the log, not among the answers.
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
            app.worker_main(list(WORKER))
            os._exit(0)
        answer(pid)


if __name__ == "__main__":
    main()
