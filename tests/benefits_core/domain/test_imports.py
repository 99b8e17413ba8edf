"""A procedure's file: written and read again as it was; a hostile or broken one is refused with place and reason."""

from __future__ import annotations

import json

import pytest

from benefits_core.domain import steps
from benefits_core.domain.imports import import_procedure
from benefits_core.domain.procedure_file import LARGEST_FILE, read_procedure
from benefits_core.enums import LinkKind
from benefits_core.errors import ImportRefused
from benefits_core.exports.procedures import procedure_json, procedure_yaml
from benefits_core.models import Procedure, ProcedureVersion
from benefits_core.queries.content import content_hash, version_content
from portal.foundation.audit.models import AuditEvent
from tests.factories import benefits
from tests.factories.people import UserFactory
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db


def load(content, *, territory=None, by=None):
    return import_procedure(content=content, territory=territory, by=by or UserFactory(), at=benefits.NOW)


def a_file(**changes):
    step = {"name": {"es": "Pedir", "en": "Ask"}, "what": {"es": "Se pide.", "en": "One asks."}}
    return {
        "format": "mejora.procedure/1",
        "key": "ingreso",
        "name": {"es": "Ingreso", "en": "Entry"},
        "steps": [
            {"key": "pedir", "actor": "applicant", **step, "next": "revisar"},
            {"key": "revisar", "actor": "municipality", **step, "term": {"amount": 5, "unit": "working_days"}},
        ],
    } | changes


def as_bytes(data):
    return json.dumps(data).encode()


def rich_version():
    draft = benefits.draft_version()
    step = draft.steps.get(key="revisar")
    content = benefits.step_content(
        "Revisar",
        channels=["counter"],
        documents=[benefits.texts("Cédula: vigente"), {"es": "Solo # en español"}],
        form=benefits.texts("Formulario «1»"),
        term_note=benefits.texts("Desde hoy\ny siempre"),
    )
    steps.edit_step(step=step, content=content, revision=1, by=UserFactory(), at=benefits.NOW)
    steps.link_steps(
        source=step,
        target=draft.steps.get(key="pedir"),
        kind=LinkKind.ALTERNATIVE,
        condition=benefits.texts("Si falta algo"),
        revision=draft.revision,
        by=UserFactory(),
        at=benefits.NOW,
    )
    return draft


@pytest.mark.parametrize("write", [procedure_json, procedure_yaml])
def test_what_is_written_is_read_again_as_it_was(write):
    version = rich_version()
    content = write(version).replace(version.procedure.key.encode(), b"otro-pais")

    copy = load(content)

    assert copy.procedure.key == "otro-pais"
    assert copy.is_draft
    assert version_content(copy) == version_content(version)


def test_a_known_procedure_gets_a_new_draft_with_the_file_s_steps():
    version = benefits.published_version()
    data = json.loads(procedure_json(version))
    data["steps"] = data["steps"][:1]
    data["steps"][0].pop("next")

    draft = load(as_bytes(data))

    assert (draft.procedure, draft.number) == (version.procedure, 2)
    assert [step.key for step in draft.steps.all()] == ["pedir"]
    assert AuditEvent.objects.get(verb="benefits_core.import_procedure").detail == {
        "key": version.procedure.key,
        "steps": 1,
    }


def test_the_same_file_sent_twice_makes_one_draft():
    by = UserFactory()

    assert load(as_bytes(a_file()), by=by) == load(as_bytes(a_file()), by=by)
    assert ProcedureVersion.objects.count() == 1


def test_an_open_draft_is_never_written_over():
    draft = load(as_bytes(a_file()))
    before = content_hash(draft)

    with pytest.raises(ImportRefused, match="borrador"):
        load(as_bytes(a_file(name={"es": "Otro"})))

    assert content_hash(draft) == before


def test_a_procedure_is_written_over_by_nobody_else():
    load(as_bytes(a_file()))

    with pytest.raises(ImportRefused) as refused:
        load(as_bytes(a_file()), territory=MunicipalityFactory())

    assert refused.value.place == "key"


def step_with(**changes):
    return a_file(steps=[{"key": "pedir", "actor": "applicant", "name": {"es": "Pedir"}} | changes])


