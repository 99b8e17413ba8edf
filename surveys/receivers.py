"""What this module does when a clock's step has come: order a job, and nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from portal.foundation.clocks.signals import clock_escalated
from surveys.domain.escalation import ask_for_step


@receiver(clock_escalated)
def order_step(sender: Any, clock_id: int, step: int, at: datetime, **_kwargs: Any) -> None:
    ask_for_step(clock_id=clock_id, step=step, at=at)
