"""Settings of a developer's machine and of the demo: the suite's, with the real cache, pool and password hashes.

DEMO=true makes it the demo: sign-ins are listed on its sign-in page, and no second factor is asked for.
"""

from urllib.parse import urlsplit

from config.settings.test import *
from config.settings.test import DATABASES
from config.settings import base
from config import environment as env

DEBUG = env.flag("DEBUG", default=True)
DEMO = env.flag("DEMO", default=False)
SECOND_FACTOR_REQUIRED = not DEMO
if not DEMO:
    ROOT_URLCONF = "config.urls_dev"
CACHES = base.CACHES
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DATABASES["default"]["OPTIONS"]["pool"] = base.POOL
if not DEBUG:
    STORAGES = base.STORAGES
# Browsers keep one jar of cookies for all ports of a host: demos of two clones must not sign each other out.
SESSION_COOKIE_NAME = f"session-{urlsplit(base.PUBLIC_URL).port}"
CSRF_COOKIE_NAME = f"csrf-{urlsplit(base.PUBLIC_URL).port}"
