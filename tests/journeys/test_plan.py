"""The improvement plan in a browser without scripts: drawn from a gap, proposed, signed twice, carried out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from plans.enums import PlanState
from plans.models import Action, ImprovementPlan, PlanComment
from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from tests.factories import plans as factory
from tests.factories.people import user_with_role
from tests.factories.territories import CountryFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = 360
TEXTS = {
    "El cambio en pocas palabras": "Sala de espera con turnos",
    "El problema en una frase": "Las personas esperan de pie.",
    "¿Por qué pasa?": "No hay sistema de turnos",
    "Causa de fondo": "Nadie responde por la sala.",
    "Qué se hará": "Instalar un tótem de turnos.",
    "Otro indicador": "Minutos de espera",
    "Línea base": "45 minutos",
    "De dónde vienen los datos": "Registro de turnos",
    "Resumen para la ciudadanía": "Usted esperará sentado.",
}


@pytest.fixture
def walk(new_page: Callable[..., Page], sign_in_browser: Callable[[Page, User], None]) -> Callable[[User], Page]:
    """``walk(user)``: a phone without scripts on which ``user`` is signed in."""

    def start(user: User) -> Page:
        page = new_page(PHONE, javascript=False)
        sign_in_browser(page, user)
        return page

    return start


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.click()


def test_a_plan_is_written_and_signed_without_scripts(walk: Callable[[User], Page]) -> None:
    municipality = factory.measured_municipality()
    team, lead, dideco = (
        user_with_role(role, municipality) for role in (Role.TEAM_MEMBER, Role.COORDINATOR, Role.DIDECO)
    )

    page = walk(team)
    page.goto("/plan/")
    press(page, "Abrir el borrador")
    follow(page, "Agregar una mejora")
    follow(page, "E01")
    for label, text in TEXTS.items():
        page.get_by_label(label).first.fill(text)
    for name in ("pertinence", "incidence", "feasibility"):
        page.locator(f"input[name={name}][value='3']").check(force=True)
        page.locator(f"#id_{name}_reason").fill("Porque sí importa.")
    page.locator("#id_goal").fill("20 minutos")
    for name, (day, month) in {"starts_on": (1, 5), "ends_on": (30, 10)}.items():
        for box, value in enumerate((day, month, 2026)):
            page.locator(f"#id_{name}_{box}").fill(str(value))
    press(page, "Agregar la mejora")
    expect(page.get_by_text("La mejora quedó agregada.")).to_be_visible()

    page = walk(lead)
    page.goto("/plan/")
    follow(page, municipality.name)
    follow(page, "Proponer el plan")
    press(page, "Proponer el plan")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    page.locator("#id_no_comment_reason").fill("La feria atrasó la consulta.")
    press(page, "Proponer el plan")
    for user in (lead, dideco):
        page = walk(user)
        page.goto(ImprovementPlan.objects.get().get_absolute_url())
        follow(page, "Leer y firmar")
        page.locator("input[name=role]").first.check(force=True)
        page.locator("#id_agree").check(force=True)
        press(page, "Firmar")
        expect(page.get_by_text("Su firma quedó registrada.")).to_be_visible()

    assert ImprovementPlan.objects.get().state == PlanState.IN_FORCE
    assert Action.objects.get().priority == 27


def test_a_neighbor_comments_the_draft_without_scripts(new_page: Callable[..., Page]) -> None:
    plan = factory.plan_open_to_comment(at=timezone.now())
    page = new_page(PHONE, javascript=False)

    page.goto(reverse("plans:comment", args=[plan.pk]))
    press(page, "Enviar el comentario")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    page.get_by_label("Su comentario", exact=True).fill("Falta una rampa")
    press(page, "Enviar el comentario")

    expect(page.get_by_role("heading", name="Recibimos su comentario")).to_be_visible()
    assert PlanComment.objects.get().text == "Falta una rampa"


def test_the_public_page_of_the_draft_is_light(new_page: Callable[..., Page], budget: Callable[..., Any]) -> None:
    plan = factory.plan_open_to_comment(at=timezone.now())

    budget(new_page(PHONE), reverse("plans:comment", args=[plan.pk]))


def screens() -> dict[str, tuple[User | None, list[str]]]:
    """Addresses to look at, by who opens them."""
    signed = factory.plan_in_force(lines=2)
    done, running = signed.actions.all()
    factory.finished_action(done)
    draft = factory.plan_open_to_comment(at=timezone.now() - timedelta(minutes=5))
    factory.milestone_of(draft.actions.get())
    factory.comment_on(draft, at=timezone.now())
    waiting = factory.proposed_plan()

    def at(name: str, *arguments: int) -> str:
        return reverse(f"plans:{name}", args=arguments)

    line = draft.actions.get().pk
    verified = factory.verified_action(factory.plan_in_force().actions.get())
    return {
        "visitor": (None, [at("comment", draft.pk), at("comment_sent", draft.pk)]),
        "draft": (
            user_with_role(Role.COORDINATOR, draft.municipality),
            [
                at("start"),
                at("plan", draft.pk),
                at("comments", draft.pk),
                at("comments_open", draft.pk),
                at("sources", draft.pk),
                at("action_add", draft.pk),
                at("action", line),
                at("action_edit", line),
                at("milestone_add", line),
                at("evidence_add", line),
                at("comment_hide", draft.comments.get().pk),
            ],
        ),
        "signing": (
            user_with_role(Role.DIDECO, waiting.municipality),
            [at("plan", waiting.pk), at("sign", waiting.pk)],
        ),
        "force": (
            user_with_role(Role.COORDINATOR, signed.municipality),
            [
                at("plan", signed.pk),
                at("action", running.pk),
                at("action_finish", running.pk),
                at("report", signed.pk),
                at("publication_add", signed.pk),
                at("close", signed.pk),
            ],
        ),
        "region": (
            user_with_role(Role.REGIONAL_TEAM, signed.municipality.region),
            [at("action", done.pk), at("action_verify", done.pk)],
        ),
        "verified": (
            user_with_role(Role.COORDINATOR, verified.plan.municipality),
            [at("plan", verified.plan_id), at("report", verified.plan_id)],
        ),
        "country": (user_with_role(Role.NATIONAL_TEAM, CountryFactory()), [at("start"), at("escalated")]),
    }


def test_every_screen_is_accessible_and_fits(
    new_page: Callable[..., Page],
    viewport_width: int,
    sign_in_browser: Callable[[Page, User], None],
    axe: Callable[[Page], None],
    assert_no_horizontal_scroll: Callable[..., None],
) -> None:
    for user, addresses in screens().values():
        page = new_page(viewport_width)
        if user is not None:
            sign_in_browser(page, user)
        for address in addresses:
            page.goto(address)
            axe(page)
            assert_no_horizontal_scroll(page)
