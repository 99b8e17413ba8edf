"""May I? Small predicates by role and place; what the state of an object allows is the verbs' matter."""

from __future__ import annotations

from typing import Any

from benefits_core.enums import TermsState
from benefits_core.models import (
    Appointment,
    Attention,
    AttentionImport,
    Matter,
    MunicipalTerms,
    Procedure,
    ProcedureVersion,
    Step,
    StepLink,
    StepMapping,
    Ticket,
)
from portal.foundation.people.roles import STAFF_ROLES, Role

READERS = STAFF_ROLES
# National procedures are the national team's; a municipality's own ones its coordinator's.
EDITORS = frozenset({Role.NATIONAL_TEAM, Role.COORDINATOR})
PUBLISHERS = frozenset({Role.NATIONAL_TEAM, Role.DIDECO, Role.REGIONAL_TEAM})
TERMS_WRITERS = frozenset({Role.TEAM_MEMBER, Role.COORDINATOR})
TERMS_PROPOSERS = frozenset({Role.COORDINATOR})
TERMS_PUBLISHERS = frozenset({Role.DIDECO, Role.REGIONAL_TEAM})


def reads_procedures(user: Any, _subject: Any = None) -> bool:
    """Does the staff's entry of the main navigation concern this user?"""
    return user.scope.has(*READERS)


def can_read_version(user: Any, version: ProcedureVersion) -> bool:
    """A published one is for everybody; a draft is the staff's, of the own municipality where it is a local one."""
    if not version.is_draft:
        return True
    territory = version.procedure.territory
    return user.scope.has(*READERS) if territory is None else user.scope.has(*READERS, at=territory)


def can_read_terms(user: Any, terms: MunicipalTerms) -> bool:
    is_public = terms.state in (TermsState.PUBLISHED, TermsState.RETIRED)
    return is_public or user.scope.has(*READERS, at=terms.territory)


def can_edit_procedure(user: Any, procedure: Procedure) -> bool:
    if procedure.territory is None:
        return user.scope.has(Role.NATIONAL_TEAM)
    return user.scope.has(Role.COORDINATOR, at=procedure.territory)


def can_publish_procedure(user: Any, procedure: Procedure) -> bool:
    """That another person wrote it is the verb's matter."""
    if procedure.territory is None:
        return user.scope.has(Role.NATIONAL_TEAM)
    return user.scope.has(Role.DIDECO, Role.REGIONAL_TEAM, at=procedure.territory)


def can_edit_version(user: Any, version: ProcedureVersion) -> bool:
    return can_edit_procedure(user, version.procedure)


def can_edit_step(user: Any, step: Step) -> bool:
    return can_edit_version(user, step.version)


def can_edit_link(user: Any, link: StepLink) -> bool:
    return can_edit_version(user, link.version)


def can_undo_mapping(user: Any, mapping: StepMapping) -> bool:
    return can_edit_version(user, mapping.to_version)


def can_create_procedure(user: Any, _subject: Any = None) -> bool:
    """Somewhere: the place is chosen in the form, and asked again with it."""
    return user.scope.has(*EDITORS)


def can_create_at(user: Any, territory: Any) -> bool:
    return user.scope.has(Role.NATIONAL_TEAM) if territory is None else user.scope.has(Role.COORDINATOR, at=territory)


def can_publish_version(user: Any, version: ProcedureVersion) -> bool:
    return can_publish_procedure(user, version.procedure)


def can_open_terms(user: Any, municipality: Any) -> bool:
    return user.scope.has(*TERMS_WRITERS, at=municipality)


def can_write_terms(user: Any, terms: MunicipalTerms) -> bool:
    return user.scope.has(*TERMS_WRITERS, at=terms.territory)


def can_propose_terms(user: Any, terms: MunicipalTerms) -> bool:
    return user.scope.has(Role.COORDINATOR, at=terms.territory)


def can_publish_terms(user: Any, terms: MunicipalTerms) -> bool:
    return user.scope.has(*TERMS_PUBLISHERS, at=terms.territory)


# --- Attentions

# Whoever attends people in the municipality, an assisting clerk included.
RECORDERS = frozenset({Role.TEAM_MEMBER, Role.COORDINATOR, Role.CLERK})
REGISTER_READERS = STAFF_ROLES | {Role.CLERK}
# Whose history of contacts is looked up by its identifier: never an assisting clerk's to see.
HISTORY_READERS = frozenset({Role.TEAM_MEMBER, Role.COORDINATOR, Role.DIDECO})


def reads_register(user: Any, _subject: Any = None) -> bool:
    """Does the entry of the main navigation concern this user?"""
    return user.scope.has(*REGISTER_READERS)


def can_read_register(user: Any, territory: Any) -> bool:
    return user.scope.has(*REGISTER_READERS, at=territory)


def can_record_attention(user: Any, territory: Any) -> bool:
    return user.scope.has(*RECORDERS, at=territory)


def can_read_attention(user: Any, attention: Attention) -> bool:
    return can_read_register(user, attention.territory)


def can_change_attention(user: Any, attention: Attention) -> bool:
    """Correct it or declare it void: whoever wrote it down, and the coordinator."""
    if user.scope.has(Role.COORDINATOR, at=attention.territory):
        return True
    return attention.recorded_by_id == user.pk and can_record_attention(user, attention.territory)


def can_read_statistics(user: Any, territory: Any) -> bool:
    """Of a municipality, a region or the country: numbers only."""
    return user.scope.has(*STAFF_ROLES, at=territory)


def can_run_service_points(user: Any, territory: Any) -> bool:
    """Service points, their hours, matters and promised waits are the municipality's coordinator's."""
    return user.scope.has(Role.COORDINATOR, at=territory)


def can_run_matters(user: Any, territory: Any) -> bool:
    """A municipality's are its coordinator's; the country's the national team's."""
    if territory.has_municipality:
        return user.scope.has(Role.COORDINATOR, at=territory)
    return user.scope.has(Role.NATIONAL_TEAM, at=territory)


def can_change_matter(user: Any, matter: Matter) -> bool:
    return can_run_matters(user, matter.territory)


def can_read_history(user: Any, territory: Any) -> bool:
    return user.scope.has(*HISTORY_READERS, at=territory)


def can_import(user: Any, territory: Any) -> bool:
    """Bring files of queue machines into the register: the team, not an assisting clerk."""
    return user.scope.has(Role.TEAM_MEMBER, Role.COORDINATOR, at=territory)


def can_work_on_import(user: Any, batch: AttentionImport) -> bool:
    return can_import(user, batch.territory)


def can_run_appointment(user: Any, appointment: Appointment) -> bool:
    return can_record_attention(user, appointment.territory)


def can_run_ticket(user: Any, ticket: Ticket) -> bool:
    """Whose counter has it is the verbs' matter."""
    return can_record_attention(user, ticket.territory)
