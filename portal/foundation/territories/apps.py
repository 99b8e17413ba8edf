from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    name = "portal.foundation.territories"
    label = "territories"
