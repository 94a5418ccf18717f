"""Log lines of signing in and out. What was typed is never logged: people type passwords into the login field."""

from typing import Any

import structlog
from allauth.mfa.signals import authentication_failed as second_factor_failed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.journal import client_address
from accounts.models import User

logger = structlog.get_logger(__name__)


@receiver(user_logged_in)
def log_sign_in(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    logger.info("user_logged_in", user_id=user.pk, ip=client_address(request))


@receiver(user_logged_out)
def log_sign_out(sender: object, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    logger.info("user_logged_out", user_id=user.pk if user else None, ip=client_address(request))


@receiver(user_login_failed)
def log_failure(sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    """The account is named by its id; None where there is no such login."""
    account = User.objects.filter(username=credentials.get("username", "")).values_list("pk", flat=True).first()
    logger.warning("user_login_failed", user_id=account, ip=client_address(request) if request else None)


@receiver(second_factor_failed)
def log_second_factor_failure(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    logger.warning("second_factor_failed", user_id=user.pk, ip=client_address(request))
