"""Settings of the test suite: fast hashing, mail in memory, tasks run where they are sent."""

import os

from portal.settings.base import *  # noqa: F403
from portal.settings.base import DATABASES, ROOT

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")

SECRET_KEY = "tests-only-secret-key-of-more-than-32-characters"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
RECEIPT_HASHER = PASSWORD_HASHERS[0]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = ROOT / "var" / "test" / f"media-{_WORKER}"
PRIVATE_FILES_ROOT = ROOT / "var" / "test" / f"private-{_WORKER}"
CELERY_BROKER_URL = "memory://"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
SHOW_STYLE_GUIDE = True
# The test database is replaced between tests: no connection may outlive its request.
DATABASES["default"]["CONN_MAX_AGE"] = 0
