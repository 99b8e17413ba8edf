"""Django's administration: a superuser's window onto what no screen of ours shows, not a way round the verbs."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from django.apps import apps
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import SimpleAdminConfig
from django.http import HttpRequest

# Everything else has verbs with rules and audit, or holds secrets.
SHOWN = frozenset({"axes.accessattempt", "axes.accessfailurelog", "axes.accesslog", "taggit.tag"})


class AdministrationSite(AdminSite):
    """Registers only :data:`SHOWN`, whatever other packages offer, and opens to superusers alone."""

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        models = model_or_iterable if isinstance(model_or_iterable, Iterable) else [model_or_iterable]
        shown = [model for model in models if model._meta.label_lower in SHOWN]
        super().register(shown, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_superuser


class AdministrationConfig(SimpleAdminConfig):
    """Django's administration with our site; only what it shows is loaded."""

    default_site = "portal.foundation.people.administration.AdministrationSite"

    def ready(self) -> None:
        super().ready()
        for label in sorted({shown.split(".")[0] for shown in SHOWN}):
            import_module(f"{apps.get_app_config(label).name}.admin")
