"""What the beat starts by itself, and when. Times of day are Chile's (``CELERY_TIMEZONE``)."""

from __future__ import annotations

from celery.schedules import crontab

CELERY_BEAT_SCHEDULE = {
    "jobs-sweep": {"task": "jobs.sweep", "schedule": 10.0},
    "jobs-purge": {"task": "jobs.purge", "schedule": crontab(hour=3, minute=10)},
    "people-apply-retention": {"task": "people.apply_retention", "schedule": crontab(hour=3, minute=30)},
    "files-purge-orphans": {"task": "files.purge_orphans", "schedule": crontab(hour=3, minute=20)},
    "clocks-escalate": {"task": "clocks.escalate", "schedule": crontab(minute=5)},
    "audit-seal": {"task": "audit.seal_events", "schedule": 60.0},
    "audit-publish-head": {"task": "audit.publish_head", "schedule": crontab(hour=23, minute=55)},
    "dashboards-remind": {"task": "dashboards.remind", "schedule": crontab(hour=8, minute=0, day_of_week="mon-fri")},
    "benefits-retire-ended": {"task": "benefits_core.retire_ended", "schedule": crontab(minute=2)},
    "benefits-remind-appointments": {
        "task": "benefits_core.remind_appointments",
        "schedule": crontab(hour=10, minute=0, day_of_week="mon-fri"),
    },
    # Every hour: the day does not end everywhere at once.
    "benefits-close-queues": {"task": "benefits_core.close_queues", "schedule": crontab(minute=12)},
    "benefits-purge-exports": {"task": "benefits_core.purge_exports", "schedule": crontab(hour=3, minute=40)},
    "surveys-purge-drafts": {"task": "surveys.purge_drafts", "schedule": crontab(minute=40)},
    "surveys-close-rounds": {"task": "surveys.close_rounds", "schedule": crontab(minute=10)},
    "audit-verify": {"task": "audit.verify", "schedule": crontab(hour=4, minute=30)},
}

# How long a worker may hold a job before another may take it; longer than any chunk of work.
JOBS_LEASE_SECONDS = 300
# After how long a dispatched job that nobody claimed is dispatched again (the broker lost it).
JOBS_REDISPATCH_SECONDS = 60
