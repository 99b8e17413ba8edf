"""The store of the surveys' answers: the only file that touches django-survey-and-report.

Its five models keep questions and answers; nothing else of it is used (docs/adr/0051-survey-engine.md).
One survey of the engine belongs to one round, so that nothing is ever overwritten. Choices are codes, never
labels; several answers are written in the one form that the package can take apart again. A response
carries no user and no more of its time than the month.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.db import transaction
from survey.models import Answer, Question, Response, Survey

from surveys.questionnaire.model import Kind, Questionnaire

READ_AT_ONCE = 5_000
_TYPES = {Kind.MULTI: Question.SELECT_MULTIPLE, Kind.TEXT: Question.TEXT}


@dataclass(frozen=True)
class Stored:
    """One response as it is kept: code of a question → its answer."""

    pk: int
    values: dict[str, tuple[str, ...]]


@transaction.atomic
def create(*, name: str, questionnaire: Questionnaire, opens_on: date, closes_on: date) -> int:
    """A survey of its own for one round. Returns its number."""
    survey = Survey.objects.create(
        name=name[:400],
        description=questionnaire.version,
        is_published=False,
        need_logged_user=False,
        editable_answers=False,
        publish_date=opens_on,
        expire_date=closes_on,
    )
    Question.objects.bulk_create(
        Question(
            survey=survey,
            text=question.code,
            order=place,
            required=question.is_required,
            type=_TYPES.get(question.kind, Question.RADIO),
            choices=None if question.kind is Kind.TEXT else ",".join(question.codes),
        )
        for place, question in enumerate(questionnaire.questions, start=1)
    )
    return int(survey.pk)


@transaction.atomic
def store(*, survey: int, values: Mapping[str, tuple[str, ...]], at: datetime) -> int:
    """Keep one response. Returns its number.

    :param values: as :func:`surveys.questionnaire.answers.check` gives them; what it would refuse is not
        looked at again here.
    :raises KeyError: for a question that the survey does not have.
    """
    questions = {question.text: question for question in Question.objects.filter(survey_id=survey)}
    response = Response.objects.create(survey_id=survey, user=None, interview_uuid=str(uuid.uuid4()))
    Answer.objects.bulk_create(
        Answer(question=questions[code], response=response, body=_body(questions[code], answer))
        for code, answer in values.items()
    )
    # The package stamps the moment by itself: a month is all that may be known of when somebody answered.
    month = month_of(at)
    Response.objects.filter(pk=response.pk).update(created=month, updated=month)
    Answer.objects.filter(response=response).update(created=month, updated=month)
    return int(response.pk)


def read(survey: int) -> Iterator[Stored]:
    """Every response of a round, in an order that has nothing to do with when they came."""
    codes = dict(Question.objects.filter(survey_id=survey).values_list("pk", "text"))
    kinds = set(Question.objects.filter(survey_id=survey, type=Question.SELECT_MULTIPLE).values_list("pk", flat=True))
    responses = dict(Response.objects.filter(survey_id=survey).values_list("pk", "interview_uuid"))
    values: dict[int, dict[str, tuple[str, ...]]] = {pk: {} for pk in responses}
    answers = Answer.objects.filter(response__survey_id=survey).values_list("response_id", "question_id", "body")
    for response, question, body in answers.iterator(chunk_size=READ_AT_ONCE):
        values[response][codes[question]] = _parts(body) if question in kinds else (body,)
    for pk in sorted(responses, key=lambda one: responses[one]):
        yield Stored(pk, values[pk])


def count(survey: int) -> int:
    return int(Response.objects.filter(survey_id=survey).count())


def remove(survey: int) -> None:
    """Delete a round's survey with all that was answered; for a round that was called off."""
    Survey.objects.filter(pk=survey).delete()


def month_of(at: datetime) -> datetime:
    """Midnight of the first day of the month, in universal time."""
    return datetime.combine(date(at.year, at.month, 1), time(), UTC)


def _body(question: Question, answer: tuple[str, ...]) -> str:
    if question.type != Question.SELECT_MULTIPLE:
        return answer[0]
    return "[" + ", ".join(f"u'{code}'" for code in answer) + "]"


def _parts(body: str) -> tuple[str, ...]:
    return tuple(part.removeprefix("u'").removesuffix("'") for part in body[1:-1].split(", ") if part)
