"""The Celery application: what workers and the beat run."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

# Kombu accepts a transport by its alias only in an address; ours stands in for its own over files.
TRANSPORT_ALIASES["filesystem"] = "portal.foundation.jobs.broker:Transport"

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")

app = Celery("mejora")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
