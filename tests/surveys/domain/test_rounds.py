"""A round is planned from the register, opened, answered by token or link, and closed; its results are frozen."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from survey.models import Answer, Response

import surveys
from portal.foundation.audit.models import AuditEvent
from portal.foundation.jobs.domain import run_due
from portal.foundation.jobs.models import Job
from portal.foundation.people.roles import Role
from surveys import engine
from surveys.domain import responses, results, rounds
from surveys.domain.instruments import load_instruments
from surveys.enums import AnswerMode, Audience, RoundState
from surveys.errors import InvalidContent, NotPossibleNow, TokenGone
from surveys.jobs.rounds import compute, digest_of
from surveys.models import Instrument, Invitation, Round, RoundResponse, RoundResult
from surveys.queries import content, round_tasks
from surveys.queries import rounds as reads
from surveys.statistics.rounds import METHOD
from tests.factories import rounds as factory
from tests.factories.cycles import CycleFactory
from tests.factories.people import UserFactory, user_with_role
from tests.factories.rounds import CONTENT, NOW, TODAY
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db


def finish(round: Round) -> RoundResult:
    """Close it and let a worker do what that ordered."""
    closed = rounds.close_round(round=round, by=round.created_by, at=NOW + timedelta(days=20))
    run_due(now=lambda: NOW + timedelta(days=20, minutes=1))
    return RoundResult.objects.get(round=closed)


# --- Questionnaires


def test_the_shipped_questionnaires_are_published_once_for_each_audience() -> None:
    content = (Path(surveys.__file__).parent / "data" / "questionnaire-cl-rsh-0.2.0.yaml").read_bytes()
    call_command("load_catalogue", verbosity=0)

    first = load_instruments(content=content, by=None, at=NOW)
    again = load_instruments(content=content, by=None, at=NOW)

    assert [one.pk for one in first] == [one.pk for one in again]
    assert {one.audience for one in first} == set(Audience.values)
    assert all(one.is_frozen and one.questionnaire.status == "drafted" for one in first)


def test_a_file_that_is_no_questionnaire_is_refused() -> None:
    with pytest.raises(InvalidContent) as refused:
        load_instruments(content=b"- nothing", by=None, at=NOW)
    assert refused.value.field == "file"
    assert not Instrument.objects.exists()


# --- Planning


def test_each_channel_of_the_register_is_a_stratum_with_its_people_and_how_many_to_ask() -> None:
    round = factory.planned()

    found = {one.channel: (one.population, one.target, one.to_invite) for one in round.strata.all()}
    assert found["in_person"][0] == 700
    assert found["virtual"][0] == 200
    # 278 of 1,000 for five points either way, and 30 at least in each channel (survey-method 3.3).
    assert sum(target for _people, target, _ask in found.values()) == 278
    assert found["outreach"][1] >= 30
    assert all(target <= ask <= people for people, target, ask in found.values())


def test_the_team_is_asked_whole_and_has_no_strata() -> None:
    assert not factory.planned(audience=Audience.TEAM).strata.exists()


def test_a_year_has_one_survey_of_each_audience() -> None:
    first = factory.planned()

    with pytest.raises(NotPossibleNow):
        factory.planned(first.territory)
    assert factory.planned(first.territory, audience=Audience.TEAM).pk
    rounds.call_off(round=first, reason="Se hará con la región", revision=1, by=first.created_by, at=NOW)
    assert factory.planned(first.territory).pk != first.pk


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"opens_on": TODAY - timedelta(days=1)}, "opens_on"),
        ({"closes_on": TODAY}, "closes_on"),
        ({"closes_on": TODAY + timedelta(days=400)}, "closes_on"),
        ({"response": Decimal("0.01")}, "response"),
        ({"response": Decimal("1.5")}, "response"),
    ],
)
def test_days_and_shares_that_cannot_be_are_refused_beside_their_field(options: dict, field: str) -> None:
    said = {"opens_on": TODAY, "closes_on": TODAY + timedelta(days=30)} | options

    with pytest.raises(InvalidContent) as refused:
        rounds.plan_round(
            territory=MunicipalityFactory(),
            cycle=CycleFactory(),
            instrument=factory.instrument(),
            by=UserFactory(),
            at=NOW,
            **said,
        )
    assert refused.value.field == field


def test_a_round_is_called_off_with_a_reason_and_only_before_it_opens() -> None:
    round = factory.planned()
    with pytest.raises(InvalidContent):
        rounds.call_off(round=round, reason=" ", revision=1, by=round.created_by, at=NOW)

    opened = rounds.open_round(round=round, open_link=False, revision=1, by=round.created_by, at=NOW)
    with pytest.raises(NotPossibleNow):
        rounds.call_off(round=opened, reason="No", revision=opened.revision, by=round.created_by, at=NOW)


def test_two_people_who_open_it_at_once_open_it_once() -> None:
    round = factory.planned()
    rounds.open_round(round=round, open_link=False, revision=1, by=round.created_by, at=NOW)

    with pytest.raises(NotPossibleNow):
        rounds.open_round(round=round, open_link=True, revision=1, by=round.created_by, at=NOW)


# --- Answering


def test_a_token_brings_one_response_and_is_gone_with_it() -> None:
    round = factory.opened()
    code = factory.token(round)

    kept = responses.respond(code=code, given=CONTENT, at=NOW)

    assert kept.is_whole
    assert engine.count(round.store or 0) == RoundResponse.objects.filter(round=round).count() == 1
    assert RoundResponse.objects.get().mode == AnswerMode.INVITED
    assert not Invitation.objects.exists()
    with pytest.raises(TokenGone):
        responses.respond(code=code, given=CONTENT, at=NOW)
    assert engine.count(round.store or 0) == 1


def test_a_token_is_read_as_people_write_it() -> None:
    code = factory.token(factory.opened())
    assert responses.find_door(f" {code[:5].lower()}-{code[5:]}", at=NOW).mode == AnswerMode.INVITED


@pytest.mark.parametrize("code", ["", "AAAAAAAAAA", "x" * 5000, "\x00", "' OR 1=1 --"])
def test_a_guessed_code_opens_nothing(code: str) -> None:
    factory.opened(open_link=False)
    with pytest.raises(TokenGone):
        responses.find_door(code, at=NOW)


def test_nobody_answers_before_the_first_day_nor_after_the_last() -> None:
    round = factory.opened()
    code = factory.token(round)

    for moment in (NOW - timedelta(days=1), NOW + timedelta(days=31)):
        with pytest.raises(TokenGone):
            responses.find_door(code, at=moment)
    with pytest.raises(TokenGone):
        responses.find_door(str(round.open_code), at=NOW + timedelta(days=31))


def test_slips_asked_for_twice_are_the_same_and_a_used_one_is_not_made_again() -> None:
    round = factory.opened()
    stratum, form = round.strata.get(channel="in_person"), uuid4()
    asked = {"stratum": stratum, "count": 3, "form_token": form, "by": round.created_by, "at": NOW}

    first = responses.invite_on_paper(**asked)
    responses.respond(code=first[0], given=CONTENT, at=NOW)
    again = responses.invite_on_paper(**asked)

    assert first == again
    assert len(set(first)) == 3
    stratum.refresh_from_db()
    assert (stratum.invited, Invitation.objects.count()) == (3, 2)
    with pytest.raises(TokenGone):
        responses.find_door(first[0], at=NOW)
    assert not set(responses.invite_on_paper(**asked | {"form_token": uuid4()})) & set(first)


def test_whoever_was_served_too_long_ago_is_thanked_and_not_counted() -> None:
    round = factory.opened()
    responses.respond(code=factory.token(round), given={"F1": "oficina", "F2": "otro", "F3": "mas"}, at=NOW)
    responses.respond(code=factory.token(round), given=CONTENT, at=NOW)

    assert reads.fieldwork(round).answered == 1
    found = finish(round).figures

    assert found["responses"] == {"all": 2, "sampled": 1, "voluntary": 0, "screened_out": 1}
    assert found["strata"]["in_person"]["rate"]["value"] == 1.0


def test_a_team_that_is_asked_has_a_link_whatever_was_chosen() -> None:
    assert factory.opened(audience=Audience.TEAM, open_link=False).open_code


def test_what_is_off_the_scale_is_told_and_spends_no_token() -> None:
    round = factory.opened()
    code = factory.token(round)

    checked = responses.respond(code=code, given=CONTENT | {"P01": "8", "F1": ""}, at=NOW)

    assert set(checked.errors) == {"P01", "F1"}
    assert engine.count(round.store or 0) == 0
    assert responses.respond(code=code, given=CONTENT, at=NOW).is_whole


def test_the_open_link_is_a_voluntary_sample() -> None:
    round = factory.opened()

    responses.respond(code=str(round.open_code), given=CONTENT, at=NOW)
    responses.respond(code=str(round.open_code), given=CONTENT | {"F1": "web"}, at=NOW)

    found = RoundResponse.objects.filter(round=round).values_list("mode", "channel").order_by("channel")
    assert list(found) == [(AnswerMode.OPEN, "in_person"), (AnswerMode.OPEN, "virtual")]


def test_several_answers_come_back_as_they_were_given() -> None:
    round = factory.opened()
    given = CONTENT | {"P17": ["R03", "R01"], "P17S": "no", "P21": "Más [u'horas'], \"sí\", y 1' más"}

    responses.respond(code=factory.token(round), given=given, at=NOW)

    stored = next(engine.read(round.store or 0))
    assert stored.values["P17"] == ("R01", "R03")
    assert stored.values["P21"] == ("Más [u'horas'], \"sí\", y 1' más",)
    assert stored.values["P01"] == ("7",)


def test_a_question_has_one_answer_in_a_response() -> None:
    round = factory.opened()
    responses.respond(code=factory.token(round), given=CONTENT, at=NOW)
    twin = Answer.objects.first()

    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.bulk_create([Answer(question=twin.question, response=twin.response, body=twin.body)])


# --- Anonymous by construction


def test_nothing_stored_joins_a_response_to_whom_it_came_from() -> None:
    round = factory.opened()
    codes = [factory.token(round) for _number in range(3)]
    before = AuditEvent.objects.count()

    responses.respond(code=codes[1], given=CONTENT, at=NOW.replace(day=17))

    assert AuditEvent.objects.count() == before
    month = NOW.replace(day=1, hour=0, minute=0)
    assert Response.objects.values_list("user", "created", "updated").get() == (None, month, month)
    assert set(Answer.objects.values_list("created", "updated")) == {(month, month)}
    fields = {field.name for field in RoundResponse._meta.get_fields()}
    assert fields == {"id", "round", "response", "mode", "channel", "wave", "is_screened_out"}
    pointing = [
        relation.related_model._meta.label
        for model in (Response, RoundResponse, Invitation)
        for relation in model._meta.related_objects
    ]
    assert pointing == ["survey.Answer"]
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  our own tables' names
            assert codes[1] not in repr(cursor.fetchall()), table


def test_the_store_is_touched_by_one_file() -> None:
    folder = Path(surveys.__file__).parent
    imports = re.compile(r"^\s*(from|import) survey\b", re.MULTILINE)
    importers = {str(path.relative_to(folder)) for path in folder.rglob("*.py") if imports.search(path.read_text())}
    assert importers == {"engine.py"}
    assert apps.get_app_config("survey").default_auto_field == "django.db.models.AutoField"


# --- Closing and results


def test_closing_forgets_who_was_asked_and_takes_no_more() -> None:
    round = factory.opened()
    code = factory.token(round)

    finish(round)

    assert not Invitation.objects.exists()
    with pytest.raises(TokenGone):
        responses.respond(code=code, given=CONTENT, at=NOW)


def test_the_last_day_closes_it() -> None:
    round = factory.opened()

    assert rounds.close_due(at=NOW + timedelta(days=30)) == 0
    assert rounds.close_due(at=NOW + timedelta(days=32)) == 1
    round.refresh_from_db()
    assert round.state == RoundState.CLOSED


def test_results_are_worked_out_once_and_can_be_repeated() -> None:
    round = factory.opened()
    for number in range(40):
        given = CONTENT | ({"P01": "2", "P17": ["R01"], "P17S": "no"} if number % 4 == 0 else {})
        channel = "virtual" if number % 2 else "in_person"
        responses.respond(code=factory.token(round, channel), given=given, at=NOW)
    for _number in range(2):
        responses.respond(code=factory.token(round, "outreach"), given=CONTENT, at=NOW)
    responses.respond(code=str(round.open_code), given=CONTENT | {"P01": "1"}, at=NOW)

    result = finish(round)

    found = result.figures
    assert found["basis"] == "sample"
    assert found["responses"] == {"all": 43, "sampled": 42, "voluntary": 1, "screened_out": 0}
    assert found["items"]["P01"]["counts"]["1"] == 0  # the volunteer stands apart
    assert found["apart"]["items"]["P01"]["counts"]["1"] == 1
    assert found["apart"]["items"]["P01"]["top"]["silence"] == "voluntary"
    top = found["items"]["P01"]["top"]
    assert top["low"] < top["value"] < top["high"]
    assert found["weights"]["used"] and found["weights"]["deff"] > 1
    # In person half of the answers are bad and seven tenths of the people: weights bring the share down.
    assert top["value"] < 32 / 42
    assert found["strata"]["virtual"] | {"rate": None} == {
        "population": 200,
        "invited": 20,
        "answered": 20,
        "screened_out": 0,
        "rate": None,
    }
    assert found["drivers"]["why"] == "too_few"
    assert result.digest == digest_of(found)
    round.refresh_from_db()
    assert round.state == RoundState.PUBLISHED
    assert digest_of(compute(round)) == result.digest


def test_results_altered_past_the_verbs_are_found() -> None:
    result = finish(factory.opened())
    before = content.audited_round(result.round)

    RoundResult.objects.filter(pk=result.pk).update(figures=result.figures | {"basis": "sample"})

    assert content.audited_round(result.round)["result"] != before["result"]


def test_a_stratum_without_an_answer_leaves_all_unweighed_and_says_so() -> None:
    round = factory.opened()
    responses.respond(code=factory.token(round), given=CONTENT, at=NOW)

    found = finish(round).figures

    assert found["weights"] == {"used": False, "by": [], "refused": {"code": "empty", "category": "outreach"}}
    assert found["items"]["P01"]["top"]["n"] == 1


def test_a_round_that_nobody_answered_says_nothing_and_breaks_nothing() -> None:
    found = finish(factory.opened()).figures

    assert found["basis"] == "nothing"
    assert found["items"]["P01"]["top"]["silence"] == "no_answers"
    assert found["drivers"] is None


def test_only_volunteers_have_no_margin_of_error() -> None:
    round = factory.opened()
    responses.respond(code=str(round.open_code), given=CONTENT, at=NOW)

    found = finish(round).figures

    assert found["basis"] == "voluntary"
    assert found["items"]["P01"]["top"] | {"size": None} == {
        "value": 1.0,
        "n": 1,
        "size": None,
        "low": None,
        "high": None,
        "silence": "voluntary",
    }


def test_a_team_is_asked_whole_by_its_link() -> None:
    round = factory.opened(audience=Audience.TEAM)
    for _number in range(6):
        responses.respond(code=str(round.open_code), given={"T01": "6", "T02": "3"}, at=NOW)

    found = finish(round).figures

    assert found["basis"] == "sample"
    assert found["items"]["T01"]["top"]["value"] == 1.0
    assert "T11" not in found["items"]


def test_a_second_worker_writes_no_second_result() -> None:
    round = factory.opened()
    result = finish(round)

    again = rounds.publish_results(round=round, figures={}, digest="", method="", by=None, at=NOW)
    assert again.pk == result.pk
    assert RoundResult.objects.get().figures["method"] == METHOD


# --- A computation that fails


def failing(round: Round, monkeypatch: pytest.MonkeyPatch) -> Round:
    """Close it, and let every attempt to work out its results fail."""

    def broken(*_args: object, **_kwargs: object) -> None:
        raise MemoryError("killed")

    with monkeypatch.context() as patched:
        patched.setattr("surveys.jobs.rounds.figures", broken)
        closed = rounds.close_round(round=round, by=round.created_by, at=NOW)
        for day in range(1, 10):
            run_due(now=lambda day=day: NOW + timedelta(days=day))
    closed.refresh_from_db()
    return closed


def test_results_that_cannot_be_worked_out_are_told_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    round = factory.opened()
    responses.respond(code=factory.token(round), given=CONTENT, at=NOW)
    failed = failing(round, monkeypatch)

    assert failed.state == RoundState.FAILED
    assert not RoundResult.objects.exists()
    lead = user_with_role(Role.COORDINATOR, round.territory)
    assert [item.key for item in round_tasks.tasks_for(lead, TODAY)] == [f"surveys.results:{round.pk}"]
    assert round_tasks.tasks_for(user_with_role(Role.COORDINATOR, MunicipalityFactory()), TODAY) == []

    later = NOW + timedelta(days=20)
    again = results.try_again(round=failed, revision=failed.revision, by=lead, at=later)
    with pytest.raises(NotPossibleNow):
        results.try_again(round=again, revision=again.revision, by=lead, at=later)
    run_due(now=lambda: later)
    again.refresh_from_db()
    assert again.state == RoundState.PUBLISHED
    assert AuditEvent.objects.filter(verb="surveys.give_up_results").count() == 1


def test_results_are_tried_again_though_their_job_was_cleared_away(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = failing(factory.opened(), monkeypatch)
    Job.objects.all().delete()

    results.try_again(round=failed, revision=failed.revision, by=None, at=NOW + timedelta(days=20))
    run_due(now=lambda: NOW + timedelta(days=20))
    failed.refresh_from_db()
    assert failed.state == RoundState.PUBLISHED
