"""One whole turn of the cycle on a phone without scripts, from the first answer to the citizen who reads the change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from plans.enums import ActionState
from plans.models import Action, ImprovementPlan
from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from quality.enums import Series
from quality.models import LevelRecord
from tests.factories.cycles import CycleFactory, ParticipationFactory
from tests.factories.pages import site_pages
from tests.factories.people import user_with_role
from tests.factories.quality import small_catalogue
from tests.foundation.files.samples import pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = 360
PATIENCE = 10_000  # milliseconds
LINE = {
    "title": "Sala de espera con turnos",
    "problem": "Las personas esperan de pie.",
    "why_1": "No hay sistema de turnos",
    "root_cause": "Nadie responde por la sala.",
    "improvement": "Instalar un tótem de turnos.",
    "pertinence_reason": "Es lo que más piden.",
    "incidence_reason": "Afecta a cada atención.",
    "feasibility_reason": "Hay presupuesto.",
    "indicator": "Minutos de espera",
    "baseline": "45 minutos",
    "goal": "20 minutos",
    "data_source": "Registro de turnos",
    "public_summary": "Usted sabrá su turno y esperará sentado.",
}


@dataclass
class People:
    """Everybody who takes part in the cycle; a citizen has no account."""

    team: User
    coordinator: User
    dideco: User
    region: User


class Phone:
    """A phone without scripts; the verbs are a person's."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(PATIENCE)

    def open(self, path: str) -> None:
        self.page.goto(path)

    def follow(self, name: str) -> None:
        self.page.locator("main a", has_text=name).first.click()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def write(self, texts: dict[str, str]) -> None:
        for name, text in texts.items():
            self.page.locator(f"#id_{name}").fill(text)

    def write_day(self, name: str, day: date) -> None:
        for box, value in enumerate((day.day, day.month, day.year)):
            self.page.locator(f"#id_{name}_{box}").fill(str(value))

    def choose(self, name: str, value: int | str) -> None:
        self.page.locator(f"input[name={name}][value='{value}']").check(force=True)

    def tick(self, name: str) -> None:
        self.page.locator(f"#id_{name}").check(force=True)

    def upload(self, name: str, title: str) -> None:
        self.page.locator(f"#id_{name}").set_input_files(
            {"name": title, "mimeType": "application/pdf", "buffer": pdf()}
        )

    def is_content(self) -> None:
        """No error is shown; where one is, it is named."""
        assert self.page.locator(".govuk-error-summary").all_inner_texts() == []

    def reads(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)


@pytest.fixture
def phone(
    new_page: Callable[..., Page], sign_in_browser: Callable[[Page, User], None]
) -> Callable[[User | None], Phone]:
    """``phone(user)``: signed in; ``phone(None)``: a passer-by's."""

    def make(user: User | None) -> Phone:
        page = new_page(PHONE, javascript=False)
        if user is not None:
            sign_in_browser(page, user)
        return Phone(page)

    return make


def test_a_cycle_from_the_first_answer_to_the_citizen(phone: Callable[[User | None], Phone]) -> None:
    site_pages()
    cycle = CycleFactory(year=timezone.localdate().year)
    small_catalogue(cycle.catalogue_version)
    place = ParticipationFactory(cycle=cycle, municipality__name="Río Claro", municipality__slug="rio-claro")
    municipality = place.municipality
    people = People(
        team=user_with_role(Role.TEAM_MEMBER, municipality),
        coordinator=user_with_role(Role.COORDINATOR, municipality),
        dideco=user_with_role(Role.DIDECO, municipality),
        region=user_with_role(Role.REGIONAL_TEAM, municipality.region),
    )
    year = cycle.year

    diagnose(phone(people.team), levels=(1, 2, 3))
    submit(phone(people.coordinator))
    draw_a_line_from_the_first_gap(phone(people.team), year)
    propose(phone(people.coordinator))
    for validator in (people.coordinator, people.dideco):
        sign(phone(validator))
    carry_out(phone(people.team))
    verify(phone(people.region), level=2)
    see_on_the_heatmap(phone(people.region), str(municipality))
    read_as_a_citizen(phone(None))

    verified = LevelRecord.objects.in_force().get(series=Series.VERIFIED)
    assert (verified.standard.code, verified.level) == ("E01", 2)
    assert Action.objects.get().state == ActionState.VERIFIED


