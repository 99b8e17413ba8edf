"""The demonstration's procedures: complete in both languages, plain to read, with a former step that waits."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from benefits_core.domain.imports import import_procedure
from benefits_core.models import MunicipalTerms, Procedure, ProcedureVersion
from benefits_core.queries.anchors import orphans
from benefits_core.queries.problems import version_problems
from portal.demo import procedures
from portal.demo.accounts import Team
from portal.demo.timeline import Timeline
from portal.foundation.people.roles import Role
from tests.factories.people import UserFactory, user_with_role
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)


@pytest.mark.parametrize("path", sorted(procedures.DATA.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_file_is_complete_and_plain(path):
    draft = import_procedure(content=path.read_bytes(), territory=None, by=UserFactory(), at=NOW)

    assert [problem.text for problem in version_problems(draft)] == [
        "La fuente legal está por confirmar. La página pública lo dirá."
    ]


def test_the_story_has_two_versions_a_step_that_waits_and_municipal_terms():
    teams = [
        Team(
            here,
            user_with_role(Role.TEAM_MEMBER, here),
            True,
            user_with_role(Role.COORDINATOR, here),
            user_with_role(Role.DIDECO, here),
        )
        for here in (MunicipalityFactory() for _number in range(4))
    ]

    procedures.publish_national(
        writer=UserFactory(), publisher=UserFactory(), first=Timeline(2025, NOW), last=Timeline(2026, NOW)
    )
    procedures.publish_local(teams=teams, first=Timeline(2025, NOW), last=Timeline(2026, NOW))

    assert Procedure.objects.current(NOW.date()).count() == 6
    updated = ProcedureVersion.objects.filter(procedure__key="actualizar-informacion").order_by("number")
    assert [version.state for version in updated] == ["retired", "published"]
    assert [orphan.step.key for orphan in orphans(updated[1])] == ["entrevista-en-la-oficina"]
    assert sorted(MunicipalTerms.objects.values_list("state", flat=True)) == ["proposed", *["published"] * 4]