BROKEN = {
    "not text": (b"\xff\xfe\x00", "archivo", "UTF-8"),
    "not YAML": (b"key: [1, 2", "archivo", "no es YAML ni JSON"),
    "not JSON": (b'{"key": ', "archivo", "no es YAML ni JSON"),
    "a list": (b"[1, 2]", "archivo", "nombres con sus valores"),
    "empty": (b"", "archivo", "nombres con sus valores"),
    "twice in YAML": (b"key: a\nkey: b", "línea 2", "dos veces"),
    "twice in JSON": (b'{"key": "a", "key": "b"}', "archivo", "dos veces"),
    "aliases": (b"a: &a [1]\nb: [*a, *a]", "línea 2", "no se aceptan referencias"),
    "objects": (b"key: !!python/object/apply:os.system ['true']", "archivo", "no es YAML ni JSON"),
    "deep YAML": (b"[" * 5000, "archivo", ""),
    "deep JSON": (b'{"a":' * 30000, "archivo", ""),
    "too large": (b"#" * (LARGEST_FILE + 1), "", "200 KB"),
    "impossible date": (b"key: 2026-13-45", "archivo", ""),
    "another format": (as_bytes(a_file(format="x")), "format", "mejora.procedure/1"),
    "an unknown name": (as_bytes(a_file(precio=1)), "archivo", "precio"),
    "a key that is no text": (as_bytes(a_file(key=1)), "key", "texto"),
    "a key of other characters": (as_bytes(a_file(key="Á B")), "key", "minúsculas"),
    "an unknown kind": (as_bytes(a_file(kind="x")), "kind", "tramite"),
    "a name that is no text": (as_bytes(a_file(name={"es": 5})), "name · es", "texto"),
    "a name in a third language": (as_bytes(a_file(name={"fr": "x"})), "name", "fr"),
    "no Spanish name": (as_bytes(a_file(name={"en": "x"})), "name_es", "Falta"),
    "a flag that is no truth": (as_bytes(a_file(is_official="yes")), "is_official", "true"),
    "steps that are no list": (as_bytes(a_file(steps={"a": 1})), "steps", "lista"),
    "too many steps": (as_bytes(a_file(steps=[{"key": f"p{n}"} for n in range(41)])), "steps", "40"),
    "a step that is no mapping": (as_bytes(a_file(steps=["x"])), "steps[1]", "nombres"),
    "a step's key": (as_bytes(step_with(key="../x")), "steps[1] ../x · key", "minúsculas"),
    "a step's actor": (as_bytes(step_with(actor=["x"])), "steps[1] pedir · actor", "quién"),
    "a step's channel": (as_bytes(step_with(channels=["fax"])), "steps[1] pedir · channels", "fax"),
    "a step's channels": (as_bytes(step_with(channels="fax")), "steps[1] pedir · channels", "lista"),
    "a step's documents": (as_bytes(step_with(documents=["x"])), "steps[1] pedir · documents[1]", "nombres"),
    "a step's term": (
        as_bytes(step_with(term={"amount": "5", "unit": "minutes"})),
        "steps[1] pedir · term_amount",
        "entero",
    ),
    "a step's unit": (as_bytes(step_with(term={"amount": 5})), "steps[1] pedir · term_unit", "minutos"),
    "a text with NUL": (as_bytes(step_with(what={"es": "a\0b"})), "steps[1] pedir · what_es", "carácter"),
    "a text too long": (as_bytes(step_with(what={"es": "a" * 2001})), "steps[1] pedir · what_es", "2000"),
    "a step to nowhere": (as_bytes(step_with(next="x")), "steps[1] pedir · next", "otro paso"),
    "a step to itself": (as_bytes(step_with(next="pedir")), "steps[1] pedir · next", "otro paso"),
    "no case": (
        as_bytes(
            a_file(
                steps=[
                    {"key": "a", "actor": "applicant", "name": {"es": "A"}, "alternatives": [{"to": "b"}]},
                    {"key": "b", "actor": "applicant", "name": {"es": "B"}},
                ]
            )
        ),
        "steps[1] a · alternatives[1] · if",
        "en qué caso",
    ),
    "a loop": (
        as_bytes(
            a_file(
                steps=[
                    {"key": "a", "actor": "applicant", "name": {"es": "A"}, "next": "b"},
                    {"key": "b", "actor": "applicant", "name": {"es": "B"}, "next": "a"},
                ]
            )
        ),
        "steps",
        "círculo",
    ),
    "one step twice": (
        as_bytes(a_file(steps=[{"key": "a", "actor": "applicant", "name": {"es": "A"}}] * 2)),
        "steps",
        "dos veces",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_its_place_and_reason(name):
    content, place, reason = BROKEN[name]

    with pytest.raises(ImportRefused) as refused:
        load(content)

    assert refused.value.place == place
    assert reason in str(refused.value)
    assert not Procedure.objects.exists()


def test_a_file_with_the_mark_of_windows_is_read():
    assert read_procedure(b"\xef\xbb\xbf" + as_bytes(a_file())).key == "ingreso"
