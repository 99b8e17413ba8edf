"""How a verified improvement is named where its level is read."""

from __future__ import annotations

import pytest
from django.urls import reverse

from plans.enums import SignatureRole
from quality.enums import Series
from quality.models import LevelRecord
from quality.sources import LevelSource, sources_of
from tests.factories.plans import proposed_plan, sign, verified_action

pytestmark = pytest.mark.django_db


def test_an_improvement_is_named_by_its_number_in_its_plan(django_assert_num_queries) -> None:
    plan = proposed_plan(lines=2)
    for role in SignatureRole:
        sign(plan, role)
    line = verified_action(plan.actions.get(number=2))
    records = LevelRecord.objects.in_force().filter(municipality=plan.municipality)

    with django_assert_num_queries(3):  # the records, the self-diagnoses and the improvements
        sources = sources_of(list(records))

    verified = records.get(series=Series.VERIFIED)
    assert sources[(verified.source_type, verified.source_id)] == LevelSource(
        f"Mejora 2 del plan 2026: {line.title}", reverse("plans:action", args=[line.pk])
    )
