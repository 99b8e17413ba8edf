from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "portal.foundation.reporting"
    label = "reporting"
