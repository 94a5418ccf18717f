"""All routes and the gallery of components, for developers and the browser tests."""

from django.urls import path

from config.components import gallery
from config.urls import urlpatterns as _urlpatterns

urlpatterns = [*_urlpatterns, path("_components/", gallery, name="components")]
