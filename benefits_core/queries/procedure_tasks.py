"""What waits for a person in procedures and terms: constant queries, whatever their number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from benefits_core.enums import TermsState, VersionState
from benefits_core.models import MunicipalTerms, ProcedureVersion
from benefits_core.queries.anchors import orphans_waiting_in
from benefits_core.rules import EDITORS, TERMS_PUBLISHERS, TERMS_WRITERS
from portal.foundation.clocks.due import WorkItem
from portal.foundation.people.roles import Role
from portal.foundation.ui.translated import localized


def tasks_for(user: Any, today: date) -> list[WorkItem]:
    """Drafts to publish, terms to publish, terms that came back with remarks, and steps that
    a new version left without a place; none has a term of its own."""
    return [*_versions(user), *_proposed(user), *_returned(user), *_orphans(user, today)]


def _orphans(user: Any, today: date) -> Iterator[WorkItem]:
    """What people said of a step that the version in force does not have: somebody says where it belongs."""
    if not user.scope.has(*EDITORS):
        return
    own = user.scope.territories("procedure__territory_id", "procedure__territory__path", {Role.COORDINATOR})
    national = Q(procedure__territory__isnull=True) if user.scope.has(Role.NATIONAL_TEAM) else Q(pk__in=[])
    current = ProcedureVersion.objects.current(today).filter(own | national).select_related("procedure__territory")
    newest = {version.procedure_id: version for version in current.order_by("number")}
    waiting = orphans_waiting_in(list(newest.values()))
    for version in newest.values():
        if count := waiting.get(version.pk, 0):
            place = version.procedure.territory
            yield WorkItem(
                key=f"benefits_core.orphans:{version.pk}",
                title=_("Say where former steps of “%(name)s” belong") % {"name": localized(version.name)},
                detail=ngettext("%(count)s step is gone", "%(count)s steps are gone", count) % {"count": count},
                url=reverse("benefits_core:orphans", args=[version.pk]),
                due_on=None,
                territory_name=place.name if place else "",
            )


def _versions(user: Any) -> Iterator[WorkItem]:
    own = user.scope.territories("procedure__territory_id", "procedure__territory__path", TERMS_PUBLISHERS)
    national = Q(procedure__territory__isnull=True) if user.scope.has(Role.NATIONAL_TEAM) else Q(pk__in=[])
    ready = ProcedureVersion.objects.filter(own | national, state=VersionState.DRAFT, ready_at__isnull=False)
    for version in ready.exclude(edited_by=user).select_related("procedure__territory").order_by("ready_at"):
        place = version.procedure.territory
        yield WorkItem(
            key=f"benefits_core.publish:{version.pk}",
            title=_("Publish “%(name)s”") % {"name": localized(version.name)},
            detail=_("Version %(number)s waits for a second person") % {"number": version.number},
            url=version.get_absolute_url(),
            due_on=None,
            territory_name=place.name if place else "",
        )


def _proposed(user: Any) -> Iterator[WorkItem]:
    if not user.scope.has(*TERMS_PUBLISHERS):
        return
    rows = MunicipalTerms.objects.filter(
        user.scope.territories("territory_id", "territory__path", TERMS_PUBLISHERS), state=TermsState.PROPOSED
    )
    for terms in rows.exclude(Q(edited_by=user) | Q(proposed_by=user)).select_related("procedure", "territory"):
        yield WorkItem(
            key=f"benefits_core.terms:{terms.pk}",
            title=_("Publish the municipality's own terms"),
            detail=localized(terms.procedure.name),
            url=terms.get_absolute_url(),
            due_on=None,
            territory_name=terms.territory.name,
        )


def _returned(user: Any) -> Iterator[WorkItem]:
    if not user.scope.has(*TERMS_WRITERS):
        return
    rows = MunicipalTerms.objects.filter(
        user.scope.territories("territory_id", "territory__path", TERMS_WRITERS), state=TermsState.DRAFT
    )
    for terms in rows.exclude(remarks="").select_related("procedure", "territory"):
        yield WorkItem(
            key=f"benefits_core.returned:{terms.pk}",
            title=_("Mend the terms that were returned"),
            detail=localized(terms.procedure.name),
            url=terms.get_absolute_url(),
            due_on=None,
            territory_name=terms.territory.name,
        )
