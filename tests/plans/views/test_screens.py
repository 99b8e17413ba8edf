"""The screens of the plan: who sees what, what they say, what they cost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from plans import documents
from plans.domain import execution, plans
from plans.enums import ActionState, PlanState
from plans.models import Action, ImprovementPlan
from portal.foundation.offers.registry import offers_for
from portal.foundation.people.roles import Role
from quality.enums import Series
from quality.models import LevelRecord
from tests.factories import plans as factory
from tests.factories.cycles import CycleFactory, ParticipationFactory
from tests.factories.people import sign_in, user_with_role
from tests.factories.territories import CountryFactory, MunicipalityFactory
from tests.foundation.files import samples
from tests.plans.views.clients import signed_in

pytestmark = pytest.mark.django_db
AT = factory.NOW + timedelta(hours=5)


def line_data(plan: ImprovementPlan, **changes: Any) -> dict[str, Any]:
    """What a person posts for a complete line."""
    owner = factory.member(plan.municipality)
    return {
        "title": "Sala con turnos",
        "kind": "prioritized",
        "problem": "Las personas esperan de pie.",
        "why_1": "No hay sillas",
        "root_cause": "Nadie responde por la sala.",
        "improvement": "Instalar un tótem.",
        "pertinence": "3",
        "pertinence_reason": "Lo piden.",
        "incidence": "2",
        "incidence_reason": "Afecta a todos.",
        "feasibility": "3",
        "feasibility_reason": "Hay fondos.",
        "owner": owner.pk,
        "starts_on": "2026-05-01",
        "ends_on": "2026-10-30",
        "amount": "1500000",
        "indicator": "Minutos de espera",
        "baseline": "45 minutos",
        "goal": "20 minutos",
        "data_source": "Registro de turnos",
        "public_summary": "Usted esperará sentado.",
        "standard_1": factory.standard_of(plan).pk,
        "standard_1_target": "2",
        **changes,
    }


def test_the_team_opens_the_draft_of_its_municipality() -> None:
    municipality = factory.measured_municipality()
    client = signed_in(Role.TEAM_MEMBER, municipality)
    place = municipality.participations.get()

    shown = client.get(reverse("plans:start"))
    opened = client.post(reverse("plans:open", args=[place.pk]))

    plan = ImprovementPlan.objects.get()
    assert f"{municipality} todavía no tiene plan 2026" in shown.content.decode()
    assert opened.url == plan.get_absolute_url()


def test_the_start_page_lists_own_plans_only() -> None:
    own, other = factory.draft_plan(), factory.draft_plan()

    page = signed_in(Role.TEAM_MEMBER, own.municipality).get(reverse("plans:start")).content.decode()

    assert (own.municipality.name in page, other.municipality.name in page) == (True, False)


def test_the_country_s_list_filters_by_name_state_year_and_region() -> None:
    draft, signed = factory.draft_plan(), factory.plan_in_force()
    client = signed_in(Role.NATIONAL_TEAM, CountryFactory())

    def found(**query: Any) -> set[str]:
        page = client.get(reverse("plans:start"), query)
        return {plan.municipality.name for plan in page.context["plans"]}

    names = {draft.municipality.name, signed.municipality.name}
    assert found() == names
    assert found(state="in_force") == {signed.municipality.name}
    assert found(q=draft.municipality.name.upper()) >= {draft.municipality.name}
    assert found(region=signed.municipality.region_id) == {signed.municipality.name}
    assert found(year="2026") == names
    assert found(state="no existe", year="x") == names


def test_the_list_costs_the_same_with_one_plan_and_with_three(constant_queries: Callable[..., int]) -> None:
    client = signed_in(Role.NATIONAL_TEAM, CountryFactory())

    used = constant_queries(client, reverse("plans:start"), factory.plan_in_force)

    assert used <= 15


def test_the_plan_s_page_costs_the_same_with_one_line_and_with_three(constant_queries: Callable[..., int]) -> None:
    plan = factory.draft_plan()
    client = signed_in(Role.COORDINATOR, plan.municipality)

    used = constant_queries(client, plan.get_absolute_url(), lambda: factory.add_line(plan))

    assert used <= 32


def test_the_line_s_page_costs_the_same_with_one_piece_of_evidence_and_with_three(
    constant_queries: Callable[..., int],
) -> None:
    line = execution.start_action(
        action=factory.plan_in_force().actions.get(), by=factory.member(MunicipalityFactory()), at=AT
    )
    client = signed_in(Role.TEAM_MEMBER, line.plan.municipality)

    constant_queries(client, line.get_absolute_url(), lambda: factory.add_evidence(line))


def test_a_line_is_written_through_its_form() -> None:
    plan = factory.draft_plan()
    client = signed_in(Role.TEAM_MEMBER, plan.municipality)
    gap = LevelRecord.objects.in_force().get(municipality=plan.municipality, standard__code="E01")
    address = reverse("plans:draw_from_gap", args=[gap.pk])

    drawn = client.get(address)
    form = client.get(drawn.url)
    saved = client.post(drawn.url, line_data(plan))

    line = Action.objects.get()
    assert form.context["form"].initial["standard_1"] == gap.standard_id
    assert saved.url == line.get_absolute_url()
    assert (line.priority, line.amount, line.whys) == (18, 1500000, ["No hay sillas"])
    assert [(source.kind, source.reference) for source in line.sources.all()] == [("quality.gap", str(gap.pk))]
    assert "Sala con turnos" in client.get(saved.url).content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"pertinence": ""}, "pertinence"),
        ({"incidence_reason": " "}, "incidence_reason"),
        ({"standard_1": ""}, "standard_1"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "10,5"}, "amount"),
        ({"ends_on": "2026-04-01"}, "ends_on"),
        ({"problem": "a" * 100_000}, "problem"),
        ({"title": "a\x00b"}, "title"),
        ({"indicator": ""}, "indicator"),
        ({"depends_on_national": "on"}, "dependency"),
        ({"owner": "999999"}, "owner"),
        ({"standard_1": "999999"}, "standard_1"),
    ],
)
def test_a_line_that_is_not_right_is_not_written(changes: dict[str, str], field: str) -> None:
    plan = factory.draft_plan()
    client = signed_in(Role.TEAM_MEMBER, plan.municipality)

    answer = client.post(reverse("plans:action_add", args=[plan.pk]), line_data(plan, **changes))

    assert (answer.status_code, field in answer.context["form"].errors) == (200, True)
    assert Action.objects.count() == 0


def test_a_person_of_another_municipality_is_not_put_in_charge() -> None:
    plan = factory.draft_plan()
    client = signed_in(Role.TEAM_MEMBER, plan.municipality)
    stranger = factory.member(MunicipalityFactory())

    answer = client.post(reverse("plans:action_add", args=[plan.pk]), line_data(plan, owner=stranger.pk))

    assert "owner" in answer.context["form"].errors
    assert Action.objects.count() == 0


def test_another_municipality_s_gap_is_not_found() -> None:
    plan, other = factory.draft_plan(), factory.draft_plan()
    client = signed_in(Role.TEAM_MEMBER, plan.municipality)
    gap = LevelRecord.objects.in_force().filter(municipality=other.municipality).first()

    drawn = client.get(reverse("plans:draw_from_gap", args=[gap.pk]))
    added = client.get(f"{reverse('plans:action_add', args=[plan.pk])}?kind=quality.gap&reference={gap.pk}")

    assert (drawn.status_code, added.status_code) == (404, 404)


def test_two_members_who_edit_the_same_line_lose_nothing() -> None:
    plan = factory.draft_plan()
    line = factory.add_line(plan)
    address = reverse("plans:action_edit", args=[line.pk])
    first, second = (signed_in(Role.TEAM_MEMBER, plan.municipality) for _ in range(2))
    seen = str(line.revision)

    first.post(address, line_data(plan, title="Del primero", revision=seen))
    conflict = second.post(address, line_data(plan, title="Del segundo", revision=seen))
    after_conflict = Action.objects.get().title
    again = second.post(
        address, line_data(plan, title="De ambos", revision=conflict.context["form"]["revision"].value())
    )

    page = conflict.content.decode()
    assert (conflict.status_code, "Del primero" in page, "Del segundo" in page) == (409, True, True)
    assert (after_conflict, again.status_code, Action.objects.get().title) == ("Del primero", 302, "De ambos")


def test_a_target_that_improves_nothing_is_said_beside_its_field() -> None:
    plan = factory.draft_plan()
    client = signed_in(Role.TEAM_MEMBER, plan.municipality)
    standard = factory.standard_of(plan)

    answer = client.post(
        reverse("plans:action_add", args=[plan.pk]), line_data(plan, standard_1=standard.pk, standard_1_target=1)
    )

    assert list(answer.context["form"].errors) == ["standard_1_target"]
    assert "Sala con turnos" in answer.content.decode()


def test_the_lines_to_bring_are_named_and_not_offered_again_once_all_are_here() -> None:
    plan = factory.plan_in_force(lines=2)
    first, second = plan.actions.all()
    cycle = ParticipationFactory(municipality=plan.municipality, cycle=CycleFactory(year=2027)).cycle
    with time_machine.travel(datetime(2027, 4, 10, 18, tzinfo=UTC), tick=True):
        following = factory.draft_plan(municipality=plan.municipality, cycle=cycle, at=timezone.now())
        client = signed_in(Role.COORDINATOR, plan.municipality)
        address = reverse("plans:carry_over", args=[following.pk, plan.pk])

        page = client.get(address).content.decode()
        client.post(address, {"lines": [first.pk]})
        half = client.get(address).content.decode()
        done = client.post(address, {"lines": [second.pk]}, follow=True).content.decode()

        assert ("Mejora 1" in page, "E01: hoy nivel 1, meta 2" in page, "Mejora 2" in page) == (True, True, True)
        assert ("Mejora 1" in half, "Mejora 2" in half) == (False, True)
        assert address not in done
        assert client.get(address).url == following.get_absolute_url()


def test_what_was_typed_stays_when_the_plan_is_proposed_meanwhile() -> None:
    plan = factory.draft_plan()
    line = factory.add_line(plan)
    client = signed_in(Role.TEAM_MEMBER, plan.municipality)
    plans.propose_plan(
        plan=plan, no_comment_reason=factory.HASTE, by=user_with_role(Role.COORDINATOR, plan.municipality), at=AT
    )

    answer = client.post(
        reverse("plans:action_edit", args=[line.pk]), line_data(plan, title="Tardía", revision=line.revision)
    )

    page = answer.content.decode()
    assert ("El plan fue propuesto" in page, "Tardía" in page) == (True, True)
    assert Action.objects.get().title == line.title


def test_the_report_on_paper_is_a_draft_until_it_is_sent_and_says_levels_in_words() -> None:
    plan = factory.plan_in_force()
    factory.finished_action(plan.actions.get())

    drafted = documents.execution_data(plan, "es")
    name = documents.EXECUTION.file_name(plan)

    [row] = drafted["sections"][0]["table"]["rows"]
    assert drafted["title"] == "BORRADOR del informe de ejecución"
    assert name.startswith("borrador-ejecucion-")
    assert (row[3], row[4]) == (
        "0 antes, 0 durante, 1 después",
        "E01: nivel 1 antes, meta 2, todavía sin verificar",
    )


def test_what_turns_out_to_be_needed_is_not_called_optional() -> None:
    plan = factory.draft_plan()

    page = signed_in(Role.TEAM_MEMBER, plan.municipality).get(reverse("plans:action_add", args=[plan.pk]))

    text = page.content.decode()
    assert "(necesario si no elige ninguno de la lista)" in text
    assert "(necesario si depende del nivel nacional)" in text


def test_the_whole_turn_of_a_plan_through_its_screens() -> None:
    plan = factory.draft_plan()
    factory.add_line(plan)
    line = plan.actions.get()
    place = plan.municipality
    team, lead = signed_in(Role.TEAM_MEMBER, place), signed_in(Role.COORDINATOR, place)
    dideco, region = signed_in(Role.DIDECO, place), signed_in(Role.REGIONAL_TEAM, place.region)
    standard = line.standards.get().standard_id

    def post(client: Client, screen: str, pk: int, /, **data: Any) -> None:
        address = reverse(f"plans:{screen}", args=[pk])
        assert client.get(address).status_code == 200
        answer = client.post(address, data)
        assert answer.status_code == 302, answer.context["form"].errors

    post(team, "summary", plan.pk, summary="Atender mejor")
    post(team, "milestone_add", line.pk, name="Comprar", due_on="2026-06-01")
    post(lead, "propose", plan.pk, no_comment_reason="Vence la subvención")
    post(dideco, "return", plan.pk, remarks="Falta el costo")
    post(lead, "propose", plan.pk, no_comment_reason="Vence la subvención")
    plan.refresh_from_db()
    for client, role in ((lead, "coordinator"), (dideco, "dideco")):
        post(client, "sign", plan.pk, role=role, content_hash=plan.content_hash, agree="on")
    post(team, "action_start", line.pk)
    post(team, "milestone_reach", line.milestones.get().pk, reached_on="2026-04-10")
    post(team, "action_progress", line.pk, progress="60", note="Se compró")
    evidence = SimpleUploadedFile("acta.pdf", samples.pdf(), "application/pdf")
    answer = team.post(
        reverse("plans:evidence_add", args=[line.pk]),
        {"moment": "after", "file": evidence, "dated_on": "2026-04-10", "description": "Foto"},
    )
    assert answer.status_code == 302
    post(team, "action_finish", line.pk, lesson="Avisar antes", spent="1000", **{f"level_{standard}": "2"})
    post(region, "action_verify", line.pk, accepted="no", remarks="Falta la foto")
    post(team, "action_start", line.pk)
    post(team, "action_finish", line.pk, lesson="Avisar antes", **{f"level_{standard}": "2"})
    post(region, "action_verify", line.pk, accepted="yes", **{f"level_{standard}": "2"})
    post(team, "action_effect", line.pk, effect="La espera bajó")
    post(lead, "report_submit", plan.pk, achievements="Se hizo")
    post(lead, "publication_add", plan.pk, kind="website", url="https://example.cl/cuenta", published_on="2026-04-10")
    post(lead, "close", plan.pk)

    plan.refresh_from_db()
    line.refresh_from_db()
    verified = LevelRecord.objects.in_force().get(series=Series.VERIFIED)
    assert (plan.state, line.state, verified.level) == (PlanState.CLOSED, ActionState.VERIFIED, 2)
    assert place.participations.get().closed_at is not None
    for name in ("plan", "report", "comments"):
        assert lead.get(reverse(f"plans:{name}", args=[plan.pk])).status_code == 200
    assert lead.get(line.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("content", [samples.EXE, samples.pdf(samples.pdf_with_script), b""])
def test_a_file_that_is_not_what_it_says_is_refused(content: bytes) -> None:
    line = execution.start_action(
        action=factory.plan_in_force().actions.get(), by=factory.member(MunicipalityFactory()), at=AT
    )
    client = signed_in(Role.TEAM_MEMBER, line.plan.municipality)

    answer = client.post(
        reverse("plans:evidence_add", args=[line.pk]),
        {
            "moment": "after",
            "file": SimpleUploadedFile("acta.pdf", content, "application/pdf"),
            "dated_on": "2026-04-10",
            "description": "Acta",
        },
    )

    assert "file" in answer.context["form"].errors
    assert line.evidence.count() == 0


def test_a_line_is_offered_on_a_gap_to_the_municipality_s_own_team() -> None:
    plan = factory.draft_plan()
    gap = LevelRecord.objects.in_force().filter(municipality=plan.municipality).first()
    team = factory.member(plan.municipality)
    others = [factory.member(MunicipalityFactory()), user_with_role(Role.REGIONAL_TEAM, plan.municipality.region)]

    offered = offers_for("quality.gap", gap, team)

    assert [(str(offer.label), offer.url) for offer in offered] == [
        ("Crear una mejora del plan desde esta brecha", reverse("plans:draw_from_gap", args=[gap.pk]))
    ]
    assert [offers_for("quality.gap", gap, user) for user in others] == [[], []]


def test_the_year_is_not_closed_and_says_what_is_missing() -> None:
    plan = factory.plan_in_force()
    client = signed_in(Role.COORDINATOR, plan.municipality)

    page = client.post(reverse("plans:close", args=[plan.pk])).content.decode()

    line = plan.actions.get()
    assert [
        text
        for text in ("Registre dónde se publicó", "Envíe el informe de ejecución", f"Termine la mejora {line}")
        if text not in page
    ] == []
    plan.refresh_from_db()
    assert plan.state == PlanState.IN_FORCE


def test_a_new_version_and_giving_it_up() -> None:
    plan = factory.plan_in_force()
    client = signed_in(Role.COORDINATOR, plan.municipality)

    made = client.post(reverse("plans:amend", args=[plan.pk]), {"reason": "Cambia el costo"})
    version = ImprovementPlan.objects.get(number=2)
    client.post(reverse("plans:discard", args=[version.pk]))

    version.refresh_from_db()
    assert (made.url, version.state) == (version.get_absolute_url(), PlanState.DISCARDED)


def test_what_the_national_level_has_to_mend_is_shown_to_it() -> None:
    plan = factory.draft_plan()
    factory.add_line(plan, depends_on_national=True, dependency="La plataforma se cae")
    factory.add_line(plan, title="Otra cosa")

    page = signed_in(Role.NATIONAL_TEAM, CountryFactory()).get(reverse("plans:escalated")).content.decode()

    assert ("La plataforma se cae" in page, "Otra cosa" in page) == (True, False)


def test_an_amount_is_read_and_shown_as_chile_writes_it() -> None:
    plan = factory.draft_plan()
    client = signed_in(Role.TEAM_MEMBER, plan.municipality)
    client.post(reverse("plans:action_add", args=[plan.pk]), line_data(plan, amount="1.500.000"))
    line = plan.actions.get()
    address = reverse("plans:action_edit", args=[line.pk])

    shown = client.get(address).context["form"]["amount"].subwidgets[0].data["value"]
    kept = client.post(address, line_data(plan, amount=shown, revision=line.revision, goal="10 minutos"))

    line.refresh_from_db()
    assert (kept.status_code, shown, line.amount, line.goal) == (302, "1.500.000", 1_500_000, "10 minutos")
    resources = client.get(line.get_absolute_url()).text.split("Recursos</dt>")[1].split("</dd>")[0]
    assert resources.split(">", 1)[1].startswith("1.500.000 pesos chilenos")
    assert "1.500.000 pesos chilenos" in client.get(line.get_absolute_url()).content.decode()


def test_a_gap_without_a_draft_says_what_to_do_first() -> None:
    gap = LevelRecord.objects.in_force().filter(municipality=factory.measured_municipality()).first()
    client = signed_in(Role.TEAM_MEMBER, gap.municipality)

    page = client.get(reverse("plans:draw_from_gap", args=[gap.pk]), follow=True).content.decode()

    assert "Primero abra el borrador del plan." in page
    assert "Cambie los filtros" not in page


def test_a_level_left_out_is_asked_for_in_plain_words() -> None:
    line = factory.plan_in_force().actions.get()
    execution.start_action(action=line, by=line.owner, at=AT)
    client = sign_in(Client(), line.owner)

    page = client.post(reverse("plans:action_finish", args=[line.pk]), {"lesson": ""})

    errors = page.context["form"].errors
    assert [errors[name] for name in errors if name.startswith("level_")] == [["Elija una opción."]]
