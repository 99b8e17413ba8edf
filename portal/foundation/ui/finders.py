"""Which static files are the site's own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder


class ShownAppsFinder(AppDirectoriesFinder):
    """Files of every app but those that are installed for their tables alone."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(app_names, *args, **kwargs)
        for name in settings.STATICFILES_SKIPPED_APPS:
            self.storages.pop(name, None)
        self.apps = [name for name in self.apps if name in self.storages]
