from django.apps import AppConfig


class CyclesConfig(AppConfig):
    name = "portal.foundation.cycles"
    label = "cycles"
