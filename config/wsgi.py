"""The WSGI entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from config.environment import load_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
load_settings()
application = get_wsgi_application()
