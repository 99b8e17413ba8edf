"""The ledger of former steps: what is pinned follows, decisions are recorded and can be undone."""

from __future__ import annotations

import pytest

from benefits_core.domain import mappings, procedures
from benefits_core.errors import ClosedToChange, InvalidContent
from benefits_core.models import StepMapping
from benefits_core.queries.anchors import heir_of, orphans, orphans_waiting, pinned_for, public_counts, steps_behind
from portal.foundation.audit.models import AuditEvent
from portal.foundation.people.roles import Role
from tests.factories import benefits
from tests.factories.people import UserFactory, user_with_role
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db
AT = benefits.NOW


@pytest.fixture
def versions():
    """Three steps, then «revisar» is gone and «mirar» is new."""
    old = benefits.published_version(steps=("pedir", "revisar", "responder"))
    new = benefits.published_version(of=old.procedure, steps=("pedir", "responder", "mirar"), starts_on=benefits.TODAY)
    return old, new


def step(version, key):
    return version.steps.select_related("version__procedure").get(key=key)


def map_step(old, new, *, to="mirar", reason="", by=None):
    return mappings.map_step(
        step=step(old, "revisar"),
        version=new,
        to_step=step(new, to) if to else None,
        reason=reason,
        by=by or UserFactory(),
        at=AT,
    )


def test_an_orphan_is_a_former_step_without_a_place_with_what_is_pinned_by_source(versions, anchor_source):
    old, new = versions
    anchor_source.pin(step(old, "revisar"), times=7)
    anchor_source.pin(step(old, "pedir"), times=3)

    [orphan] = orphans(new)

    assert (orphan.step.key, orphan.mapping, orphan.total) == ("revisar", None, 7)
    assert [(source.key, count) for source, count in orphan.counts] == [("test.pinned", 7)]
    assert orphans_waiting(new) == 1


def test_what_is_pinned_to_an_old_version_shows_under_the_same_step_of_the_new_one(versions, anchor_source):
    old, new = versions
    anchor_source.pin(step(old, "pedir"), times=4)
    anchor_source.pin(step(new, "pedir"), times=2)

    assert [pinned.count for pinned in public_counts(step(new, "pedir"))] == [6]
    assert {each.pk for each in steps_behind(step(new, "pedir"))} == {step(old, "pedir").pk, step(new, "pedir").pk}


def test_what_is_pinned_to_an_orphan_shows_where_the_ledger_says(versions, anchor_source):
    old, new = versions
    anchor_source.pin(step(old, "revisar"), times=6)

    made = map_step(old, new)

    assert [pinned.count for pinned in public_counts(step(new, "mirar"))] == [6]
    assert heir_of(step(old, "revisar"), new) == step(new, "mirar")
    assert orphans_waiting(new) == 0
    assert [orphan.mapping for orphan in orphans(new)] == [made]
    assert anchor_source.told == [(step(old, "revisar"), step(new, "mirar"))]
    assert AuditEvent.objects.get(verb="benefits_core.map_step").detail == {"step": "revisar", "to": "mirar"}


def test_a_decision_holds_through_later_versions(versions, anchor_source):
    old, new = versions
    anchor_source.pin(step(old, "revisar"), times=6)
    map_step(old, new)
    third = benefits.published(benefits.draft_version(of=old.procedure, steps=("pedir", "mirar")))

    assert [pinned.count for pinned in public_counts(step(third, "mirar"))] == [6]
    assert [orphan.step for orphan in orphans(third)] == [step(new, "responder")]


def test_a_step_that_no_longer_applies_needs_a_reason(versions, anchor_source):
    old, new = versions
    anchor_source.pin(step(old, "revisar"), times=6)

    with pytest.raises(InvalidContent):
        map_step(old, new, to=None, reason=" ")
    map_step(old, new, to=None, reason="Ahora lo hace el sistema solo.")

    assert orphans_waiting(new) == 0
    assert heir_of(step(old, "revisar"), new) is None


