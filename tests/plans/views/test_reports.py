"""The plan on paper and as a spreadsheet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from portal.foundation.people.roles import Role
from tests.factories import plans as factory
from tests.factories.territories import CountryFactory
from tests.plans.views.clients import signed_in

pytestmark = pytest.mark.django_db
AT = factory.NOW + timedelta(hours=5)


@pytest.mark.parametrize("name", ["pdf", "report_pdf"])
def test_the_plan_is_printed(name: str, django_capture_on_commit_callbacks: Any) -> None:
    plan = factory.plan_in_force()
    client = signed_in(Role.NATIONAL_TEAM, CountryFactory())

    with django_capture_on_commit_callbacks(execute=True):
        asked = client.post(reverse(f"plans:{name}", args=[plan.pk]))
    file = client.get(f"{asked.url}archivo/")

    assert b"".join(file.streaming_content).startswith(b"%PDF")


def test_a_line_is_printed_on_one_page(django_capture_on_commit_callbacks: Any) -> None:
    line = factory.plan_in_force().actions.get()
    client = signed_in(Role.TEAM_MEMBER, line.plan.municipality)

    with django_capture_on_commit_callbacks(execute=True):
        asked = client.post(reverse("plans:action_pdf", args=[line.pk]))
    file = client.get(f"{asked.url}archivo/")

    assert b"".join(file.streaming_content).startswith(b"%PDF")


def test_the_plan_as_a_spreadsheet_runs_no_formula() -> None:
    from io import BytesIO

    from openpyxl import load_workbook

    plan = factory.draft_plan()
    factory.add_line(plan, title="=1+1")

    answer = signed_in(Role.TEAM_MEMBER, plan.municipality).get(reverse("plans:xlsx", args=[plan.pk]))

    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content)))["Mejoras"]
    assert [cell.value for cell in sheet["B"]] == ["Mejora", "'=1+1"]
