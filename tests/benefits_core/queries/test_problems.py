"""The check: what keeps a draft from being published, and what is only advice."""

from __future__ import annotations

import pytest

from benefits_core.domain import procedures, steps
from benefits_core.enums import LinkKind, StepActor
from benefits_core.models import StepLink
from benefits_core.queries.problems import blocking_problems, version_problems
from tests.factories import benefits
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
AT = benefits.NOW


def found(version):
    return [(problem.step.key if problem.step else "", problem.text) for problem in blocking_problems(version)]


def edit(draft, **changes):
    content = benefits.version_content(draft.name["es"], **changes)
    return procedures.edit_version(version=draft, content=content, revision=draft.revision, by=UserFactory(), at=AT)


def test_a_complete_draft_has_no_problems():
    assert version_problems(benefits.draft_version()) == []


def test_a_draft_without_steps_has_nothing_to_publish():
    draft = edit(benefits.empty_draft())

    assert found(draft) == [("", "El trámite no tiene pasos.")]


def test_a_step_that_nobody_reaches_is_named():
    draft = benefits.draft_version()
    StepLink.objects.filter(version=draft, target__key="revisar").delete()

    assert found(draft) == [
        ("revisar", "Nadie llega a este paso: ningún otro lleva a él."),
        ("responder", "Nadie llega a este paso: ningún otro lleva a él."),
    ]


def test_a_procedure_without_an_end_is_named():
    draft = benefits.draft_version()
    last, first = draft.steps.get(key="responder"), draft.steps.get(key="pedir")
    StepLink(version=draft, source=last, target=first, kind=LinkKind.NEXT).save(by_verb=True)

    assert found(draft) == [("", "El trámite no tiene final: a cada paso le sigue otro.")]


def test_texts_missing_in_a_language_are_named():
    draft = edit(benefits.draft_version(), summary={"es": "Sirve."}, cost={"en": "Free."})
    steps.edit_step(
        step=draft.steps.get(key="revisar"),
        content=benefits.step_content(
            "Revisar", what={"es": "Se revisa."}, documents=[{"es": "Cédula"}], form={"en": "Form"}
        ),
        revision=1,
        by=UserFactory(),
        at=AT,
    )

    assert found(draft) == [
        ("", "Falta «para qué sirve» en inglés."),
        ("", "Falta «costo» en español."),
        ("revisar", "Falta «qué se hace» en inglés."),
        ("revisar", "Falta «formulario» en español."),
        ("revisar", "Falta «documento «Cédula»» en inglés."),
    ]


def test_an_institution_promises_a_term_and_a_person_need_not():
    draft = benefits.draft_version(steps=("pedir",))
    benefits.add_step(draft, "Esperar", actor=StepActor.APPLICANT, term_amount=None, term_unit="")
    benefits.add_step(draft, "Firmar", actor=StepActor.OTHER, term_amount=None, term_unit="")

    assert found(draft) == [
        ("firmar", "Falta «qué institución» en español."),
        ("firmar", "Falta «qué institución» en inglés."),
        ("firmar", "Falta el plazo comprometido: este paso lo hace una institución."),
    ]


def test_an_alternative_needs_its_case_in_both_languages():
    draft = benefits.draft_version()
    steps.link_steps(
        source=draft.steps.get(key="pedir"),
        target=draft.steps.get(key="responder"),
        kind=LinkKind.ALTERNATIVE,
        condition={"es": "Si todo está bien"},
        revision=draft.revision,
        by=UserFactory(),
        at=AT,
    )

    assert found(draft) == [("pedir", "Falta «en qué caso sigue con «3. Responder»» en inglés.")]


def test_a_second_version_says_what_changes():
    old = benefits.published_version()
    draft = edit(benefits.draft_version(of=old.procedure), change_note={})

    assert found(draft) == [("", "Falta «qué cambia» en español."), ("", "Falta «qué cambia» en inglés.")]


def test_hard_words_and_an_unconfirmed_source_are_advice_only():
    hard = "Mediante la presente se procederá a cumplimentar la documentación requerida en virtud de la normativa."
    draft = edit(benefits.draft_version(), summary=benefits.texts(hard), legal_confirmed=False)

    problems = version_problems(draft)

    assert [problem.is_blocking for problem in problems] == [False, False]
    assert "por confirmar" in problems[0].text
    assert "mediante" in problems[1].text


def test_the_check_asks_the_same_of_many_steps(django_assert_num_queries):
    draft = benefits.draft_version(steps=tuple(f"paso-{number}" for number in range(8)))

    with django_assert_num_queries(3):
        version_problems(draft)
