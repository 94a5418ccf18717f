"""Routes of the accounts room that are not the sign-in library's."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("appointment/", views.appointment_switch, name="appointment_switch"),
    path("language/", views.language, name="language"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.inbox_read, name="inbox_read"),
]
