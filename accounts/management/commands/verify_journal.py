"""`manage.py verify_journal`: recompute the chain of seals over the access journal."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.seals import verify_chain


class Command(BaseCommand):
    help = "Check that no sealed row of the access journal was changed, added or removed. Ends with 1 if one was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--expect",
            default="",
            metavar="DIGEST",
            help="a digest from the log: kept outside the database, it shows even a rewriting of the whole chain",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        state = verify_chain(options["expect"])
        if state.broken_seal is not None:
            raise CommandError(
                f"BROKEN: seal {state.broken_seal.pk} of {state.broken_seal.sealed_at:%Y-%m-%d %H:%M} UTC"
                f" does not match its rows (up to event {state.broken_seal.last_event_id});"
                f" {state.seals} seals before it are whole."
            )
        if not state.has_expected:
            raise CommandError("BROKEN: no seal has the expected digest; the chain was cut off or written anew.")
        self.stdout.write(
            f"Whole: {state.seals} seals over {state.events} events, {state.unsealed} not sealed yet. {state.digest}"
        )
