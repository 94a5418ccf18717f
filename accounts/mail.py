"""Letters about the account itself; they hold no personal data and go out after the transaction."""

from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User


def send_second_factor_reset(user: User) -> None:
    """Tell the person that administrators have taken off their second factor; silent where mail is not configured."""
    if not settings.EMAIL_CONFIGURED or not user.email:
        return
    with translation.override(user.language):
        subject = _("Opora: your second factor was reset")
        text = _(
            "Two administrators have taken off the second factor of your account. Set up a new one when you next sign"
            " in. If you did not ask for this, tell your administrator at once."
        )
    # A letter that cannot be sent must not undo the reset: the notice in the inbox tells the same.
    transaction.on_commit(
        partial(send_mail, subject, text, settings.DEFAULT_FROM_EMAIL, [user.email]),
        robust=True,
    )