def diagnose(phone: Phone, *, levels: Iterable[int]) -> None:
    """The team answers every standard with evidence, and says who took part."""
    phone.open("/autodiagnostico/")
    phone.follow("Empezar el autodiagnóstico")
    phone.press("Empezar el autodiagnóstico")
    phone.follow("E01")
    for number, level in enumerate(levels, start=1):
        phone.choose("level", level)
        phone.upload("file", f"acta-{number}.pdf")
        phone.write_day("dated_on", timezone.localdate() - timedelta(days=1))
        phone.write({"description": f"Acta de la reunión {number}", "notes": "Lo revisamos con el equipo."})
        phone.press("Guardar y continuar")
        phone.is_content()
    phone.reads("No hay participantes.")
    phone.follow("Cambiar quiénes participaron")
    phone.write({"name": "Rosa Díaz", "position": "Asistente social"})
    phone.press("Agregar")
    phone.reads("Rosa Díaz")


def submit(phone: Phone) -> None:
    phone.open("/tareas/")
    phone.follow("Enviar el autodiagnóstico")
    phone.follow("Continuar al envío")
    phone.tick("agreed")
    phone.press("Enviar")
    phone.reads("Autodiagnóstico enviado")


def draw_a_line_from_the_first_gap(phone: Phone, year: int) -> None:
    """The draft is opened, then a gap of the report leads to a line of it."""
    phone.open("/plan/")
    phone.press("Abrir el borrador")
    phone.open("/brechas/")
    phone.reads("E01", "E02")
    phone.follow("Crear una mejora")
    phone.write(LINE)
    for name in ("pertinence", "incidence", "feasibility"):
        phone.choose(name, 3)
    phone.write_day("starts_on", timezone.localdate())
    phone.write_day("ends_on", date(year, 12, 31))
    phone.press("Agregar la mejora")
    phone.reads("La mejora quedó agregada.", "45 minutos")
    phone.follow("Agregar un hito")
    phone.write({"name": "Comprar el tótem"})
    phone.write_day("due_on", date(year, 12, 31))
    phone.press("Agregar el hito")
    phone.reads("Comprar el tótem")


def propose(phone: Phone) -> None:
    phone.open(ImprovementPlan.objects.get().get_absolute_url())
    phone.follow("Proponer el plan")
    phone.page.locator("#id_no_comment_reason").fill("La feria atrasó la consulta.")
    phone.press("Proponer el plan")
    phone.reads("El plan está propuesto.")


def sign(phone: Phone) -> None:
    phone.open(ImprovementPlan.objects.get().get_absolute_url())
    phone.follow("Leer y firmar")
    phone.reads("Las personas esperan de pie.")
    phone.page.locator("input[name=role]").first.check(force=True)
    phone.tick("agree")
    phone.press("Firmar")
    phone.reads("Su firma quedó registrada.")


def carry_out(phone: Phone) -> None:
    phone.open(Action.objects.get().get_absolute_url())
    phone.follow("Comenzar el trabajo")
    phone.press("Comenzar el trabajo")
    phone.follow("Marcar como cumplido")
    phone.press("Guardar")
    phone.reads("Cumplido el")
    phone.follow("Agregar evidencia")
    phone.choose("moment", "after")
    phone.upload("file", "totem.pdf")
    phone.write_day("dated_on", timezone.localdate())
    phone.write({"description": "El tótem en la sala"})
    phone.press("Agregar la evidencia")
    phone.reads("El tótem en la sala")
    phone.follow("Terminar la mejora")
    phone.page.locator("input[name^=level_][value='2']").check(force=True)
    phone.write({"lesson": "Conviene avisar antes."})
    phone.press("Terminar la mejora")
    phone.reads("La mejora está terminada")


def verify(phone: Phone, *, level: int) -> None:
    phone.open("/tareas/")
    phone.follow("Sala de espera con turnos")
    phone.choose("accepted", "yes")
    phone.page.locator(f"input[name^=level_][value='{level}']").check(force=True)
    phone.press("Guardar la decisión")
    phone.reads("Verificada")


def see_on_the_heatmap(phone: Phone, municipality: str) -> None:
    """Of the three standards only the verified one has a level in the region's series."""
    phone.open("/region/?serie=verified")
    phone.reads(municipality, "1 de 1 municipalidad tiene niveles.", "1/1")


def read_as_a_citizen(phone: Phone) -> None:
    """Found by name: what is wrong, what is being done and what has changed."""
    phone.open("/municipalidades/?q=rio+claro")
    phone.reads("Río Claro", "3 de 3", "Según su propio diagnóstico, el equipo cumplía 2.")
    phone.reads(LINE["public_summary"], "La región ha verificado 1 de 1 mejora.")
    phone.reads("antes nivel 1, según el equipo. Ahora nivel 2, según la región.")
