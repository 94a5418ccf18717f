"""Settings of the measurements: production's, over the scale database, without a second factor."""

import os

os.environ.setdefault("DEBUG", "false")

from config.settings.dev import *

SECOND_FACTOR_REQUIRED = False
ROOT_URLCONF = "config.urls_bench"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
