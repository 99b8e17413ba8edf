"""The screens of a municipality's own terms, from the procedure's page to the public one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benefits_core.enums import TermsState, TermUnit
from benefits_core.models import MunicipalTerms
from portal.foundation.people.roles import Role
from tests.factories import benefits
from tests.factories.people import sign_in, user_with_role
from tests.factories.territories import MunicipalityFactory, ServicePointFactory

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"benefits_core:{name}", args=args)


def signed_in(role, territory):
    return sign_in(Client(), user_with_role(role, territory))


def page(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def test_a_team_writes_the_coordinator_proposes_and_the_dideco_publishes():
    version = benefits.published_version()
    here = MunicipalityFactory()
    point = ServicePointFactory(territory=here, name="Oficina Centro")
    team, coordinator, dideco = (signed_in(role, here) for role in (Role.TEAM_MEMBER, Role.COORDINATOR, Role.DIDECO))
    manage = url("manage_procedure", version.procedure.key)
    assert f"{here} sigue los plazos nacionales." in page(team.get(manage))

    team.post(url("terms_open", version.procedure.key, here.pk))
    terms = MunicipalTerms.objects.get()
    form = page(team.get(url("terms_edit", terms.pk)))
    assert "El plazo nacional es de 5 días hábiles." in form
    data = {
        "term_revisar": "2",
        "unit_revisar": TermUnit.WORKING_DAYS,
        "unit_pedir": TermUnit.MINUTES,
        "unit_responder": TermUnit.MINUTES,
        "service_points": [str(point.pk)],
        "note_es": "Con hora.",
        "note_en": "By appointment.",
        "revision": str(terms.revision),
    }
    team.post(url("terms_edit", terms.pk), data)
    assert team.get(url("terms_propose", terms.pk)).status_code == 403
    coordinator.post(url("terms_propose", terms.pk))
    shown = page(dideco.get(terms.get_absolute_url()))
    assert "<strong>2 días hábiles</strong>" in shown
    terms.refresh_from_db()
    dideco.post(
        url("terms_publish", terms.pk),
        {"starts_on": timezone.localdate().isoformat(), "revision": str(terms.revision)},
    )

    terms.refresh_from_db()
    assert terms.state == TermsState.PUBLISHED
    public = page(Client().get(version.procedure.get_absolute_url(), {"municipalidad": here.slug}))
    assert "Oficina Centro" in public
    assert "Con hora." in public


def test_an_impossible_term_is_said_beside_its_step_and_keeps_the_rest():
    terms = benefits.draft_terms()
    team = signed_in(Role.TEAM_MEMBER, terms.territory)

    text = page(
        team.post(
            url("terms_edit", terms.pk),
            {"term_revisar": "999", "unit_revisar": "minutes", "note_es": "Con hora", "revision": "2"},
        )
    )

    assert "El plazo es un número entero entre 1 y 480." in text
    assert "Con hora" in text


def test_what_another_saved_meanwhile_is_shown_beside_the_own():
    terms = benefits.draft_terms()
    team = signed_in(Role.TEAM_MEMBER, terms.territory)
    data = {"term_revisar": "3", "unit_revisar": "working_days", "revision": str(terms.revision)}
    team.post(url("terms_edit", terms.pk), data)

    text = page(team.post(url("terms_edit", terms.pk), data | {"term_revisar": "4"}), 409)

    assert "guardó estos plazos mientras usted escribía" in text


def test_terms_are_returned_with_remarks_and_discarded():
    terms = benefits.proposed_terms()
    dideco, team = signed_in(Role.DIDECO, terms.territory), signed_in(Role.TEAM_MEMBER, terms.territory)

    dideco.post(url("terms_return", terms.pk), {"remarks": "Dos días es poco"})
    assert "Dos días es poco" in page(team.get(terms.get_absolute_url()))
    team.post(url("terms_discard", terms.pk))

    assert not MunicipalTerms.objects.exists()


def test_terms_in_force_are_ended():
    terms = benefits.terms_in_force()
    tomorrow = timezone.localdate() + timedelta(days=1)

    signed_in(Role.DIDECO, terms.territory).post(url("terms_end", terms.pk), {"ends_on": tomorrow.isoformat()})

    terms.refresh_from_db()
    assert terms.ends_on == tomorrow


def test_what_waits_comes_first_and_others_are_not_seen():
    here = MunicipalityFactory(name="Aquí")
    benefits.terms_in_force(territory=here), benefits.proposed_terms(territory=here)
    benefits.proposed_terms(territory=MunicipalityFactory(name="Allá"))
    client = signed_in(Role.REGIONAL_TEAM, here.region)

    text = page(client.get(url("terms_list")))

    assert "Allá" not in text
    assert text.index("Propuestos</strong>") < text.index("Publicados</strong>")
    assert "No encontramos nada" in page(client.get(url("terms_list"), {"q": "nada"}))
    assert "Publicados</strong>" not in page(client.get(url("terms_list"), {"estado": "proposed"}))


def test_the_list_costs_the_same(constant_queries):
    here = MunicipalityFactory()
    client = signed_in(Role.REGIONAL_TEAM, here.region)

    assert constant_queries(client, url("terms_list"), lambda: benefits.draft_terms(territory=here)) <= 16


def test_an_empty_list_says_where_to_begin():
    assert "Ninguna municipalidad tiene aún plazos propios" in page(
        signed_in(Role.DIDECO, MunicipalityFactory()).get(url("terms_list"))
    )


def test_the_filtered_list_is_taken_away_with_the_national_term_beside_the_own(django_assert_max_num_queries):
    here = MunicipalityFactory(name="Aquí")
    terms = benefits.terms_in_force(territory=here)
    benefits.proposed_terms(territory=here)
    benefits.terms_in_force(territory=MunicipalityFactory(name="Allá"))
    client = signed_in(Role.DIDECO, here)

    with django_assert_max_num_queries(16):
        response = client.get(url("terms_csv"), {"estado": "published"})
        lines = b"".join(response.streaming_content).decode().splitlines()

    assert len(lines) == 2
    cells = lines[1].split(",")
    assert cells[0] == str(terms.procedure)
    assert cells[1:3] == ["Aquí", "Publicados"]
    assert cells[5:] == ["Revisar", "2", "Días hábiles", "5", "Días hábiles"]
    assert b"".join(client.get(url("terms_xlsx")).streaming_content).startswith(b"PK")
