"""Questionnaires: published for good, one version after the other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from portal.foundation.audit.domain import record
from quality.queries.catalogue import latest_version
from surveys.enums import Audience, InstrumentState
from surveys.errors import InvalidContent
from surveys.models import Instrument
from surveys.questionnaire.model import Questionnaire, Words
from surveys.questionnaire.reading import QuestionnaireRefused, read_file, written

# What a file of questionnaires calls the section of each audience.
SECTIONS = {Audience.USERS: "user", Audience.TEAM: "team", Audience.REGIONAL: "team"}


@transaction.atomic
def load_instruments(*, content: bytes, by: Any, at: datetime) -> list[Instrument]:
    """Publish the questionnaires of a file, one for each audience; a version that is there stays as it is.

    :param content: YAML as ``surveys/data`` has it.
    :raises InvalidContent: the file cannot be read as questionnaires.
    """
    try:
        found = read_file(content, _category_words())
    except QuestionnaireRefused as refused:
        raise InvalidContent(str(refused), "file") from refused
    return [_loaded(audience, found[section], by, at) for audience, section in SECTIONS.items() if section in found]


def _loaded(audience: Audience, whole: Questionnaire, by: Any, at: datetime) -> Instrument:
    questionnaire = whole if audience is Audience.USERS else whole.for_audience(audience)
    existing = Instrument.objects.filter(audience=audience, version=questionnaire.version).first()
    if existing is not None:
        return existing
    instrument = Instrument(
        audience=audience,
        version=questionnaire.version,
        state=InstrumentState.PUBLISHED,
        content=written(questionnaire),
        created_by=by,
        created_at=at,
        published_by=by,
        published_at=at,
    )
    instrument.save(by_verb=True)
    record(verb="surveys.publish_instrument", object=instrument, by=by, at=at, detail={"audience": audience})
    return instrument


def _category_words() -> Mapping[str, Words]:
    version = latest_version()
    return {row.code: Words(**row.name) for row in version.complaint_categories.all()} if version else {}
