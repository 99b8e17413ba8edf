"""Procedures in a browser without scripts: written, checked, published by another, read by anybody on a telephone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from benefits_core import anchors
from benefits_core.enums import LinkKind, VersionState
from benefits_core.models import ProcedureVersion
from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from tests.factories import benefits
from tests.factories.people import UserFactory, user_with_role
from tests.factories.territories import CountryFactory, MunicipalityFactory, ServicePointFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE, DESK = 360, 1280
TEXTS = ("summary", "audience", "result", "cost", "legal_source")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.click()


def fill_both(page: Page, name: str, spanish: str, english: str) -> None:
    page.locator(f"#id_{name}_es").fill(spanish)
    page.locator(f"#id_{name}_en").fill(english)


def national(name: str) -> User:
    return user_with_role(Role.NATIONAL_TEAM, CountryFactory(), user=UserFactory(name=name))


def add_step(page: Page, name: str, actor: str, days: str = "") -> None:
    follow(page, "Agregar un paso")
    fill_both(page, "name", name, f"{name} (en)")
    fill_both(page, "what", "Se hace esto.", "This is done.")
    page.locator(f"input[name=actor][value={actor}]").check(force=True)
    if days:
        page.locator("#id_term_amount").fill(days)
        page.locator("input[name=term_unit][value=working_days]").check(force=True)
    press(page, "Agregar el paso")


def test_a_procedure_is_written_and_published_by_another_without_scripts(
    new_page: Callable[..., Page], sign_in_browser: Callable[[Page, User], None]
) -> None:
    writer = new_page(PHONE, javascript=False)
    sign_in_browser(writer, national("Ana Escribe"))
    writer.goto("/gestion/tramites/")
    follow(writer, "Nuevo trámite")
    writer.get_by_label("Nombre en español").fill("Ingresar al registro")
    writer.get_by_label("Nombre en inglés").fill("Join the registry")
    writer.get_by_label("Nombre corto para direcciones").fill("ingreso")
    press(writer, "Crear el borrador")

    add_step(writer, "Pedir el ingreso", "applicant")
    add_step(writer, "Revisar", "municipality")
    follow(writer, "Ver la revisión")
    expect(writer.get_by_text("Falta el plazo comprometido: este paso lo hace una institución.")).to_be_visible()
    follow(writer, "Falta el plazo comprometido")
    writer.locator("#id_term_amount").fill("5")
    writer.locator("input[name=term_unit][value=working_days]").check(force=True)
    press(writer, "Guardar")
    add_step(writer, "Responder", "municipality", "3")
    follow(writer, "Cambiar los textos")
    for name in TEXTS:
        fill_both(writer, name, "Sirve para eso.", "It is for that.")
    press(writer, "Guardar")

    draft = ProcedureVersion.objects.get()
    writer.goto(reverse("benefits_core:step_link", args=[draft.steps.get(key="revisar").pk]))
    writer.get_by_label("El paso que sigue").select_option(label="1. Pedir el ingreso")
    writer.locator(f"input[name=kind][value={LinkKind.ALTERNATIVE}]").check(force=True)
    fill_both(writer, "condition", "Si falta un documento", "If a document is missing")
    press(writer, "Agregar")
    writer.goto(draft.get_absolute_url())
    expect(writer.get_by_text("La revisión no encuentra nada que impida publicar.")).to_be_visible()

    publisher = new_page(PHONE, javascript=False)
    sign_in_browser(publisher, national("Eva Publica"))
    publisher.goto(draft.get_absolute_url())
    follow(publisher, "Leer y publicar")
    press(publisher, "Publicar")
    expect(publisher.get_by_text("La versión está publicada.")).to_be_visible()

    draft.refresh_from_db()
    assert draft.state == VersionState.PUBLISHED
    visitor = new_page(PHONE, javascript=False)
    visitor.goto("/tramites/")
    follow(visitor, "Ingresar al registro")
    expect(visitor.get_by_text("Si falta un documento")).to_be_visible()
    follow(visitor, "Revisar")
    expect(visitor.get_by_text("5 días hábiles")).to_be_visible()


def test_a_neighbor_reads_the_terms_of_the_own_municipality_without_scripts(new_page: Callable[..., Page]) -> None:
    terms = benefits.terms_in_force()
    page = new_page(PHONE, javascript=False)

    page.goto("/tramites/")
    page.get_by_label("Su municipalidad").fill(terms.territory.name)
    press(page, "Buscar")
    follow(page, str(terms.procedure))
    expect(page.get_by_text("2 días hábiles")).to_be_visible()
    follow(page, "Todas las versiones")
    follow(page, "Versión 1")

    expect(page.get_by_text("2 días hábiles")).to_be_visible()


def test_a_former_step_is_placed_without_scripts(
    new_page: Callable[..., Page], sign_in_browser: Callable[[Page, User], None], pinned: benefits.FakeSource
) -> None:
    old = benefits.published_version()
    pinned.pin(old.steps.get(key="revisar"), times=7)
    new = benefits.published(benefits.draft_version(of=old.procedure, steps=("pedir", "mirar")))
    page = new_page(PHONE, javascript=False)
    sign_in_browser(page, national("Ana"))

    page.goto(reverse("benefits_core:manage_procedure", args=[old.procedure.key]))
    follow(page, "Decida qué son ahora")
    follow(page, "Diga qué es ahora")
    page.get_by_label("2. Mirar").check(force=True)
    press(page, "Registrar la decisión")
    expect(page.get_by_text("Ahora es «2. Mirar».")).to_be_visible()

    page.goto(new.steps.get(key="mirar").get_absolute_url())
    expect(page.locator(".mj-changes b")).to_have_text("7")


@pytest.fixture
def pinned(monkeypatch: pytest.MonkeyPatch) -> benefits.FakeSource:
    """Something pinned to steps, and nothing else."""
    monkeypatch.setattr(anchors, "_SOURCES", {})
    fake = benefits.FakeSource()
    anchors.register(fake.source)
    return fake


def public_pages() -> list[str]:
    terms = benefits.terms_in_force()
    old = terms.procedure.versions.get()
    new = benefits.published(benefits.draft_version(of=old.procedure, steps=("pedir", "mirar")))
    query = f"?municipalidad={terms.territory.slug}"
    return [
        "/tramites/",
        "/en/tramites/",
        "/tramites/?q=nada-de-nada",
        f"/tramites/{query}",
        "/tramites/?municipalidad=comuna",
        new.procedure.get_absolute_url() + query,
        old.get_public_url(),
        f"{new.get_public_url()}cambios/",
        f"{new.procedure.get_absolute_url()}versiones/",
        new.steps.get(key="mirar").get_absolute_url() + query,
        old.steps.get(key="revisar").get_absolute_url(),
    ]


def test_every_public_page_is_light_accessible_and_fits(
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    budget: Callable[..., Any],
    assert_no_horizontal_scroll: Callable[..., None],
    assert_large_targets: Callable[[Page], None],
    pinned: benefits.FakeSource,
) -> None:
    for address in public_pages():
        budget(new_page(PHONE), address)
        for width in (PHONE, DESK):
            page = new_page(width)
            page.goto(address)
            axe(page)
            assert_no_horizontal_scroll(page)
        assert_large_targets(page)


def test_every_staff_page_is_accessible_and_fits(
    new_page: Callable[..., Page],
    viewport_width: int,
    sign_in_browser: Callable[[Page, User], None],
    axe: Callable[[Page], None],
    assert_no_horizontal_scroll: Callable[..., None],
    pinned: benefits.FakeSource,
) -> None:
    old = benefits.published_version()
    orphan = old.steps.get(key="revisar")
    pinned.pin(orphan, times=7)
    new = benefits.published(benefits.draft_version(of=old.procedure, steps=("pedir", "mirar")))
    draft = benefits.draft_version(of=old.procedure, steps=("pedir", "mirar", "avisar"))
    here = MunicipalityFactory()
    ServicePointFactory(territory=here)
    terms, waiting = benefits.draft_terms(territory=here), benefits.proposed_terms(territory=here)
    step, link = draft.steps.first(), draft.links.first()
    benefits.published(benefits.draft_version(), starts_on=date(2999, 1, 1))

    def at(name: str, *arguments: Any) -> str:
        return reverse(f"benefits_core:{name}", args=arguments)

    screens = {
        national("Ana"): [
            at("manage"),
            at("procedure_create"),
            at("procedure_import"),
            at("manage_procedure", old.procedure.key),
            at("version", draft.pk),
            at("version_edit", draft.pk),
            at("version_check", draft.pk),
            at("version_publish", draft.pk),
            at("version_compare", draft.pk),
            at("step_add", draft.pk),
            at("step_edit", step.pk),
            at("step_link", step.pk),
            at("link_remove", link.pk),
            at("orphans", new.pk),
            at("orphan_map", new.pk, orphan.pk),
            new.steps.first().get_absolute_url(),
        ],
        user_with_role(Role.TEAM_MEMBER, here): [at("terms", terms.pk), at("terms_edit", terms.pk)],
        user_with_role(Role.DIDECO, here): [at("terms_list"), at("terms", waiting.pk), at("terms_publish", waiting.pk)],
    }
    for user, addresses in screens.items():
        page = new_page(viewport_width)
        sign_in_browser(page, user)
        for address in addresses:
            page.goto(address)
            axe(page)
            assert_no_horizontal_scroll(page)
