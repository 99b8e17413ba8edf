"""What people complain of or suggest, as texts that themes are looked for in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Prefetch, Q
from django.urls import reverse

from portal.foundation.indicators.registry import Period
from surveys.enums import ComplaintAbout, ComplaintKind, ComplaintState
from surveys.models import Complaint, ComplaintCoding
from surveys.sources import SourceText

KEY = "surveys.complaint"
KINDS = (ComplaintKind.COMPLAINT, ComplaintKind.SUGGESTION)


def texts(territories: Sequence[Any], period: Period) -> Iterator[SourceText]:
    """Complaints and suggestions received in those days; three queries.

    Without what was withdrawn, and without what may be about somebody of the team while nobody has
    settled about whom, or what its sender had erased. What is about somebody is withheld from that person.
    """
    codings = ComplaintCoding.objects.filter(in_force=True).prefetch_related("standards")
    found = (
        Complaint.objects.filter(
            Q(about=ComplaintAbout.NOBODY) | Q(about_settled_at__isnull=False),
            territory__in=territories,
            kind__in=KINDS,
            received_on__range=(period.starts_on, period.ends_on),
        )
        .exclude(state=ComplaintState.WITHDRAWN)
        .exclude(search_text="")  # erased at the person's request
        .only("text", "received_on", "step_id", "about_user_id")
        .prefetch_related(Prefetch("codings", codings, to_attr="codings_in_force"))
        .order_by("received_on", "pk")
    )
    for complaint in found:
        codes = {each.code for coding in complaint.codings_in_force for each in coding.standards.all()}
        yield SourceText(
            reference=str(complaint.pk),
            text=complaint.text,
            said_on=complaint.received_on,
            standard_codes=tuple(sorted(codes)),
            step_id=complaint.step_id,
            withheld_from=complaint.about_user_id,
        )


def page_of(reference: str) -> str:
    """The complaint's own page, which shows it to those alone who may read it."""
    return reverse("surveys:complaint", args=[reference])
