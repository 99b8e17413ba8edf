"""What test_access.py expects of the addresses of procedures. See access_samples.py."""

from __future__ import annotations

from datetime import date

from benefits_core.domain import mappings
from benefits_core.models import ProcedureVersion, Step
from portal.foundation.territories.models import Territory
from tests.factories import benefits
from tests.factories.people import UserFactory
from tests.foundation.access_kit import (
    AT,
    EDITS_PROCEDURES,
    EVERYBODY,
    LEADS,
    PUBLISHES_OWN,
    STAFF,
    WRITES,
    Expect,
    Sample,
)


def _own_draft(here: Territory) -> ProcedureVersion:
    return benefits.draft_version(territory=here)


def an_own_procedure(here: Territory) -> Sample:
    return Sample({"key": _own_draft(here).procedure.key}, (here.name,))


def an_own_version(here: Territory) -> Sample:
    version = _own_draft(here)
    return Sample({"pk": version.pk}, (here.name, str(version.name["es"])))


def an_own_coming_version(here: Territory) -> Sample:
    old = benefits.published_version(territory=here)
    draft = benefits.draft_version(of=old.procedure)
    return Sample({"pk": benefits.published(draft, starts_on=date(2999, 1, 1)).pk}, (here.name,))


def an_own_step(here: Territory) -> Sample:
    step = _own_draft(here).steps.first()
    return Sample({"pk": step.pk}, (here.name, str(step.name["es"])))


def an_own_link(here: Territory) -> Sample:
    return Sample({"pk": _own_draft(here).links.first().pk}, (here.name,))


def _own_orphan(here: Territory) -> tuple[Step, ProcedureVersion]:
    old = benefits.published_version(territory=here)
    new = benefits.published_version(of=old.procedure, steps=("pedir", "mirar"), starts_on=date(2026, 1, 1))
    return old.steps.get(key="revisar"), new


def an_own_orphan(here: Territory) -> Sample:
    step, version = _own_orphan(here)
    return Sample({"pk": version.pk, "step_pk": step.pk}, (here.name,))


def an_own_mapping(here: Territory) -> Sample:
    step, version = _own_orphan(here)
    made = mappings.map_step(step=step, version=version, to_step=version.steps.first(), by=UserFactory(), at=AT)
    return Sample({"pk": made.pk}, (here.name,))


def a_published_step(here: Territory) -> Sample:
    step = benefits.published_version().steps.first()
    return Sample({"key": step.version.procedure.key, "number": step.version.number, "step_key": step.key})


def a_published_version(here: Territory) -> Sample:
    version = benefits.published_version()
    return Sample({"key": version.procedure.key, "number": version.number})


def a_procedure(here: Territory) -> Sample:
    return Sample({"key": benefits.published_version().procedure.key})


def a_national_procedure(here: Territory) -> Sample:
    return Sample({"key": benefits.published_version().procedure.key, "municipality_id": here.pk}, (here.name,))


def draft_terms(here: Territory) -> Sample:
    return Sample({"pk": benefits.draft_terms(territory=here).pk}, (here.name,))


def proposed_terms(here: Territory) -> Sample:
    return Sample({"pk": benefits.proposed_terms(territory=here).pk}, (here.name,))


def terms_in_force(here: Territory) -> Sample:
    return Sample({"pk": benefits.terms_in_force(territory=here).pk}, (here.name,))


PROCEDURES: dict[str, Expect] = {
    # benefits_core: procedures
    "benefits_core:procedures": Expect(EVERYBODY),
    "benefits_core:procedure": Expect(EVERYBODY, a_procedure, anywhere=True),
    "benefits_core:procedure_history": Expect(EVERYBODY, a_procedure, anywhere=True),
    "benefits_core:procedure_changes": Expect(EVERYBODY, a_published_version, anywhere=True),
    "benefits_core:procedure_version": Expect(EVERYBODY, a_published_version, anywhere=True),
    "benefits_core:step": Expect(EVERYBODY, a_published_step, anywhere=True),
    "benefits_core:procedure_json": Expect(EVERYBODY, a_published_version, anywhere=True),
    "benefits_core:procedure_yaml": Expect(EVERYBODY, a_published_version, anywhere=True),
    "benefits_core:procedure_pdf": Expect(EVERYBODY, a_published_version, anywhere=True),
    # benefits_core: the editors of procedures, here of a municipality's own one
    "benefits_core:manage": Expect(STAFF),
    "benefits_core:procedure_create": Expect(EDITS_PROCEDURES),
    "benefits_core:procedure_import": Expect(EDITS_PROCEDURES),
    "benefits_core:manage_procedure": Expect(STAFF, an_own_procedure),
    "benefits_core:draft_open": Expect(LEADS, an_own_procedure),
    "benefits_core:procedure_retire": Expect(PUBLISHES_OWN, an_own_procedure),
    "benefits_core:version": Expect(STAFF, an_own_version),
    "benefits_core:version_edit": Expect(LEADS, an_own_version),
    "benefits_core:version_discard": Expect(LEADS, an_own_version),
    "benefits_core:version_check": Expect(STAFF, an_own_version),
    "benefits_core:version_hand_over": Expect(LEADS, an_own_version),
    "benefits_core:version_publish": Expect(PUBLISHES_OWN, an_own_version),
    "benefits_core:version_call_back": Expect(PUBLISHES_OWN, an_own_coming_version),
    "benefits_core:version_compare": Expect(STAFF, an_own_version),
    "benefits_core:version_json": Expect(STAFF, an_own_version),
    "benefits_core:version_yaml": Expect(STAFF, an_own_version),
    "benefits_core:orphans": Expect(STAFF, an_own_version),
    "benefits_core:orphan_map": Expect(LEADS, an_own_orphan),
    "benefits_core:mapping_undo": Expect(LEADS, an_own_mapping),
    "benefits_core:step_add": Expect(LEADS, an_own_version),
    "benefits_core:step_edit": Expect(LEADS, an_own_step),
    "benefits_core:step_move": Expect(LEADS, an_own_step),
    "benefits_core:step_remove": Expect(LEADS, an_own_step),
    "benefits_core:step_link": Expect(LEADS, an_own_step),
    "benefits_core:link_remove": Expect(LEADS, an_own_link),
    # benefits_core: a municipality's own terms
    "benefits_core:terms_list": Expect(STAFF),
    "benefits_core:terms_csv": Expect(STAFF),
    "benefits_core:terms_xlsx": Expect(STAFF),
    "benefits_core:terms_open": Expect(WRITES, a_national_procedure),
    "benefits_core:terms": Expect(STAFF, draft_terms),
    "benefits_core:terms_edit": Expect(WRITES, draft_terms),
    "benefits_core:terms_propose": Expect(LEADS, draft_terms),
    "benefits_core:terms_return": Expect(PUBLISHES_OWN, proposed_terms),
    "benefits_core:terms_publish": Expect(PUBLISHES_OWN, proposed_terms),
    "benefits_core:terms_end": Expect(PUBLISHES_OWN, terms_in_force),
    "benefits_core:terms_discard": Expect(WRITES, draft_terms),
}
