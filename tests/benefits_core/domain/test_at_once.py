"""Several people at the same moment, in threads of their own and on committed rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.utils import translation

from benefits_core.domain import mappings, procedures, steps, terms
from benefits_core.errors import BenefitsError
from benefits_core.models import MunicipalTerms, Procedure, ProcedureVersion, Step, StepMapping
from benefits_core.queries.content import content_hash
from tests.factories import benefits
from tests.factories.people import UserFactory
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db(transaction=True)
AT = benefits.NOW


def at_once(*calls: Callable[[], Any]) -> Counter[str]:
    """Run ``calls`` in as many threads that start together; counts how they ended, by name of the refusal."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> str:
        try:
            barrier.wait(timeout=10)
            with translation.override("es"):
                call()
        except BenefitsError as refused:
            return type(refused).__name__
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(max_workers=len(calls)) as pool:
        return Counter(pool.map(run, calls))


def test_editors_who_open_the_draft_at_once_share_one() -> None:
    version, users = benefits.published_version(), [UserFactory() for _ in range(3)]

    ended = at_once(*(lambda by=by: procedures.open_draft(procedure=version.procedure, by=by, at=AT) for by in users))

    assert ended == {"done": 3}
    assert version.procedure.versions.filter(state="draft").count() == 1


def test_of_editors_who_change_the_same_step_one_writes_and_the_others_are_told() -> None:
    draft = benefits.draft_version()
    step, users = draft.steps.get(key="revisar"), [UserFactory() for _ in range(3)]

    ended = at_once(
        *(
            lambda by=by, number=number: steps.edit_step(
                step=step, content=benefits.step_content(f"De {number}"), revision=1, by=by, at=AT
            )
            for number, by in enumerate(users)
        )
    )

    assert ended == {"done": 1, "EditConflict": 2}
    assert Step.objects.get(pk=step.pk).revision == 2


def test_steps_added_at_once_are_all_kept_in_places_of_their_own() -> None:
    draft, users = benefits.draft_version(steps=("pedir",)), [UserFactory() for _ in range(4)]

    ended = at_once(
        *(
            lambda by=by, number=number: benefits.add_step(draft, f"Paso {number}", by=by)
            for number, by in enumerate(users)
        )
    )

    assert ended == {"done": 4}
    assert list(draft.steps.values_list("position", flat=True)) == [1, 2, 3, 4, 5]
    assert draft.links.count() == 4


def test_the_button_pressed_twice_at_once_adds_one_step() -> None:
    draft, by = benefits.empty_draft(), UserFactory()

    ended = at_once(*([lambda: benefits.add_step(draft, "Pedir", by=by)] * 3))

    assert ended == {"done": 3}
    assert draft.steps.count() == 1


def test_two_who_publish_at_once_publish_once() -> None:
    draft, users = benefits.draft_version(), [UserFactory() for _ in range(2)]
    seen = content_hash(draft)

    ended = at_once(
        *(
            lambda by=by: procedures.publish_version(version=draft, starts_on=benefits.TODAY, seen=seen, by=by, at=AT)
            for by in users
        )
    )

    assert ended == {"done": 1, "ClosedToChange": 1}


def test_an_editor_never_slips_a_change_past_the_publisher() -> None:
    draft = benefits.draft_version()
    seen, publisher, editor = content_hash(draft), UserFactory(), UserFactory()

    ended = at_once(
        lambda: procedures.publish_version(version=draft, starts_on=benefits.TODAY, seen=seen, by=publisher, at=AT),
        lambda: benefits.add_step(draft, "Archivar", by=editor),
    )

    stored = ProcedureVersion.objects.get(pk=draft.pk)
    assert ended in ({"done": 1, "ClosedToChange": 1}, {"done": 1, "EditConflict": 1})
    assert stored.is_draft or content_hash(stored) == seen


def test_a_short_name_is_given_once() -> None:
    users = [UserFactory() for _ in range(3)]

    ended = at_once(
        *(
            lambda by=by: procedures.create_procedure(key="ingreso", name=benefits.texts("Ingreso"), by=by, at=AT)
            for by in users
        )
    )

    assert ended == {"done": 1, "InvalidContent": 2}
    assert Procedure.objects.count() == 1


def test_a_municipality_has_one_draft_of_terms() -> None:
    procedure, here = benefits.published_version().procedure, MunicipalityFactory()
    users = [UserFactory() for _ in range(3)]

    ended = at_once(
        *(lambda by=by: terms.open_terms(procedure=procedure, territory=here, by=by, at=AT) for by in users)
    )

    assert ended == {"done": 3}
    assert MunicipalTerms.objects.count() == 1


def test_of_two_decisions_on_a_former_step_one_stands() -> None:
    old = benefits.published_version()
    new = benefits.published(benefits.draft_version(of=old.procedure, steps=("pedir", "mirar")))
    orphan = old.steps.get(key="revisar")
    users = [UserFactory() for _ in range(2)]

    ended = at_once(
        *(
            lambda by=by, to=to: mappings.map_step(
                step=orphan, version=new, to_step=new.steps.get(key=to), by=by, at=AT
            )
            for by, to in zip(users, ("pedir", "mirar"), strict=True)
        )
    )

    assert ended == {"done": 1, "ClosedToChange": 1}
    assert StepMapping.objects.count() == 1
