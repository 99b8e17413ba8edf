"""Steps of a draft and what leads from one to another: order, links, loops, two editors at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from benefits_core.domain import steps
from benefits_core.enums import LinkKind, StepActor, TermUnit
from benefits_core.errors import ClosedToChange, EditConflict, InvalidContent
from benefits_core.models import ProcedureVersion, Step
from portal.foundation.audit.models import AuditEvent
from tests.factories import benefits
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
AT = benefits.NOW


def keys(version):
    return list(version.steps.order_by("position").values_list("key", flat=True))


def links(version):
    rows = version.links.order_by("source__position", "id").values_list("source__key", "target__key", "kind")
    return [(source, target, kind) for source, target, kind in rows]


def revision(version):
    return ProcedureVersion.objects.get(pk=version.pk).revision


def link(version, source, target, kind=LinkKind.NEXT, condition=None, seen=None, by=None):
    return steps.link_steps(
        source=version.steps.get(key=source),
        target=version.steps.get(key=target),
        kind=kind,
        condition=condition,
        revision=revision(version) if seen is None else seen,
        by=by or UserFactory(),
        at=AT,
    )


# --- Add and change


def test_each_step_follows_the_one_before():
    draft = benefits.draft_version(steps=("pedir", "revisar"))

    assert keys(draft) == ["pedir", "revisar"]
    assert links(draft) == [("pedir", "revisar", "next")]


def test_the_button_pressed_twice_adds_one_step():
    draft, by = benefits.empty_draft(), UserFactory()

    first = benefits.add_step(draft, "Pedir", by=by)
    again = benefits.add_step(draft, "Pedir", by=by, at=AT + timedelta(minutes=1))

    assert again == first
    assert keys(draft) == ["pedir"]


def test_a_new_step_is_never_taken_for_a_former_one_unless_it_is_said():
    old = benefits.published_version(steps=("pedir", "revisar"))
    draft = benefits.draft_version(of=old.procedure, steps=("pedir",))

    other = benefits.add_step(draft, "Revisar")
    same = steps.add_step(
        version=draft, content=benefits.step_content("Revisar de nuevo"), same_as="revisar", by=UserFactory(), at=AT
    )

    assert (other.key, same.key) == ("revisar-2", "revisar")


@pytest.mark.parametrize("same_as", ["pedir", "nunca"])
def test_a_step_is_only_the_same_as_a_former_one_that_is_not_there(same_as):
    draft = benefits.draft_version()

    with pytest.raises(InvalidContent):
        steps.add_step(version=draft, content=benefits.step_content("Otro"), same_as=same_as, by=UserFactory(), at=AT)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": {"en": "Only"}}, "name_es"),
        ({"name": {"es": "x" * 151}}, "name_es"),
        ({"what": {"es": "x" * 2001}}, "what_es"),
        ({"what": {"es": "con\x00nulo"}}, "what_es"),
        ({"what": {"es": 7}}, "what_es"),
        ({"actor": "nadie"}, "actor"),
        ({"channels": ["fax"]}, "channels"),
        ({"documents": [{"es": "x"}] * 21}, "documents"),
        ({"term_amount": 0, "term_unit": TermUnit.MINUTES}, "term_amount"),
        ({"term_amount": 251, "term_unit": TermUnit.WORKING_DAYS}, "term_amount"),
        ({"term_amount": 5, "term_unit": ""}, "term_unit"),
        ({"term_amount": True, "term_unit": TermUnit.MINUTES}, "term_amount"),
    ],
)
def test_what_a_step_cannot_say_is_refused_beside_its_field(changes, field):
    draft = benefits.empty_draft()

    with pytest.raises(InvalidContent) as refused:
        benefits.add_step(draft, "Pedir", **changes)

    assert refused.value.field == field
    assert keys(draft) == []


def test_a_step_is_rewritten_and_its_revision_grows():
    draft = benefits.draft_version()
    step = draft.steps.get(key="revisar")
    content = benefits.step_content("Mirar", actor=StepActor.OTHER, channels=["virtual", "counter"], term_amount=3)

    saved = steps.edit_step(step=step, content=content, revision=1, by=UserFactory(), at=AT)

    assert (saved.key, saved.name["es"], saved.channels) == ("revisar", "Mirar", ["counter", "virtual"])
    assert (saved.term_amount, saved.revision) == (3, 2)
    detail = AuditEvent.objects.filter(verb="benefits_core.edit_step").get().detail
    assert detail == {"step": "revisar", "fields": ["actor", "channels", "name", "term_amount"]}


def test_of_two_who_rewrite_a_step_the_second_is_told_and_the_first_stays():
    draft = benefits.draft_version()
    step = draft.steps.get(key="revisar")
    steps.edit_step(step=step, content=benefits.step_content("De Ana"), revision=1, by=UserFactory(name="Ana"), at=AT)

    with pytest.raises(EditConflict, match="Ana") as refused:
        steps.edit_step(step=step, content=benefits.step_content("De Luis"), revision=1, by=UserFactory(), at=AT)

    assert refused.value.stored.name["es"] == "De Ana"
    assert Step.objects.get(pk=step.pk).name["es"] == "De Ana"


def test_two_who_write_different_steps_lose_nothing():
    draft = benefits.draft_version()
    for key in ("pedir", "revisar"):
        step = draft.steps.get(key=key)
        steps.edit_step(step=step, content=benefits.step_content(f"Otro {key}"), revision=1, by=UserFactory(), at=AT)

    assert [step.name["es"] for step in draft.steps.all()][:2] == ["Otro pedir", "Otro revisar"]


def test_a_published_step_is_not_touched():
    step = benefits.published_step()
    attempts = [
        lambda: steps.edit_step(step=step, content=benefits.step_content("x"), revision=1, by=UserFactory(), at=AT),
        lambda: steps.move_step(step=step, to=2, revision=1, by=UserFactory(), at=AT),
        lambda: steps.remove_step(step=step, revision=1, by=UserFactory(), at=AT),
        lambda: benefits.add_step(step.version, "Otro"),
    ]

    for attempt in attempts:
        with pytest.raises(ClosedToChange):
            attempt()


# --- Order


def test_steps_are_moved_and_numbered_anew():
    draft = benefits.draft_version(steps=("uno", "dos", "tres", "cuatro"))

    steps.move_step(step=draft.steps.get(key="cuatro"), to=2, revision=revision(draft), by=UserFactory(), at=AT)

    assert keys(draft) == ["uno", "cuatro", "dos", "tres"]
    assert list(draft.steps.values_list("position", flat=True)) == [1, 2, 3, 4]


def test_a_move_beyond_the_ends_goes_to_the_end():
    draft = benefits.draft_version()

    steps.move_step(step=draft.steps.get(key="pedir"), to=99, revision=revision(draft), by=UserFactory(), at=AT)

    assert keys(draft) == ["revisar", "responder", "pedir"]


def test_the_button_pressed_twice_moves_once():
    draft = benefits.draft_version()
    seen = revision(draft)
    steps.move_step(step=draft.steps.get(key="responder"), to=2, revision=seen, by=UserFactory(), at=AT)

    with pytest.raises(EditConflict):
        steps.move_step(step=draft.steps.get(key="responder"), to=1, revision=seen, by=UserFactory(), at=AT)

    assert keys(draft) == ["pedir", "responder", "revisar"]


def test_what_led_to_a_removed_step_leads_to_the_one_after_it():
    draft = benefits.draft_version()

    benefits.remove_step(draft.steps.get(key="revisar"))

    assert keys(draft) == ["pedir", "responder"]
    assert links(draft) == [("pedir", "responder", "next")]


def test_a_step_removed_twice_says_so():
    draft = benefits.draft_version()
    step = draft.steps.get(key="revisar")
    benefits.remove_step(step)

    with pytest.raises(ClosedToChange):
        benefits.remove_step(step)


# --- What follows


def test_a_new_usual_step_takes_the_place_of_the_one_before():
    draft = benefits.draft_version()

    link(draft, "pedir", "responder")

    assert ("pedir", "responder", "next") in links(draft)
    assert ("pedir", "revisar", "next") not in links(draft)


def test_an_alternative_says_in_which_case():
    draft = benefits.draft_version()

    with pytest.raises(InvalidContent) as refused:
        link(draft, "pedir", "responder", LinkKind.ALTERNATIVE)
    made = link(draft, "pedir", "responder", LinkKind.ALTERNATIVE, benefits.texts("Si todo está bien"))

    assert refused.value.field == "condition_es"
    assert made.condition["es"] == "Si todo está bien"
    assert links(draft)[:2] == [("pedir", "revisar", "next"), ("pedir", "responder", "alternative")]


def test_a_loop_with_a_way_out_is_fine_and_one_without_is_refused():
    draft = benefits.draft_version()

    link(draft, "revisar", "pedir", LinkKind.ALTERNATIVE, benefits.texts("Si falta algo"))
    with pytest.raises(InvalidContent, match="nadie sale") as refused:
        link(draft, "responder", "pedir")

    assert refused.value.field == "target"
    assert len(links(draft)) == 3


def test_removing_the_way_out_of_a_loop_is_refused():
    draft = benefits.draft_version(steps=("pedir", "revisar"))
    last = benefits.add_step(draft, "Fin")
    back = link(draft, "revisar", "pedir", LinkKind.ALTERNATIVE, benefits.texts("Si falta algo"))
    way_out = draft.links.get(source__key="revisar", target=last)

    with pytest.raises(InvalidContent):
        steps.unlink_steps(link=way_out, revision=revision(draft), by=UserFactory(), at=AT)
    steps.unlink_steps(link=back, revision=revision(draft), by=UserFactory(), at=AT)
    steps.unlink_steps(link=back, revision=0, by=UserFactory(), at=AT)

    assert links(draft) == [("pedir", "revisar", "next"), ("revisar", "fin", "next")]


def test_the_same_link_again_changes_nothing_and_another_is_refused():
    draft = benefits.draft_version()
    before = revision(draft)

    link(draft, "pedir", "revisar", seen=0)

    assert revision(draft) == before
    with pytest.raises(InvalidContent):
        link(draft, "pedir", "revisar", LinkKind.ALTERNATIVE, benefits.texts("Si falta algo"))
    with pytest.raises(InvalidContent):
        link(draft, "pedir", "pedir")


def test_a_link_never_leaves_its_version():
    draft, other = benefits.draft_version(), benefits.draft_version()

    with pytest.raises(InvalidContent):
        steps.link_steps(
            source=draft.steps.first(), target=other.steps.first(), revision=revision(draft), by=UserFactory(), at=AT
        )


def test_links_changed_by_another_are_looked_at_first():
    draft = benefits.draft_version()
    seen = revision(draft)
    benefits.add_step(draft, "Archivar")

    with pytest.raises(EditConflict):
        link(draft, "pedir", "responder", seen=seen)
