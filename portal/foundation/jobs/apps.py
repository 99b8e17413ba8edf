from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "portal.foundation.jobs"
    label = "jobs"
