from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import ngettext

from portal.foundation.audit.models import AuditEvent
from portal.foundation.audit.verification import verify


class Command(BaseCommand):
    help = "Checks the audit's chain and every protected object; ends with 1 where something was altered."

    def handle(self, *args: Any, **options: Any) -> None:
        findings = verify(at=timezone.now())
        for finding in findings:
            self.stdout.write(str(finding))
        counts = {"events": AuditEvent.objects.count(), "findings": len(findings)}
        text = ngettext(
            "Notes checked: %(events)s. %(findings)s finding.",
            "Notes checked: %(events)s. %(findings)s findings.",
            len(findings),
        )
        self.stdout.write(text % counts)
        if findings:
            sys.exit(1)
