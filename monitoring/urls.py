"""Routes of the monitoring room."""

from django.urls import path

from monitoring.views import home

urlpatterns = [
    path("", home.home, name="home"),
]
