"""What this module offers on its own complaints and on the objects of the modules below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.foundation.offers.registry import Offer
from surveys import rules
from surveys.enums import ComplaintAbout, ComplaintState
from surveys.models import Complaint


def offered_for_everybody(user: Any, complaints: Sequence[Complaint]) -> list[Complaint]:
    """To whoever leads the team: those that are about nobody of it, not serious, and not taken back. No query."""
    return [
        complaint
        for complaint in complaints
        if complaint.state != ComplaintState.WITHDRAWN
        and not complaint.alert
        and complaint.about == ComplaintAbout.NOBODY
        and rules.can_publish_text(user, complaint)
    ]


PUBLISH_TEXT = Offer(
    key="surveys.public_text",
    subject_type="surveys.complaint",
    label=_("Let everybody read its text, masked"),
    offered=offered_for_everybody,
    url=lambda complaint: reverse("surveys:complaint_public_text", args=[complaint.pk]),
)