def test_a_decision_is_undone_with_a_reason_and_the_ledger_keeps_both(versions, anchor_source):
    old, new = versions
    anchor_source.pin(step(old, "revisar"), times=6)
    first = map_step(old, new, to="pedir")

    with pytest.raises(InvalidContent):
        mappings.undo_mapping(mapping=first, reason="", by=UserFactory(), at=AT)
    mappings.undo_mapping(mapping=first, reason="Era otro paso", by=UserFactory(), at=AT)
    assert orphans_waiting(new) == 1
    map_step(old, new)

    assert StepMapping.objects.count() == 2
    assert heir_of(step(old, "revisar"), new).key == "mirar"
    assert anchor_source.told[1] == (step(old, "revisar"), None)


def test_the_button_pressed_twice_decides_once(versions):
    by = UserFactory()

    assert map_step(*versions, by=by) == map_step(*versions, by=by)
    with pytest.raises(ClosedToChange):
        map_step(*versions, to="pedir")
    mapping = StepMapping.objects.get()
    for _time in range(2):
        mappings.undo_mapping(mapping=mapping, reason="No era", by=by, at=AT)
    assert AuditEvent.objects.filter(verb="benefits_core.undo_mapping").count() == 1


def test_only_an_orphan_is_decided_on_and_only_within_its_procedure(versions):
    old, new = versions
    with pytest.raises(ClosedToChange):
        mappings.map_step(step=step(old, "pedir"), version=new, to_step=step(new, "mirar"), by=UserFactory(), at=AT)
    with pytest.raises(ClosedToChange):
        mappings.map_step(
            step=benefits.published_step(), version=new, to_step=step(new, "mirar"), by=UserFactory(), at=AT
        )
    with pytest.raises(InvalidContent):
        mappings.map_step(
            step=step(old, "revisar"), version=new, to_step=benefits.published_step(), by=UserFactory(), at=AT
        )


def test_few_are_hidden_from_the_public_and_shown_to_those_who_may(versions, anchor_source):
    _old, new = versions
    here = MunicipalityFactory()
    anchor_source.pin(step(new, "pedir"), territory=here, times=4)

    assert [pinned.count for pinned in public_counts(step(new, "pedir"))] == [None]
    assert [pinned.count for pinned in public_counts(step(new, "mirar"))] == [None]
    [shown] = pinned_for(step(new, "pedir"), user_with_role(Role.TEAM_MEMBER, here))
    assert len(shown.items) == 4
    assert pinned_for(step(new, "pedir"), user_with_role(Role.TEAM_MEMBER, MunicipalityFactory())) == []


def test_counts_are_told_of_one_municipality(versions, anchor_source):
    _old, new = versions
    here = MunicipalityFactory()
    anchor_source.pin(step(new, "pedir"), territory=here, times=6)
    anchor_source.pin(step(new, "pedir"), territory=MunicipalityFactory(), times=5)

    assert [pinned.count for pinned in public_counts(step(new, "pedir"), here)] == [6]
    assert [pinned.count for pinned in public_counts(step(new, "pedir"))] == [11]


def test_a_version_to_which_steps_were_mapped_is_not_called_back(anchor_source):
    old = benefits.published_version(steps=("pedir", "revisar"))
    draft = benefits.draft_version(of=old.procedure, steps=("pedir", "mirar"))
    coming = benefits.published(draft, starts_on=benefits.TODAY.replace(day=20))
    mapping = map_step(old, coming)

    with pytest.raises(ClosedToChange):
        procedures.call_back(version=coming, by=UserFactory(), at=AT)
    mappings.undo_mapping(mapping=mapping, reason="Se retoma", by=UserFactory(), at=AT)

    assert procedures.call_back(version=coming, by=UserFactory(), at=AT).is_draft


def test_the_orphans_cost_the_same_however_many_there_are(anchor_source, django_assert_num_queries):
    old = benefits.published_version(steps=("pedir", "uno", "dos", "tres"))
    new = benefits.published_version(of=old.procedure, steps=("pedir",), starts_on=benefits.TODAY)
    for key in ("uno", "dos", "tres"):
        anchor_source.pin(step(old, key))

    with django_assert_num_queries(4):
        assert len(orphans(new)) == 3
