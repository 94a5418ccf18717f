"""All routes, and the pages that measurements compare them with."""

from bench.pages import urlpatterns as _floors
from config.urls import urlpatterns as _urlpatterns

urlpatterns = [*_urlpatterns, *_floors]
