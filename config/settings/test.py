"""Settings of the test suite: production's, with the addresses that the suite starts for itself."""

import os

os.environ.setdefault("SECRET_KEY", "a secret of the tests, known to everybody")
os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,testserver")
os.environ.setdefault("DATABASE_URL", "postgres://opora_owner@localhost:1/opora")
os.environ.setdefault("BROKER_URL", "redis://localhost:1/0")
os.environ.setdefault("PUBLIC_URL", "http://localhost:8000")

from config.settings.base import *
from config.settings.base import DATABASES, INSTALLED_APPS, LOGGING, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "demo", "bench"]

SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# A live server finds hashed names only after collectstatic; plain names let browser tests see the styles.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# Each client of a test has middleware of its own: WhiteNoise would list the collected files anew, which another process
# may be writing at that moment.
WHITENOISE_AUTOREFRESH = True
# A pool keeps connections open over the end of a test and would block the drop of the test database.
DATABASES["default"]["OPTIONS"].pop("pool", None)
# Where the suite has prepared a migrated database, Django copies that one; see tests/plugins/schema.py.
DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ.get("OPORA_TEST_TEMPLATE")}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
LOGGING = LOGGING | {"handlers": {"console": {"class": "logging.StreamHandler", "formatter": "console"}}}
