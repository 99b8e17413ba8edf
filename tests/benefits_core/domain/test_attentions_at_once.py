"""Several counters at the same moment, in threads of their own and on committed rows."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.utils import translation

from benefits_core.domain import attentions
from benefits_core.domain.tallies import rebuild
from benefits_core.errors import BenefitsError
from benefits_core.models import Attention, AttentionMonth
from portal.foundation.people.models import Identifier, Person
from tests.factories import attentions as factory
from tests.factories.attentions import MINUTE, NOW
from tests.factories.territories import MunicipalityFactory, ServicePointFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each of ``calls`` gave back, or the refusal that it met; all begin together."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=20)
            with translation.override("es"):
                return call()
        except BenefitsError as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=len(calls)) as pool:
        return list(pool.map(run, calls))


def test_counters_that_record_at_once_lose_no_sum() -> None:
    point, matter = ServicePointFactory(), factory.matter()
    by = factory.clerk(point.territory)
    contents = [
        factory.content(service_point=point, matter=matter, wait_minutes=number % 4, preferential=number % 2 == 0)
        for number in range(12)
    ]

    at_once(
        *(lambda content=content: attentions.record_attention(content=content, by=by, at=NOW) for content in contents)
    )

    kept = list(AttentionMonth.objects.order_by("preferential").values("preferential", "count", "waits", "matters"))
    assert sum(row["count"] for row in kept) == Attention.objects.count() == 12
    rebuild(territory=point.territory, month=NOW.date().replace(day=1))
    assert kept == list(
        AttentionMonth.objects.order_by("preferential").values("preferential", "count", "waits", "matters")
    )


def test_a_form_sent_by_several_requests_at_once_is_one_attention() -> None:
    said, token = factory.content(), uuid4()
    by = factory.clerk(said.service_point.territory)

    made = at_once(
        *(lambda: attentions.record_attention(content=said, form_token=token, by=by, at=NOW) for _ in range(5))
    )

    assert len({each.pk for each in made}) == Attention.objects.count() == 1
    assert AttentionMonth.objects.get().count == 1


def test_one_number_at_several_counters_is_one_person() -> None:
    place = MunicipalityFactory()
    by = factory.clerk(place)

    found = at_once(
        *(
            lambda: attentions.person_for(identifier="12345678-5", scheme="cl_run", territory=place, by=by, at=NOW)
            for _ in range(5)
        )
    )

    assert len({each.pk for each in found}) == Person.objects.count() == Identifier.objects.count() == 1


def test_of_several_who_finish_an_attention_one_does() -> None:
    begun = factory.open_attention()

    ended = at_once(
        *(
            lambda: attentions.finish_attention(
                attention=begun, outcome="resolved", by=begun.recorded_by, at=NOW + MINUTE
            )
            for _ in range(4)
        )
    )

    assert sum(isinstance(each, Attention) for each in ended) == 1
    assert AttentionMonth.objects.get().outcomes == {"resolved": 1}
