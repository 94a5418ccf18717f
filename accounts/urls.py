"""Routes of the accounts room that are not the sign-in library's."""

from django.urls import path

from accounts.views import inbox, journal, own

urlpatterns = [
    path("appointment/", own.appointment_switch, name="appointment_switch"),
    path("language/", own.language, name="language"),
    path("profile/", own.profile, name="profile"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.inbox_read, name="inbox_read"),
    path("inbox/<int:pk>/open/", inbox.notification_open, name="notification_open"),
    path("journal/", journal.journal, name="journal"),
]
