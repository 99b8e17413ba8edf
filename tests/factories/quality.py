"""A small catalogue, and self-diagnoses made by the real verbs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

import factory
from django.core.files.base import ContentFile
from django.db import models

from portal.foundation.cycles.models import Cycle, Participation
from portal.foundation.files.models import StoredFile
from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from quality.domain import assessments, levels
from quality.enums import Origin, Series, Transparency
from quality.models import (
    Answer,
    AnswerEvidence,
    Assessment,
    Attribute,
    CatalogueVersion,
    Component,
    LevelRecord,
    Standard,
)
from tests.factories.cycles import CycleFactory, ParticipationFactory
from tests.factories.people import UserFactory, user_with_role

NOW = datetime(2026, 3, 20, 15, 0, tzinfo=UTC)
TODAY = date(2026, 3, 20)


def texts(words: str) -> dict[str, str]:
    return {"es": words, "en": f"{words} (en)"}


class CatalogueVersionFactory(factory.django.DjangoModelFactory):
    """One row per version: asking twice for 0.1.0 gives the same one."""

    class Meta:
        model = CatalogueVersion
        django_get_or_create = ("version",)

    version = "0.1.0"
    title = texts("Catálogo de prueba")
    status = texts("Borrador")
    published_on = date(2025, 1, 1)
    meta: dict[str, Any] = {}
    digest = "0" * 64
    loaded_at = NOW


class ComponentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Component
        django_get_or_create = ("version", "code")

    version = factory.SubFactory(CatalogueVersionFactory)
    order = 1
    code = factory.LazyAttribute(lambda o: f"C{o.order}")
    name = factory.LazyAttribute(lambda o: texts(f"Componente {o.order}"))
    origin = Origin.DRAFTED


class AttributeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Attribute
        django_get_or_create = ("version", "code")

    version = factory.SubFactory(CatalogueVersionFactory)
    component = factory.SubFactory(ComponentFactory, version=factory.SelfAttribute("..version"))
    order = 1
    code = factory.LazyAttribute(lambda o: f"A{o.order:02}")
    name = factory.LazyAttribute(lambda o: texts(f"Atributo {o.order}"))
    definition = texts("Definición")
    origin = Origin.DRAFTED


class StandardFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Standard
        django_get_or_create = ("version", "code")

    version = factory.SubFactory(CatalogueVersionFactory)
    component = factory.SubFactory(ComponentFactory, version=factory.SelfAttribute("..version"))
    number = 1
    code = factory.LazyAttribute(lambda o: f"E{o.number:02}")
    name = factory.LazyAttribute(lambda o: texts(f"Estándar {o.number}"))
    statement = factory.LazyAttribute(lambda o: texts(f"Enunciado {o.number}"))
    rationale = texts("Porque importa")
    channel = "both"
    transparency = Transparency.NONE
    critical = False
    weight = Decimal(1)
    levels = factory.LazyFunction(
        lambda: [{"value": value, "descriptor": texts(f"Descriptor {value}")} for value in range(4)]
    )
    evidence = factory.LazyFunction(lambda: [texts("Un documento con fecha")])
    origin = Origin.DRAFTED


def small_catalogue(version: str = "0.1.0") -> CatalogueVersion:
    """Two components, three standards: E01 and E02 (critical) in C1, E03 (transparency) in C2."""
    catalogue = CatalogueVersionFactory(version=version)
    first, second = (ComponentFactory(version=catalogue, order=order) for order in (1, 2))
    attributes = [
        AttributeFactory(version=catalogue, component=component, order=order)
        for order, component in ((1, first), (2, second))
    ]
    made = [
        StandardFactory(version=catalogue, component=first, number=1),
        StandardFactory(version=catalogue, component=first, number=2, critical=True),
        StandardFactory(version=catalogue, component=second, number=3, transparency=Transparency.DIRECT),
    ]
    for standard, attribute in zip(made, (attributes[0], attributes[0], attributes[1]), strict=True):
        standard.attributes.set([attribute])
    return catalogue


class StoredFileFactory(factory.django.DjangoModelFactory):
    """A small text file, kept; give its ``territory``."""

    class Meta:
        model = StoredFile

    name = factory.Sequence(lambda n: f"evidencia-{n}.txt")
    content = factory.LazyAttribute(lambda o: ContentFile(o.name.encode(), o.name))
    content_type = "text/plain"
    size = factory.LazyAttribute(lambda o: len(o.name.encode()))
    sha256 = factory.LazyAttribute(lambda o: sha256(o.name.encode()).hexdigest())
    uploaded_at = NOW


def assessment(
    *, municipality: Territory | None = None, cycle: Cycle | None = None, by: User | None = None, at: datetime = NOW
) -> Assessment:
    """A draft of the small catalogue, opened in a cycle without windows by a member of the team.

    Needs no catalogue, cycle or participation beforehand; makes those that are missing.
    """
    cycle = cycle or CycleFactory()
    if not CatalogueVersion.objects.filter(version=cycle.catalogue_version).exists():
        small_catalogue(cycle.catalogue_version)
    if municipality is None:
        municipality = ParticipationFactory(cycle=cycle).municipality
    elif not Participation.objects.filter(municipality=municipality, cycle=cycle).exists():
        ParticipationFactory(municipality=municipality, cycle=cycle)
    by = by or user_with_role(Role.TEAM_MEMBER, municipality)
    return assessments.open_assessment(municipality=municipality, cycle=cycle, by=by, at=at)


def answer(
    draft: Assessment,
    standard: Standard,
    level: int | None = 1,
    *,
    by: User | None = None,
    at: datetime = NOW,
    reason: str = "No corresponde aquí",
    evidence_on: date | None = None,
) -> Answer:
    """Answer a standard, over whatever was answered before; ``level=None`` is «not applicable».

    :param evidence_on: adds a file that shows that day; by default there is none.
    """
    by = by or draft.opened_by
    before = Answer.objects.filter(assessment=draft, standard=standard).first()
    given = assessments.answer_standard(
        assessment=draft,
        standard=standard,
        level=level,
        not_applicable=level is None,
        not_applicable_reason=reason if level is None else "",
        revision=before.revision if before else None,
        by=by,
        at=at,
    )
    if evidence_on:
        evidence(given, dated_on=evidence_on, by=by, at=at)
    return given


def evidence(given: Answer, *, dated_on: date = TODAY, by: User | None = None, at: datetime = NOW) -> AnswerEvidence:
    """A kept file added to an answer."""
    by = by or given.answered_by
    return assessments.add_evidence(
        answer=given,
        file=StoredFileFactory(territory=given.assessment.municipality, uploaded_by=by),
        dated_on=dated_on,
        description="Acta firmada",
        by=by,
        at=at,
    )


def answered_assessment(
    *,
    municipality: Territory | None = None,
    cycle: Cycle | None = None,
    levels: dict[str, int | None] | None = None,
    at: datetime = NOW,
) -> Assessment:
    """A draft that lacks nothing: every standard answered, with a participant.

    :param levels: standard code → level (None: not applicable); 1 where not given. Levels from 2 on
        get evidence of the day ``at``.
    """
    draft = assessment(municipality=municipality, cycle=cycle, at=at)
    on = assessments.local_date(draft, at)
    for standard in draft.catalogue.standards.all():
        level = (levels or {}).get(standard.code, 1)
        answer(draft, standard, level, at=at, evidence_on=on if level is not None and level >= 2 else None)
    assessments.add_participant(
        assessment=draft, name="Rosa Díaz", position="Asistente social", kind="team", by=draft.opened_by, at=at
    )
    return draft


def submitted_assessment(*, by: User | None = None, at: datetime = NOW, **fields: Any) -> Assessment:
    """An :func:`answered_assessment`, submitted by ``by`` (a new coordinator unless given)."""
    draft = answered_assessment(at=at, **fields)
    by = by or user_with_role(Role.COORDINATOR, draft.municipality)
    return assessments.submit_assessment(assessment=draft, by=by, at=at)


def submitted_correction(done: Assessment, *, at: datetime | None = None) -> Assessment:
    """The next version of a submitted one with the same answers, submitted by whoever began it."""
    at = at or done.submitted_at
    draft = assessments.correct_assessment(assessment=done, reason="Faltó un acta", by=done.submitted_by, at=at)
    return assessments.submit_assessment(assessment=draft, by=done.submitted_by, at=at)


def verified_assessment(
    *, verified: dict[str, int | None] | None = None, at: datetime = NOW, **fields: Any
) -> Assessment:
    """A :func:`submitted_assessment` whose levels the regional team verified.

    :param verified: standard code → level; the self-assessed one where not given.
    """
    done = submitted_assessment(at=at, **fields)
    regional = user_with_role(Role.REGIONAL_TEAM, done.municipality.region)
    for waiting in done.answers.filter(not_applicable=True):
        assessments.review_not_applicable(answer=waiting, accepted=True, by=regional, at=at + timedelta(hours=1))
    chosen = {
        given.standard_id: (verified or {}).get(given.standard.code, given.level)
        for given in done.answers.select_related("standard")
    }
    levels.verify_levels(
        assessment=done, levels=chosen, remarks="Visto en terreno", by=regional, at=at + timedelta(hours=2)
    )
    done.refresh_from_db()
    return done


def level_record(
    *,
    municipality: Territory,
    standard: Standard,
    level: int | None,
    cycle: Cycle | None = None,
    series: str = Series.SELF_ASSESSED,
    dated_on: date = TODAY,
    at: datetime = NOW,
    source: models.Model | None = None,
) -> LevelRecord:
    """One record in force. Its source is stored nowhere; a verified one is as of a self-diagnosis by default."""
    verifies = series == Series.VERIFIED
    by = user_with_role(Role.REGIONAL_TEAM, municipality.region) if verifies else UserFactory()
    return levels.append_level(
        municipality=municipality,
        cycle=cycle or CycleFactory(),
        standard=standard,
        series=series,
        level=level,
        dated_on=dated_on,
        source=source or (Assessment(pk=municipality.pk) if verifies else standard),
        by=by,
        at=at,
    )
