"""What the survey measures of standards, the lines that it asks for, and its report for everybody."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
import yaml
from django.template.defaultfilters import floatformat
from django.test import Client
from django.urls import reverse

import quality
from plans.queries import drivers as sources
from portal.foundation.documents.render import render_pdf
from portal.foundation.indicators import registry
from portal.foundation.indicators.registry import PUBLIC, Period
from portal.foundation.people.roles import Role
from surveys import followups
from surveys.documents.rounds import results_data
from surveys.followups import FollowUp
from surveys.indicators.rounds import ASKED_ABOUT
from surveys.models import Round, RoundResult
from surveys.questionnaire.model import Kind
from tests.factories import rounds as factory
from tests.factories.people import sign_in, user_with_role
from tests.factories.rounds import NOW
from tests.surveys.questionnaire import shipped
from tests.surveys.views.test_results import held, office, served_again

pytestmark = pytest.mark.django_db
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
CATALOGUE = Path(quality.__file__).parent / "data" / "catalogue-cl-rsh-0.1.0.yaml"


@pytest.fixture(autouse=True)
def october() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


class Asked:
    """A standard, as far as an indicator looks at it."""

    def __init__(self, code: str) -> None:
        self.code = code


def measured(key: str, places: Sequence[Any], audience: str = "team", subject: Any = None) -> Any:
    indicator = registry.get(key)
    assert indicator is not None
    return indicator.measure(territories=places, period=YEAR, audience=audience, subject=subject)


def test_the_standards_asked_about_are_those_of_the_shipped_questionnaire_and_catalogue() -> None:
    marks = [one for one in shipped.shipped()["user"].questions if one.kind in (Kind.MARK, Kind.AGREE)]
    attributes = {code for one in marks for code in one.attributes}
    standards = yaml.safe_load(CATALOGUE.read_text())["standards"]

    assert {one["code"] for one in standards if attributes & set(one["attributes"])} == set(ASKED_ABOUT)


def test_the_overall_mark_has_its_number_interval_period_and_source() -> None:
    round = held(office(), people=30, mean=5.5)

    [found] = measured("surveys.overall_mark", [round.territory])

    top = round.result.figures["summary"]["top"]
    assert found.value == pytest.approx(100 * top["value"])
    assert found.low < found.value < found.high
    assert found.n == 30
    assert found.period == Period(round.opens_on, round.closes_on)
    assert found.source.is_sample and found.query_version == "surveys.results/2"
    assert found.url == reverse("surveys:public_results", args=[round.territory.slug, 2026])


def test_few_answers_are_not_measured_for_the_public() -> None:
    round = held(office(), people=7, mean=5.5)

    [public] = measured("surveys.overall_mark", [round.territory], PUBLIC)
    [team] = measured("surveys.overall_mark", [round.territory])

    assert public.suppressed and public.value is None and public.n == 0
    assert team.value is not None


def test_a_standard_reads_the_marks_of_its_own_attributes() -> None:
    round = held(office(), people=12, mean=5.5)
    figure = {"value": 0.5, "n": 12, "size": 12.0, "low": 0.25, "high": 0.75, "silence": None}
    RoundResult.objects.filter(round=round).update(figures=round.result.figures | {"standards": {"E02": figure}})

    [asked] = measured("surveys.standard_marks", [round.territory], subject=Asked("E02"))
    [other] = measured("surveys.standard_marks", [round.territory], subject=Asked("E03"))
    [without] = measured("surveys.standard_marks", [round.territory])

    assert (asked.value, asked.low, asked.high, asked.n) == (50, 25, 75, 12)
    assert other.value is None and without.value is None


def test_that_it_was_held_is_evidence_once_its_results_are_out() -> None:
    done, going_on = held(office(), people=30, mean=5.5), factory.opened()

    found, missing = measured("surveys.survey_held", [done.territory, going_on.territory])

    assert found.n == 30 and found.denominator == done.strata.get().target
    assert found.low is None
    assert missing.value is None
    assert [one.key for one in registry.for_standard("E28")] == ["surveys.survey_held"]


@pytest.mark.parametrize("key", ["surveys.overall_mark", "surveys.survey_held"])
def test_one_query_for_all_places(key: str, django_assert_num_queries: Any) -> None:
    places = [held(office(), people=5, mean=5.0).territory for _number in range(3)]
    with django_assert_num_queries(1):
        assert len(measured(key, places)) == 3


# --- Lines of a plan


def weak(round: Round) -> Round:
    """Let waiting weigh much and do badly."""
    top = {"value": 0.3, "n": 160, "size": 150.0, "low": 0.2, "high": 0.4, "silence": None}
    one = {"code": "P02", "share": 0.4, "low": 0.3, "high": 0.5, "quadrant": "improve", "is_clear": True, "top": top}
    drivers = {"level": "items", "n": 160, "asked": 170, "explained": 0.6, "controls": 0.1, "why": None}
    result = RoundResult.objects.get(round=round)
    result.figures["drivers"] = drivers | {"drivers": [one, one | {"code": "P05", "quadrant": "keep"}]}
    result.save()
    return Round.objects.get(pk=round.pk)


def test_what_weighs_and_is_weak_can_be_answered_by_a_line() -> None:
    round = weak(held(office(), people=12, mean=5.5))

    [choice] = sources.driver_choices(round.territory, round.cycle)

    assert choice.reference == f"{round.pk}:P02"
    assert "30 %" in choice.label
    draft = sources.driver_draft(choice.reference)
    assert "160" in draft.problem and "no prueba" in draft.problem
    for wrong in ("", "x:P02", f"{round.pk}:P05", f"{round.pk}:", "999:P02"):
        with pytest.raises(LookupError):
            sources.describe_driver(wrong)


def test_the_team_is_offered_a_line_beside_it_and_those_above_are_not() -> None:
    round = weak(held(office(), people=12, mean=5.5))
    address = reverse("plans:draw_from_driver", args=[f"{round.pk}:P02"])
    page = reverse("surveys:round_results", args=[round.pk])

    def shown(role: Role, place: Any) -> str:
        return sign_in(Client(), user_with_role(role, place)).get(page).content.decode()

    assert address in shown(Role.COORDINATOR, round.territory)
    assert address not in shown(Role.REGIONAL_TEAM, round.territory.region)


# --- The report


def texts(round: Round) -> str:
    return json.dumps(results_data(round, "es"), ensure_ascii=False)


def test_the_report_says_what_was_asked_who_answered_and_what_came_out() -> None:
    round = held(office(), people=40, mean=5.5)

    found = texts(round)

    top = round.result.figures["summary"]["top"]
    for said in (
        "Qué se preguntó",
        "2.000",
        f"{floatformat(100 * top['value'], 0)} %",
        "Lo que no se puede decir",
        "primera",
    ):
        assert said in found
    assert render_pdf("report.typ", results_data(round, "es"))[:5] == b"%PDF-"


def test_the_report_of_few_answers_gives_no_figure() -> None:
    round = held(office(), people=9, mean=5.5)

    data = results_data(round, "es")

    assert not any(section.get("table", {}).get("rows") for section in data["sections"])
    assert "menos de diez" in json.dumps(data, ensure_ascii=False)


def test_the_report_tells_what_was_done_with_the_survey_before(monkeypatch: pytest.MonkeyPatch) -> None:
    first = held(office(), people=12, mean=5.0)
    served_again(first.territory)
    second = held(first.territory, people=12, mean=5.0, years_on=1)
    monkeypatch.setattr(
        followups, "_TELLERS", {"x": lambda round: [FollowUp(f"Más cajas, {round.cycle.year}", "Hecha")]}
    )

    assert "Más cajas, 2026: Hecha" in texts(second)


def test_everybody_may_ask_for_the_report(client: Client) -> None:
    round = held(office(), people=12, mean=5.0)
    address = reverse("surveys:public_results_report", args=[round.territory.slug, 2026])

    assert client.post(address).url.startswith("/documentos/")
    assert client.get(address).status_code == 405
