"""A country's installation: everything comes from the environment, nothing unsafe is accepted."""

from portal.settings.base import *  # noqa: F403

# Refused by name in the environment; said again here, so that no second factor opens by an oversight there.
DEMO = False
DEMO_SECOND_FACTOR_CODE = None

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = False  # the neighbors on a ministry's domain are not ours to command
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # both about those neighbors
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
