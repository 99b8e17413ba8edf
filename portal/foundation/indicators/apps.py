from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "portal.foundation.indicators"
    label = "indicators"
