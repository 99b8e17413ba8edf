from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "portal.foundation.messages"
    label = "outbox"

    def ready(self) -> None:
        from portal.foundation.messages import (
            domain,  # noqa: F401  registers the delivery jobs
            holdings,
        )

        holdings.declare()
