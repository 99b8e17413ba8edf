"""Settings of every installation; production and tests start from these."""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from portal.settings import storage
from portal.settings.access import *  # noqa: F403
from portal.settings.access import second_factor_code
from portal.settings.apps import INSTALLED_APPS, MIDDLEWARE  # noqa: F401
from portal.settings.browser import *  # noqa: F403
from portal.settings.environment import ROOT, read_environment
from portal.settings.logs import LOGGING  # noqa: F401
from portal.settings.schedule import *  # noqa: F403

PRODUCTION = os.environ.get("DJANGO_SETTINGS_MODULE") == "portal.settings.production"
ENVIRONMENT = read_environment(os.environ, production=PRODUCTION)
ENVIRONMENT.data_dir.mkdir(parents=True, exist_ok=True)

# --- Site
DEBUG = ENVIRONMENT.debug
#: A demonstration with invented people (docs/adr/0004-demonstration.md). Its pages are those of production.
DEMO = ENVIRONMENT.demo
SECRET_KEY = ENVIRONMENT.secret_key
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
SITE_URL = ENVIRONMENT.site_url
CSRF_TRUSTED_ORIGINS = [SITE_URL]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Storage
DATABASES = storage.databases(ENVIRONMENT)
CACHES = storage.caches(ENVIRONMENT)
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "static"
STATICFILES_DIRS = [ROOT / "var" / "assets"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "portal.foundation.ui.finders.ShownAppsFinder",
]
# Apps whose screens we do not use: their files stay where they are.
STATICFILES_SKIPPED_APPS = ["survey"]
# Nothing is collected before a demonstration: the style sheets are looked up where they were built.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG or DEMO
MEDIA_URL = "/media/"
MEDIA_ROOT = ENVIRONMENT.data_dir / "media"
PRIVATE_FILES_ROOT = ENVIRONMENT.data_dir / "private"
FILE_MAX_BYTES = 20 * 1024 * 1024
# Two files and their form in one request; a larger body is answered 413 before anything reads it.
REQUEST_MAX_BYTES = 2 * FILE_MAX_BYTES + 2 * 1024 * 1024
# Dotted path of ``scan(content) -> None`` that raises FileRefused, such as a call to an antivirus service.
FILE_SCANNER = ""
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 10
# Where no person reads the answer: faults of the request are told in the form that programs read.
PROGRAM_PATHS = ("/open311/",)

# --- Background work
globals().update(storage.celery(ENVIRONMENT))
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False  # what is printed is no warning
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "America/Santiago"

# --- E-mail and text messages
globals().update(storage.email(ENVIRONMENT))
DEFAULT_FROM_EMAIL = ENVIRONMENT.default_from_email
globals().update(storage.text_messages(ENVIRONMENT))
# The country of a telephone number that is written without one (ISO 3166).
TELEPHONE_REGION = "CL"
AUDIT_HEAD_EMAIL = ENVIRONMENT.audit_head_email

# --- Keys that outlive SECRET_KEY
AUDIT_KEY = ENVIRONMENT.audit_key
IDENTIFIER_KEY = ENVIRONMENT.identifier_key

# --- Language and time
LANGUAGE_CODE = "es"
LANGUAGES = [("es", _("Spanish")), ("en", _("English"))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["portal.settings.formats"]
TIME_ZONE = "America/Santiago"

# --- Templates
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.foundation.ui.context.site",
            ]
        },
    }
]

# --- People
AUTH_USER_MODEL = "people.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
RECEIPT_HASHER = "portal.foundation.receipts.hashing.SecretHasher"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboards:tasks"
LOGOUT_REDIRECT_URL = "/"

# Whether people see the names of those who looked at their data, or their role and organization alone.
LOOKS_SHOW_NAMES = False

DEMO_SECOND_FACTOR_CODE = second_factor_code(demo=DEMO)
TRUSTED_PROXY_COUNT = ENVIRONMENT.trusted_proxy_count

# --- Browser safety
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

# --- Wagtail
WAGTAIL_SITE_NAME = "Mejora"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
TAGGIT_CASE_INSENSITIVE = True

BASE_DIR: Path = ROOT
