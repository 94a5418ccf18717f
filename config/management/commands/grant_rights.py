"""manage.py grant_rights: after `migrate`, as the owner of the schema."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from config.rights import APPLICATION_ROLE, grant_rights


class Command(BaseCommand):
    help = "Grants the application's database role its rights on all tables. Run it as the owner after each migration."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--role", default=APPLICATION_ROLE, help="the role that the application connects as")

    def handle(self, *_args: Any, **options: Any) -> None:
        grant_rights(connection, options["role"])
