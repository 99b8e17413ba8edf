from django.apps import AppConfig


class ReceiptsConfig(AppConfig):
    name = "portal.foundation.receipts"
    label = "receipts"

    def ready(self) -> None:
        from portal.foundation.audit.domain import register_content
        from portal.foundation.receipts import domain, holdings
        from portal.foundation.receipts.models import Receipt

        holdings.declare()
        register_content(Receipt, domain.receipt_content)
