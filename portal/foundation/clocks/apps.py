from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "portal.foundation.clocks"
    label = "clocks"

    def ready(self) -> None:
        from portal.foundation.clocks import domain  # noqa: F401  registers its job's handler
