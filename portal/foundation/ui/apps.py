from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "portal.foundation.ui"
    label = "ui"
