"""Which complaints become texts for themes, and from whom they are withheld."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.foundation.indicators.registry import Period
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from quality.models import Standard
from surveys.domain import complaints as domain
from surveys.queries.complaint_texts import page_of, texts
from tests.factories.complaints import NOW, TEXT, TODAY, coded, complaint, worker
from tests.factories.quality import small_catalogue
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def here() -> Territory:
    small_catalogue()
    return MunicipalityFactory()


def said(here: Territory, period: Period = YEAR) -> list[Any]:
    return list(texts([here], period))


def test_a_complaint_is_a_text_with_what_it_points_at(here: Territory) -> None:
    made = coded(complaint(here), standards=Standard.objects.filter(code__in=["E01", "E02"]))

    (text,) = said(here)

    assert (text.text, text.reference, text.said_on) == (TEXT, str(made.pk), TODAY)
    assert (text.standard_codes, text.step_id, text.withheld_from) == (("E01", "E02"), None, None)
    assert page_of(text.reference) == made.get_absolute_url()


def test_other_places_days_and_kinds_are_not(here: Territory) -> None:
    complaint(MunicipalityFactory())
    complaint(here, kind="compliment")
    complaint(here, kind="enquiry")
    withdrawn = complaint(here)
    domain.withdraw(complaint=withdrawn, at=NOW)
    complaint(here, kind="suggestion", text="Pongan sillas")

    assert [text.text for text in said(here)] == ["Pongan sillas"]
    assert said(here, Period(date(2026, 1, 1), date(2026, 1, 31))) == []


def test_what_is_about_somebody_waits_until_it_is_settled_and_is_withheld_from_that_person(here: Territory) -> None:
    made = complaint(here, about="staff")
    assert said(here) == []

    meant = worker(here)
    domain.settle_about(complaint=made, person=meant, by=worker(here, Role.COORDINATOR), at=NOW)

    assert [text.withheld_from for text in said(here)] == [meant.pk]


def test_queries_do_not_grow(here: Territory) -> None:
    counts = []
    for _number in range(2):
        coded(complaint(here))
        with CaptureQueriesContext(connection) as captured:
            said(here)
        counts.append(len(captured))

    assert counts[0] == counts[1]
