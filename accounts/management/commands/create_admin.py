"""`manage.py create_admin LOGIN`: the first system administrator, let in by a one-time link."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Appointment, User
from accounts.services import appoint, issue_password_link


class Command(BaseCommand):
    help = "Create the first system administrator and print a one-time link for setting the password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login")
        parser.add_argument("--last-name", required=True)
        parser.add_argument("--first-name", required=True)
        parser.add_argument("--patronymic", default="")
        parser.add_argument(
            "--another", action="store_true", help="although there is a system administrator already, all locked out"
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        administrators = Appointment.objects.in_force(today).filter(role=Role.SYSTEM_ADMIN, user__is_active=True)
        if administrators.exists() and not options["another"]:
            raise CommandError("There is a system administrator already; they appoint others in the administration.")
        user = User(
            username=User.normalize_username(options["login"]),
            last_name=options["last_name"],
            first_name=options["first_name"],
            patronymic=options["patronymic"],
        )
        user.set_unusable_password()
        try:
            user.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user.save()
        appoint(actor=None, user=user, role=Role.SYSTEM_ADMIN, starts_on=today)
        link = issue_password_link(actor=None, user=user)
        self.stdout.write("Open this link within a day to set the password; it works once:")
        self.stdout.write(link)
