"""Settings of the real worker that the test kills: short leases, a real server for mail."""

from portal.settings import base
from portal.settings.test import *  # noqa: F403

CELERY_TASK_ALWAYS_EAGER = False
CELERY_BROKER_URL = base.CELERY_BROKER_URL
EMAIL_BACKEND = base.EMAIL_BACKEND
CELERY_BEAT_SCHEDULE = {"jobs-sweep": {"task": "jobs.sweep", "schedule": 1.0}}
JOBS_LEASE_SECONDS = 4
JOBS_REDISPATCH_SECONDS = 2
TEMPLATES = [
    {**base.TEMPLATES[0], "DIRS": [*base.TEMPLATES[0]["DIRS"], base.ROOT / "tests/foundation/messages/templates"]}
]
