"""Who a session belongs to."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import Appointment, User


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's, with the person and what they may work as read in one query: every request begins with both."""

    def get_user(self, user_id: Any) -> User | None:
        rows = Appointment.objects.filter(user=user_id).select_related("user").to_choose_from()
        user: User | None = rows[0].user if rows else super().get_user(user_id)
        if user is None or not self.user_can_authenticate(user):
            return None
        for row in rows:
            row.user = user
        user.know_appointments(rows)
        return user
