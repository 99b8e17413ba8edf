"""Worker and beat as real processes on the broker that is configured."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from portal.celery import app
from portal.foundation.jobs.models import Job, JobState

pytestmark = pytest.mark.xdist_group("broker")


@pytest.fixture
def process_environment(tmp_path: Path, database_url: str) -> dict[str, str]:
    """The environment of a worker that shares this test's database; its own embedded broker."""
    return {
        **os.environ,
        "DATABASE_URL": database_url,
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "portal.settings.base",
    }


@pytest.fixture
def worker(process_environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "portal", "worker", "--pool", "solo"]
    process = subprocess.Popen([*command, "--loglevel", "WARNING"], env=process_environment, cwd=settings.ROOT)
    yield process
    process.kill()
    process.wait()


def wait_until(is_so: Callable[[], bool], seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.1)
    return is_so()


def test_a_worker_process_takes_up_what_another_process_sends(
    worker: subprocess.Popen[bytes], process_environment: dict[str, str]
) -> None:
    long_ago = timezone.now() - timedelta(days=400)
    Job.objects.create(kind="old", state=JobState.DONE, not_before=long_ago, created_at=long_ago, finished_at=long_ago)

    subprocess.run(
        [sys.executable, "-c", "from portal.celery import app; app.send_task('jobs.purge')"],
        env=process_environment,
        cwd=settings.ROOT,
        check=True,
    )

    assert wait_until(lambda: not Job.objects.exists())


def test_the_beat_starts_only_tasks_that_exist() -> None:
    app.loader.import_default_modules()

    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} - set(app.tasks) == set()
