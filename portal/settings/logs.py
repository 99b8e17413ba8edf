"""What is written to the log: one line for what was refused, a traceback for what broke."""

from __future__ import annotations

import logging
from typing import Any


class RefusalsInOneLine(logging.Filter):
    """A page that was refused (403) or not found is no fault of ours: its address is enough, without a traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.ERROR:
            record.exc_info = record.exc_text = None
        return True


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"refusals": {"()": f"{__name__}.RefusalsInOneLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "axes": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "matplotlib": {"level": "WARNING"},
        "survey": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
        # Django brings handlers of its own that would write each line twice.
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.request": {"filters": ["refusals"]},
    },
}
