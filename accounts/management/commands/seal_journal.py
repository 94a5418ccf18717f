"""`manage.py seal_journal`: put a seal over the newest rows of the access journal."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from accounts.seals import seal_journal


class Command(BaseCommand):
    help = "Seal the rows of the access journal written since the last seal."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sealed = seal_journal()
        except OperationalError as error:
            raise CommandError("A slow transaction is writing to the journal; try again in a minute.") from error
        self.stdout.write(f"{sealed} events sealed.")
