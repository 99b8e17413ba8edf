from django.apps import AppConfig
from django.conf import settings


class DemoConfig(AppConfig):
    name = "portal.demo"
    label = "demo"

    def ready(self) -> None:
        from portal.demo import notes
        from surveys import sources

        if settings.DEMO:
            sources.register(notes.SOURCE)
