"""What everybody reads: list, flow, dated history, and the page of a step with all that is pinned to it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benefits_core import anchors
from benefits_core.domain import mappings, procedures, steps
from benefits_core.enums import LinkKind
from benefits_core.models import ProcedureVersion
from portal.foundation.indicators import registry
from portal.foundation.indicators.registry import Indicator, Measurement, Source
from portal.foundation.offers import registry as offers
from portal.foundation.people.roles import Role
from tests.factories import benefits
from tests.factories.people import UserFactory, sign_in, user_with_role
from tests.factories.territories import MunicipalityFactory, ServicePointFactory

pytestmark = pytest.mark.django_db
LIST = "/tramites/"


def page(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def named(name, **fields):
    return benefits.published_version(of=benefits.empty_draft(name=name).procedure, **fields)


def own(name, municipality):
    return benefits.published_version(of=benefits.empty_draft(name=name, territory=municipality).procedure)


# --- List


def test_the_list_has_what_is_in_force_and_finds_by_words(client):
    named("Ingreso al registro")
    benefits.empty_draft(name="Todavía borrador")

    assert "Ingreso al registro" in page(client.get(LIST))
    assert "Todavía borrador" not in page(client.get(LIST))
    assert "Ingreso al registro" in page(client.get(LIST, {"q": "REGISTRÓ"}))
    assert "No encontramos nada" in page(client.get(LIST, {"q": "otra cosa"}))


def test_a_municipality_adds_its_own_procedures(client):
    here, other = MunicipalityFactory(name="Aquí"), MunicipalityFactory(name="Allá")
    named("Nacional"), own("De aquí", here), own("De allá", other)

    text = page(client.get(LIST, {"municipalidad": here.slug}))

    assert "Nacional" in text
    assert "De aquí" in text
    assert "De allá" not in text
    assert "De aquí" not in page(client.get(LIST))


def test_a_municipality_is_found_by_what_is_typed(client):
    here = MunicipalityFactory(name="Viña del Mar")
    MunicipalityFactory(name="San Felipe"), MunicipalityFactory(name="San Antonio")

    response = client.get(LIST, {"municipalidad": "vina", "q": "ingreso"})
    assert response.url == f"{LIST}?municipalidad={here.slug}&q=ingreso"
    text = page(client.get(LIST, {"municipalidad": "san"}))
    assert "¿Cuál es?" in text
    assert "San Antonio" in text
    assert "Ninguna municipalidad se llama «zzz»" in page(client.get(LIST, {"municipalidad": "zzz"}))


def test_an_empty_list_says_so(client):
    assert "Aún no hay trámites" in page(client.get(LIST))


def test_the_list_costs_the_same(client, constant_queries):
    assert constant_queries(client, LIST, benefits.published_version) <= 4


def test_hostile_words_find_nothing_and_break_nothing(client):
    for text in ("<script>alert(1)</script>", "%' OR 1=1 --", "ñ" * 5000, "\U0001f600"):
        answer = page(client.get(LIST, {"q": text, "municipalidad": text}))
        assert "<script>alert" not in answer


# --- Procedure


def test_the_flow_says_who_how_long_and_what_follows(client):
    draft = benefits.draft_version()
    steps.link_steps(
        source=draft.steps.get(key="revisar"),
        target=draft.steps.get(key="pedir"),
        kind=LinkKind.ALTERNATIVE,
        condition=benefits.texts("Si falta un documento"),
        revision=draft.revision,
        by=UserFactory(),
        at=benefits.NOW,
    )
    version = benefits.published(draft)

    text = page(client.get(version.procedure.get_absolute_url()))

    assert "<strong>La municipalidad</strong>" in text
    assert "<strong>5 días hábiles</strong>" in text
    assert "<strong>Si falta un documento</strong>" in text
    assert "Aquí termina el trámite." in text
    assert "Redactado, no oficial" in text


def test_english_is_complete(client):
    version = named("Ingreso")

    text = page(client.get(f"/en/tramites/{version.procedure.key}/"))

    assert "Ingreso (en)" in text
    assert "5 working days" in text


def test_drafts_and_versions_to_come_are_not_found(client):
    draft = benefits.draft_version()
    old = benefits.published_version()
    coming = benefits.published(
        benefits.draft_version(of=old.procedure), starts_on=timezone.localdate() + timedelta(days=9)
    )

    assert client.get(draft.procedure.get_absolute_url()).status_code == 404
    assert client.get(coming.get_public_url()).status_code == 404
    assert client.get(coming.steps.first().get_absolute_url()).status_code == 404
    assert "Menos pasos." in page(client.get(old.procedure.get_absolute_url()))  # what will change, and when


def test_an_old_version_says_that_it_is_old_and_leads_to_the_last(client):
    old = benefits.published_version()
    benefits.published(benefits.draft_version(of=old.procedure, steps=("pedir", "mirar")))

    text = page(client.get(old.get_public_url()))

    assert "Esta versión rigió desde el" in text
    assert old.procedure.get_absolute_url() in text


def test_a_procedure_that_ended_says_why(client):
    version = benefits.published_version()
    procedures.retire_procedure(
        procedure=version.procedure,
        ends_on=benefits.TODAY,
        reason="La da otra oficina",
        by=UserFactory(),
        at=benefits.NOW,
    )

    assert "La da otra oficina" in page(client.get(version.procedure.get_absolute_url()))
    assert "Aún no hay trámites" in page(client.get(LIST))


def test_the_history_has_dates_and_changes(client):
    old = benefits.published_version()
    new = benefits.published(benefits.draft_version(of=old.procedure, steps=("pedir", "mirar")))
    key = old.procedure.key

    history = page(client.get(reverse("benefits_core:procedure_history", args=[key])))
    changes = page(client.get(reverse("benefits_core:procedure_changes", args=[key, new.number])))

    assert history.count("Menos pasos.") == 2
    assert "Ya no está" in changes
    assert "Es la primera versión." in page(client.get(reverse("benefits_core:procedure_changes", args=[key, 1])))


def test_a_municipality_s_own_terms_take_the_place_of_the_national_ones(client):
    version = benefits.published_version()
    terms = benefits.terms_in_force(of=version.procedure)
    here = terms.territory

    text = page(client.get(version.procedure.get_absolute_url(), {"municipalidad": here.slug}))

    assert "<strong>2 días hábiles</strong>" in text
    assert f"Con los plazos que compromete {here}." in text
    assert "2 días hábiles" not in page(client.get(version.procedure.get_absolute_url()))
    step = version.steps.get(key="revisar")
    text = page(client.get(step.get_absolute_url(), {"municipalidad": here.slug}))
    assert "El plazo nacional es de 5 días hábiles." in text


def test_a_procedure_costs_the_same_with_more_steps(client, django_assert_max_num_queries):
    version = benefits.published_version(steps=tuple(f"paso-{number}" for number in range(9)))

    with django_assert_max_num_queries(7):
        page(client.get(version.procedure.get_absolute_url()))


# --- Step


def test_a_step_about_which_nothing_is_kept_says_so(client):
    assert "De este paso aún no se guarda nada." in page(client.get(benefits.published_step().get_absolute_url()))


def test_few_and_none_are_not_told_apart_and_many_are_told(client, anchor_source):
    version = benefits.published_version()
    few, many, none = version.steps.all()
    anchor_source.pin(few, times=4)
    anchor_source.pin(many, times=5)

    for step in (few, none):
        assert "<b>Ninguno, o menos de cinco</b>" in page(client.get(step.get_absolute_url()))
    assert "<b>5</b>" in page(client.get(many.get_absolute_url()))
    assert "Nadie contesta" not in page(client.get(many.get_absolute_url()))


def test_staff_reads_what_is_pinned_within_the_own_territory(client, anchor_source):
    step = benefits.published_step()
    here = MunicipalityFactory()
    anchor_source.pin(step, territory=here, label="De aquí")
    anchor_source.pin(step, territory=MunicipalityFactory(), label="De otra parte")
    sign_in(client, user_with_role(Role.TEAM_MEMBER, here))

    text = page(client.get(step.get_absolute_url()))

    assert "De aquí" in text
    assert "De otra parte" not in text


def test_offers_on_the_step_are_for_staff(client):
    step = benefits.published_step()
    offer = offers.Offer(
        "test.step", "benefits_core.step", "Abrir un desafío", lambda user, steps: steps, lambda step: "/x/"
    )
    offers.register(offer)
    citizen = sign_in(Client(), user_with_role(Role.CITIZEN, None))
    sign_in(client, user_with_role(Role.TEAM_MEMBER, MunicipalityFactory()))
    try:
        assert "Abrir un desafío" in page(client.get(step.get_absolute_url()))
        assert "Abrir un desafío" not in page(citizen.get(step.get_absolute_url()))
        assert "Abrir un desafío" not in page(Client().get(step.get_absolute_url()))
    finally:
        offers.unregister("test.step")


def test_sources_invite_everybody_to_say_something(client):
    step = benefits.published_step()
    fake = benefits.FakeSource("test.invites")
    source = anchors.AnchorSource(
        "test.invites",
        "Reclamos",
        fake.counts,
        fake.items,
        invite=lambda step, territory: anchors.Invitation("Reclame o sugiera", f"/reclamar/?paso={step.pk}"),
    )
    anchors.register(source)
    try:
        assert f'href="/reclamar/?paso={step.pk}"' in page(client.get(step.get_absolute_url()))
    finally:
        anchors.unregister("test.invites")


def test_what_is_measured_at_a_step_is_asked_of_the_indicators_of_steps(client):
    step, here = benefits.published_step(), MunicipalityFactory()

    def measure(*, territories, period, audience, subject=None):
        assert (territories, audience, subject) == ([here], "public", step)
        return [
            Measurement(
                here.pk, 81.5, 22, 27, None, None, False, period, benefits.NOW, Source("test.Wait", "prueba"), "1"
            )
        ]

    registry.register(
        Indicator("test.step", "Dentro del plazo", "%", 1, measure, subject_types=("benefits_core.step",))
    )
    try:
        assert "Escriba arriba una municipalidad" in page(client.get(step.get_absolute_url()))
        text = page(client.get(step.get_absolute_url(), {"municipalidad": here.slug}))
        assert "<b>82 %</b> (22 de 27)" in text
    finally:
        registry.unregister("test.step")
    assert "<b>82 %</b>" not in page(client.get(step.get_absolute_url(), {"municipalidad": here.slug}))


def test_a_step_of_an_old_version_leads_to_what_took_its_place(client, anchor_source):
    old = benefits.published_version()
    new = benefits.published(benefits.draft_version(of=old.procedure, steps=("pedir", "mirar")))
    gone = old.steps.get(key="revisar")
    assert "La última versión no tiene este paso." in page(client.get(gone.get_absolute_url()))

    target = ProcedureVersion.objects.get(pk=new.pk).steps.select_related("version__procedure").get(key="mirar")
    mappings.map_step(step=gone, version=new, to_step=target, by=UserFactory(), at=benefits.NOW)
    anchor_source.pin(gone, times=8)

    assert target.get_absolute_url() in page(client.get(gone.get_absolute_url()))
    assert "<b>8</b>" in page(client.get(target.get_absolute_url()))


def test_the_places_where_a_step_is_done_are_the_municipality_s(client):
    terms = benefits.draft_terms()
    point = ServicePointFactory(territory=terms.territory, name="Oficina Centro", address="Calle 1")
    closed = ServicePointFactory(territory=terms.territory, name="Oficina cerrada", is_active=False)
    terms.service_points.set([point, closed])
    proposed = benefits.terms.propose_terms(terms=terms, by=UserFactory(), at=benefits.NOW)
    benefits.terms.publish_terms(
        terms=proposed, starts_on=benefits.TODAY, revision=proposed.revision, by=UserFactory(), at=benefits.NOW
    )

    text = page(client.get(terms.procedure.get_absolute_url(), {"municipalidad": terms.territory.slug}))

    assert "Oficina Centro, Calle 1" in text
    assert "Oficina cerrada" not in text
