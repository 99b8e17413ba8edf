from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "portal.foundation.documents"
    label = "documents"

    def ready(self) -> None:
        from portal.foundation.documents import (
            domain,  # noqa: F401  registers the job that produces
            holdings,
        )

        holdings.declare()
