"""Settings of a developer's machine and of the demo: the suite's, with readable pages of errors."""

from config.settings.test import *
from config.settings.test import env

DEBUG = env.bool("DEBUG", default=True)
DEMO = env.bool("DEMO", default=False)
SECOND_FACTOR_REQUIRED = not DEMO
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env.str("BROKER_URL")}}
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
