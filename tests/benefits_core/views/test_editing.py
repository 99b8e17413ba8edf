"""The editors' screens: list, draft, steps, check, publication by a second person, orphans."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benefits_core.enums import LinkKind, VersionState
from benefits_core.forms.procedures import StepForm, VersionForm
from benefits_core.models import Procedure, ProcedureVersion, StepMapping
from benefits_core.queries.content import content_hash
from portal.foundation.people.roles import Role
from tests.factories import benefits
from tests.factories.people import UserFactory, sign_in, user_with_role
from tests.factories.territories import CountryFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def national() -> Client:
    user = user_with_role(Role.NATIONAL_TEAM, CountryFactory(), user=UserFactory(name="Nora Nacional"))
    return sign_in(Client(), user)


def url(name, *args):
    return reverse(f"benefits_core:{name}", args=args)


def page(response):
    assert response.status_code == 200
    return response.content.decode()


def step_data(step, **changes):
    data = StepForm.initial_of(step)
    return {name: value for name, value in data.items() if value is not None} | changes


# --- The list


def test_the_list_finds_by_words_scope_and_state(national):
    here = MunicipalityFactory()
    benefits.published_version(of=benefits.empty_draft(name="Ingreso al registro").procedure)
    benefits.empty_draft(name="Ayuda municipal", territory=here)

    assert "Ayuda municipal" not in page(national.get(url("manage"), {"q": "INGRESÓ"}))
    assert "Ingreso al registro" not in page(national.get(url("manage"), {"ambito": "municipal"}))
    assert "Ayuda municipal" not in page(national.get(url("manage"), {"estado": "vigente"}))
    assert "Ingreso al registro" not in page(national.get(url("manage"), {"estado": "sin-vigencia"}))
    assert "No encontramos nada" in page(national.get(url("manage"), {"q": "nada de nada"}))


def test_an_empty_list_says_what_comes_next(national):
    assert "Aún no hay trámites aquí" in page(national.get(url("manage")))


def test_the_list_is_paged_and_costs_the_same(national, constant_queries):
    assert constant_queries(national, url("manage"), benefits.published_version) <= 16


def test_each_sees_the_national_ones_and_the_own(client):
    here = MunicipalityFactory()
    own, other = benefits.empty_draft(territory=here), benefits.empty_draft(territory=MunicipalityFactory())
    nation = benefits.empty_draft()
    sign_in(client, user_with_role(Role.TEAM_MEMBER, here))

    text = page(client.get(url("manage")))

    assert str(own.procedure) in text
    assert str(nation.procedure) in text
    assert str(other.procedure) not in text


# --- Create


def test_the_national_team_creates_a_procedure_and_is_led_to_its_draft(national):
    response = national.post(
        url("procedure_create"),
        {"name_es": "Ingreso", "name_en": "Entry", "key": "ingreso", "kind": "tramite", "territory": "pais"},
    )

    draft = ProcedureVersion.objects.get(procedure__key="ingreso")
    assert response.url == draft.get_absolute_url()
    assert draft.procedure.territory is None


def test_a_coordinator_creates_for_the_own_municipality_only(client):
    here = MunicipalityFactory()
    sign_in(client, user_with_role(Role.COORDINATOR, here))
    values = {"name_es": "Ayuda", "key": "ayuda", "kind": "benefit"}

    assert client.post(url("procedure_create"), values | {"territory": "pais"}).status_code == 200
    assert not Procedure.objects.exists()
    assert client.post(url("procedure_create"), values | {"territory": str(here.pk)}).status_code == 302
    assert Procedure.objects.get().territory == here


def test_a_key_that_is_taken_keeps_what_was_typed(national):
    benefits.empty_draft(key="ingreso")

    text = page(
        national.post(
            url("procedure_create"),
            {"name_es": "Otro nombre", "key": "ingreso", "kind": "tramite", "territory": "pais"},
        )
    )

    assert "Otro trámite ya tiene este nombre corto." in text
    assert 'value="Otro nombre"' in text


# --- Write


def test_texts_are_saved_in_both_languages(national):
    draft = benefits.empty_draft()
    data = VersionForm.initial_of(draft) | {"summary_es": "Sirve para eso.", "summary_en": "It is for that."}

    response = national.post(url("version_edit", draft.pk), data)

    draft.refresh_from_db()
    assert response.status_code == 302
    assert draft.summary == {"es": "Sirve para eso.", "en": "It is for that."}


def test_a_conflict_shows_both_texts_and_saving_again_keeps_the_own(national):
    draft = benefits.draft_version()
    step = draft.steps.get(key="revisar")
    mine = step_data(step, what_es="Lo mío")
    other = sign_in(Client(), user_with_role(Role.NATIONAL_TEAM, CountryFactory(), user=UserFactory(name="Olga Otra")))
    other.post(url("step_edit", step.pk), step_data(step, what_es="Lo de Olga"))

    response = national.post(url("step_edit", step.pk), mine)

    assert response.status_code == 409
    text = response.content.decode()
    assert "Olga Otra guardó este paso mientras usted escribía." in text
    assert "Lo de Olga" in text
    assert "Lo mío" in text
    assert 'name="revision" value="2"' in text
    national.post(url("step_edit", step.pk), mine | {"revision": "2"})
    step.refresh_from_db()
    assert (step.what["es"], step.revision) == ("Lo mío", 3)


def test_a_step_is_added_with_its_documents_one_on_each_line(national):
    draft = benefits.empty_draft()

    national.post(
        url("step_add", draft.pk),
        {
            "name_es": "Presentar documentos",
            "actor": "applicant",
            "channels": ["counter", "virtual"],
            "documents_es": "Cédula\n\n Contrato \nCartola",
            "documents_en": "Identity card\n–\nStatement",
            "term_unit": "",
        },
    )

    step = draft.steps.get()
    assert step.key == "presentar-documentos"
    assert step.documents == [
        {"es": "Cédula", "en": "Identity card"},
        {"es": "Contrato"},
        {"es": "Cartola", "en": "Statement"},
    ]
    assert page(national.get(url("step_edit", step.pk))).count("Contrato\nCartola") == 1


def test_a_term_without_a_number_is_said_beside_its_field(national):
    draft = benefits.empty_draft()

    text = page(
        national.post(url("step_add", draft.pk), {"name_es": "X", "actor": "municipality", "term_unit": "minutes"})
    )

    assert "Escriba cuántos, o elija «Sin plazo»." in text


def test_steps_are_moved_linked_and_removed(national):
    draft = benefits.draft_version()
    step = draft.steps.get(key="responder")
    national.post(url("step_move", step.pk), {"up": "1", "revision": str(draft.revision)})
    assert [each.key for each in draft.steps.all()] == ["pedir", "responder", "revisar"]

    draft.refresh_from_db()
    target = draft.steps.get(key="pedir")
    data = {
        "target": str(target.pk),
        "kind": LinkKind.ALTERNATIVE,
        "condition_es": "Si falta algo",
        "condition_en": "If something is missing",
        "revision": str(draft.revision),
    }
    revisar = draft.steps.get(key="revisar")
    response = national.post(url("step_link", revisar.pk), data, follow=True)
    assert "Si falta algo" in page(response)

    link = draft.links.get(kind=LinkKind.ALTERNATIVE)
    draft.refresh_from_db()
    assert "ya no llevará a" in page(national.get(url("link_remove", link.pk)))
    national.post(url("link_remove", link.pk), {"revision": str(draft.revision)})
    assert not draft.links.filter(kind=LinkKind.ALTERNATIVE).exists()

    draft.refresh_from_db()
    national.post(url("step_remove", revisar.pk), {"revision": str(draft.revision)})
    assert [each.key for each in draft.steps.all()] == ["pedir", "responder"]


def test_a_loop_is_refused_beside_its_field_and_keeps_what_was_typed(national):
    draft = benefits.draft_version()
    first, last = draft.steps.get(key="pedir"), draft.steps.get(key="responder")

    text = page(
        national.post(
            url("step_link", last.pk), {"target": str(first.pk), "kind": "next", "revision": str(draft.revision)}
        )
    )

    assert "Sería un círculo del que nadie sale" in text
    assert f'<option value="{first.pk}" selected' in text


def test_moving_what_another_moved_meanwhile_says_so(national):
    draft = benefits.draft_version()

    response = national.post(url("step_move", draft.steps.first().pk), {"down": "1", "revision": "9999"}, follow=True)

    assert "cambió este borrador mientras usted lo tenía abierto" in page(response)


# --- Check and publish


def test_the_check_names_each_problem_with_the_way_to_mend_it(national):
    draft = benefits.empty_draft()
    step = benefits.add_step(draft, "Revisar", term_amount=None, term_unit="")

    text = page(national.get(url("version_check", draft.pk)))

    assert "Falta el plazo comprometido" in text
    assert url("step_edit", step.pk) in text
    assert url("version_edit", draft.pk) in text


def test_a_second_person_reads_and_publishes(national):
    draft = benefits.draft_version()
    text = page(national.get(url("version_publish", draft.pk)))
    assert content_hash(draft) in text

    response = national.post(
        url("version_publish", draft.pk),
        {"seen": content_hash(draft), "starts_on": timezone.localdate().isoformat()},
        follow=True,
    )

    assert "La versión está publicada." in page(response)
    draft.refresh_from_db()
    assert draft.state == VersionState.PUBLISHED


def test_who_wrote_last_is_told_before_and_after(client):
    user = user_with_role(Role.NATIONAL_TEAM, CountryFactory())
    draft = benefits.draft_version(by=user)
    sign_in(client, user)
    told = "Debe publicarlo otra persona."

    assert told in page(client.get(url("version_publish", draft.pk)))
    data = {"seen": content_hash(draft), "starts_on": timezone.localdate().isoformat()}
    assert told in page(client.post(url("version_publish", draft.pk), data))


def test_what_changed_since_it_was_read_is_read_again(national):
    draft = benefits.draft_version()
    seen = content_hash(draft)
    benefits.add_step(draft, "Archivar")

    text = page(
        national.post(url("version_publish", draft.pk), {"seen": seen, "starts_on": timezone.localdate().isoformat()})
    )

    assert "Léalo de nuevo antes de seguir." in text
    assert content_hash(draft) in text


def test_differences_are_said_in_words(national):
    old = benefits.published_version()
    draft = benefits.draft_version(of=old.procedure, steps=("pedir", "responder", "mirar"))
    step = draft.steps.get(key="responder")
    national.post(url("step_edit", step.pk), step_data(step, term_amount="3", term_unit="minutes"))

    text = page(national.get(url("version_compare", draft.pk)))

    assert "<del>5 días hábiles</del>" in text
    assert "<ins>3 minutos</ins>" in text
    assert "Ya no está" in text
    assert "Nuevo paso" in text


def test_a_version_that_has_not_begun_is_called_back(national):
    old = benefits.published_version()
    coming = benefits.published(benefits.draft_version(of=old.procedure), starts_on=date(2999, 1, 1))

    assert "Retomar esta versión" in page(national.get(url("version", coming.pk)))
    national.post(url("version_call_back", coming.pk))

    coming.refresh_from_db()
    assert coming.is_draft


def test_a_procedure_is_ended_with_its_reason(national):
    version = benefits.published_version()

    national.post(
        url("procedure_retire", version.procedure.key),
        {"ends_on": timezone.localdate().isoformat(), "reason": "La da otra oficina"},
    )

    assert "La da otra oficina" in page(national.get(url("manage_procedure", version.procedure.key)))


def test_a_draft_is_opened_and_discarded(national):
    version = benefits.published_version()
    response = national.post(url("draft_open", version.procedure.key))
    draft = version.procedure.versions.get(number=2)
    assert response.url == draft.get_absolute_url()

    national.post(url("version_discard", draft.pk))

    assert not version.procedure.versions.filter(number=2).exists()


# --- Orphans


def test_publishing_leads_to_what_was_left_without_a_place(national, anchor_source):
    old = benefits.published_version()
    anchor_source.pin(old.steps.get(key="revisar"), times=7)
    draft = benefits.draft_version(of=old.procedure, steps=("pedir", "responder"))

    response = national.post(
        url("version_publish", draft.pk),
        {"seen": content_hash(draft), "starts_on": timezone.localdate().isoformat()},
        follow=True,
    )

    text = page(response)
    assert "Hay cosas asociadas a pasos que esta versión no tiene." in text
    assert "Reclamos: <strong>7</strong>" in text


def test_an_orphan_is_placed_and_the_decision_undone(national, anchor_source):
    old = benefits.published_version()
    orphan = old.steps.get(key="revisar")
    anchor_source.pin(orphan, times=7)
    new = benefits.published(benefits.draft_version(of=old.procedure, steps=("pedir", "responder")))

    refused = national.post(url("orphan_map", new.pk, orphan.pk), {"to_step": "none", "reason": ""})
    assert "Falta «Motivo»." in page(refused)
    national.post(url("orphan_map", new.pk, orphan.pk), {"to_step": str(new.steps.first().pk)})
    mapping = StepMapping.objects.get()
    assert "Ahora es «1. Pedir»." in page(national.get(url("orphans", new.pk)))

    national.post(url("mapping_undo", mapping.pk), {"reason": "Me equivoqué"})

    text = page(national.get(url("orphans", new.pk)))
    assert "Me equivoqué" in text
    assert "Diga qué es ahora" in text
    assert national.get(url("orphan_map", new.pk, new.steps.first().pk)).status_code == 404
