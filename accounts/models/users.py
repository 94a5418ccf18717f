"""The person who signs in."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from common.text import full_name, initials_first

if TYPE_CHECKING:
    from accounts.models.appointments import Appointment


class UserManager(BaseUserManager["User"]):
    """Makes accounts; there is no way to make a superuser."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        """A new account; without a password it can sign in only through a one-time link."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A member of staff or of a council. Rights come from dated appointments only: there are no superusers.

    An account is never deleted, since its name stands in the history; it is switched off.
    """

    username = models.CharField(
        _("login"),
        max_length=150,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("This login is taken.")},
    )
    last_name = models.CharField(_("last name"), max_length=100)
    first_name = models.CharField(_("first name"), max_length=100)
    patronymic = models.CharField(_("patronymic"), max_length=100, blank=True)
    post = models.CharField(_("post"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=[("ru", _("Russian")), ("en", _("English"))], default="ru"
    )
    daily_digest = models.BooleanField(
        _("a letter each working day with what is new"),
        default=True,
        help_text=_("It counts notifications and holds no names."),
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["last_name", "first_name"]

    objects: ClassVar[UserManager] = UserManager()

    # Superusers do not exist: libraries that ask get a constant, no column that could be switched on.
    is_superuser = False

    _working: "Appointment | None" = None
    _working_chosen = False

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["last_name", "first_name", "patronymic"]

    def __str__(self) -> str:
        return self.get_short_name()

    def get_full_name(self) -> str:
        """«Черных Ольга Павловна»."""
        return full_name(self.last_name, self.first_name, self.patronymic)

    def get_short_name(self) -> str:
        """«О. П. Черных» with non-breaking spaces."""
        return initials_first(self.last_name, self.first_name, self.patronymic)

    @cached_property
    def appointments_in_force(self) -> "list[Appointment]":
        """What the person may work as today, own posts before deputyships; kept for the request."""
        return self._in_force(self.appointments.to_choose_from())

    def know_appointments(self, rows: "Iterable[Appointment]") -> None:
        """Take what the person may work as from all their appointments, read together with the person."""
        self.appointments_in_force = self._in_force(rows)

    def _in_force(self, rows: "Iterable[Appointment]") -> "list[Appointment]":
        return [row for row in rows if row.is_in_force(row.local_today())] if self.is_active else []

    @property
    def appointment(self) -> "Appointment | None":
        """The appointment the person works in now, None without one in force; every right is read from it.

        The middleware sets the one chosen in the header; without a choice it is the first one in force.
        """
        if not self._working_chosen:
            self._working = next(iter(self.appointments_in_force), None)
            self._working_chosen = True
        return self._working

    def work_as(self, appointment: "Appointment | None") -> None:
        """Make `appointment` (one of this person's own, or None) the source of rights on this object."""
        if appointment is not None and appointment.user_id != self.pk:
            raise ValueError("An appointment of another person gives no rights.")
        self._working, self._working_chosen = appointment, True

    def end_sessions(self, *, but: str | None = None) -> None:
        """Sign the person out everywhere, except in the session with the key `but`."""
        for session in UserSession.objects.filter(user=self).exclude(session_key=but):
            session.end()

    @property
    def is_staff(self) -> bool:
        """Whether the administration pages open: for administrators, never by a flag."""
        return self.appointment is not None and self.appointment.is_administrator

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's permissions grant nothing here; administration pages ask the appointment (accounts.admin)."""
        return False

    def has_perms(self, perm_list: list[str], obj: object = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


def principal_field() -> "models.ForeignKey[User | None, User | None]":
    """Beside the column of who acted: whose place that person took then, if anybody's (`stood_in_for`)."""
    return models.ForeignKey(
        User,
        verbose_name=_("standing in for"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )


class SecondFactorReset(models.Model):
    """A lost second factor: one administrator asks for the reset, another confirms it (clarifications, Accounts)."""

    user = models.ForeignKey(User, verbose_name=_("user"), on_delete=models.CASCADE, related_name="factor_resets")
    requested_by = models.ForeignKey(User, verbose_name=_("requested by"), on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("requested"), default=timezone.now)
    reason = models.CharField(_("reason"), max_length=300)
    confirmed_by = models.ForeignKey(
        User, verbose_name=_("confirmed by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        verbose_name = _("reset of a second factor")
        verbose_name_plural = _("resets of second factors")
        ordering = ["-requested_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("requested_by")),
                name="second_factor_reset_takes_two",
                violation_error_message=_("The administrator who asked for the reset cannot confirm it."),
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(confirmed_at=None),
                name="one_open_second_factor_reset",
                violation_error_message=_("A reset for this person already waits for confirmation."),
            ),
            models.CheckConstraint(
                condition=~Q(user=F("requested_by")) & (Q(confirmed_by=None) | ~Q(user=F("confirmed_by"))),
                name="nobody_resets_their_own_second_factor",
                violation_error_message=_("Nobody resets their own second factor."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.requested_at:%d.%m.%Y}"
