from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "portal.foundation.audit"
    label = "audit"

    def ready(self) -> None:
        from portal.foundation.audit import domain  # noqa: F401  registers the job that mails the head
