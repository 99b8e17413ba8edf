"""The programme's years in the browser: prepared, changed, opened, closed, and who takes part."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.foundation.audit.models import AuditEvent
from portal.foundation.cycles.models import Cycle, CycleState, Participation, ParticipationStatus, Stage
from portal.foundation.people.roles import Role
from tests.factories import rounds
from tests.factories.cycles import CycleFactory, ParticipationFactory
from tests.factories.people import sign_in, user_with_role
from tests.factories.quality import small_catalogue
from tests.factories.territories import CountryFactory, MunicipalityFactory, RegionFactory

pytestmark = pytest.mark.django_db
LIST = "dashboards:cycle_list"


@pytest.fixture
def national(client):
    return sign_in(client, user_with_role(Role.NATIONAL_TEAM, CountryFactory()))


def address(name: str, year: int = 2026) -> str:
    return reverse(f"dashboards:{name}", args=[year])


def boxes(name: str, day: date | None) -> dict[str, str]:
    values = (day.day, day.month, day.year) if day else ("", "", "")
    return {f"{name}_{box}": str(value) for box, value in enumerate(values)}


def settings(year: int = 2026, **changes: str) -> dict[str, str]:
    return {
        "year": str(year),
        "name": f"Ciclo {year}",
        **boxes("starts_on", date(year, 1, 1)),
        **boxes("ends_on", date(year, 12, 31)),
        "catalogue_version": small_catalogue().version,
        "met_at": "2",
        "consolidated_at": "3",
        "evidence_freshness_months": "12",
        **changes,
    }


def errors(answer) -> dict[str, list[str]]:
    return {name: list(texts) for name, texts in answer.context["form"].errors.items()}


# --- Settings


def test_a_cycle_is_prepared_with_its_windows(national):
    window = boxes("self_diagnosis_opens", date(2026, 3, 1)) | boxes("self_diagnosis_closes", date(2026, 4, 30))

    answer = national.post(reverse("dashboards:cycle_create"), settings() | window)

    made = Cycle.objects.get()
    assert (answer.status_code, answer.url) == (302, address("cycle_show"))
    assert (made.state, made.met_at, made.windows) == (
        CycleState.DRAFT, 2, {"self_diagnosis": {"opens": "03-01", "closes": "04-30"}}
    )  # fmt: skip
    assert AuditEvent.objects.filter(verb="cycles.create").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"year": "x"}, "year"),
        ({"year": "99999999999999"}, "year"),
        ({"name": "\0"}, "name"),
        ({"starts_on_2": "2025"}, "starts_on"),
        ({"ends_on_2": "2025"}, "ends_on"),
        ({"catalogue_version": "9.9"}, "catalogue_version"),
        ({"met_at": "3", "consolidated_at": "2"}, "consolidated_at"),
        ({"met_at": "7"}, "met_at"),
        ({"evidence_freshness_months": "0"}, "evidence_freshness_months"),
        (boxes("accountability_opens", date(2026, 5, 1)), "accountability_closes"),
        (
            boxes("accountability_opens", date(2026, 5, 1)) | boxes("accountability_closes", date(2026, 4, 1)),
            "accountability_closes",
        ),
        (
            boxes("accountability_opens", date(2026, 5, 1)) | boxes("accountability_closes", date(2027, 4, 1)),
            "accountability_closes",
        ),
    ],
)
def test_a_wrong_setting_is_said_at_its_field_and_nothing_is_saved(national, changes, field):
    answer = national.post(reverse("dashboards:cycle_create"), settings() | changes)

    assert list(errors(answer)) == [field]
    assert Cycle.objects.count() == 0


def test_a_year_that_has_a_cycle_is_refused_at_its_field(national):
    CycleFactory()

    answer = national.post(reverse("dashboards:cycle_create"), settings())

    assert errors(answer) == {"year": ["Ya existe un ciclo para 2026."]}


def test_a_cycle_in_preparation_changes_as_shown(national):
    CycleFactory(state=CycleState.DRAFT, catalogue_version=small_catalogue().version)
    page = national.get(address("cycle_change"))
    assert "year" not in page.context["form"].fields

    national.post(address("cycle_change"), settings(met_at="1"))

    assert Cycle.objects.get().met_at == 1


def test_of_an_open_cycle_name_and_windows_change_alone(national):
    CycleFactory(
        catalogue_version=small_catalogue().version, windows={"accountability": {"opens": "11-01", "closes": "11-30"}}
    )
    window = boxes("self_diagnosis_opens", date(2026, 3, 1)) | boxes("self_diagnosis_closes", date(2026, 4, 30))

    national.post(address("cycle_change"), settings(name="Otro", met_at="1") | window)

    changed = Cycle.objects.get()
    assert (changed.name, changed.met_at, list(changed.windows)) == ("Otro", 2, ["self_diagnosis"])


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("cycle_open", CycleState.DRAFT, CycleState.OPEN),
        ("cycle_open", CycleState.CLOSED, CycleState.CLOSED),
        ("cycle_close", CycleState.OPEN, CycleState.CLOSED),
        ("cycle_close", CycleState.DRAFT, CycleState.DRAFT),
    ],
)
def test_a_cycle_opens_from_preparation_and_closes_from_open(national, name, before, after):
    cycle = CycleFactory(state=before)

    national.get(address(name))
    cycle.refresh_from_db()
    assert cycle.state == before  # looking asks, and changes nothing
    answer = national.post(address(name))

    cycle.refresh_from_db()
    assert (cycle.state, answer.url) == (after, address("cycle_show"))


def unfinished_cycle() -> Cycle:
    """A window of it runs until the last day of the year, and one of its two municipalities has not closed its year."""
    year = date.today().year
    cycle = CycleFactory(year=year, windows={"accountability": {"opens": "01-01", "closes": "12-31"}})
    ParticipationFactory(cycle=cycle, municipality=MunicipalityFactory(name="Abierta"))
    ParticipationFactory(cycle=cycle, municipality=MunicipalityFactory(name="Cerrada"), closed_at=timezone.now())
    return cycle


def test_an_early_close_names_what_stays_unfinished_and_asks_for_reason_and_tick(national):
    cycle = unfinished_cycle()
    close = address("cycle_close", cycle.year)

    page = national.get(close).content.decode()
    refused = national.post(close, {"reason": "", "is_read": ""})
    half = national.post(close, {"reason": "Se acabó el convenio"})

    cycle.refresh_from_db()
    assert ("Abierta" in page, "Cerrada" in page, "31 de diciembre" in page.lower()) == (True, False, True)
    assert sorted(errors(refused)) == ["is_read", "reason"]
    assert list(errors(half)) == ["is_read"]
    assert "Se acabó el convenio" in half.content.decode()
    assert cycle.state == CycleState.OPEN


def test_the_reason_of_a_closing_is_kept_audited_and_shown(national):
    cycle = unfinished_cycle()

    national.post(address("cycle_close", cycle.year), {"reason": "Se acabó el convenio", "is_read": "on"})

    cycle.refresh_from_db()
    detail = AuditEvent.objects.get(verb="cycles.close").detail
    assert (cycle.state, cycle.closing_reason) == (CycleState.CLOSED, "Se acabó el convenio")
    assert (detail["reason"], detail["open_municipalities"]) == ("Se acabó el convenio", 1)
    assert "Se acabó el convenio" in national.get(address("cycle_show", cycle.year)).content.decode()


def test_a_closing_is_taken_back_with_a_reason_while_there_is_time(national):
    cycle = unfinished_cycle()
    national.post(address("cycle_close", cycle.year), {"reason": "Un error", "is_read": "on"})
    reopen = address("cycle_reopen", cycle.year)

    assert reopen in national.get(address("cycle_show", cycle.year)).content.decode()
    assert list(errors(national.post(reopen, {"reason": ""}))) == ["reason"]
    national.post(reopen, {"reason": "Faltaba Abierta"})

    cycle.refresh_from_db()
    shown = national.get(address("cycle_show", cycle.year)).content.decode()
    assert cycle.state == CycleState.OPEN
    assert AuditEvent.objects.get(verb="cycles.reopen").detail["reason"] == "Faltaba Abierta"
    assert ("Un error" in shown, "Faltaba Abierta" in shown) == (True, True)


def test_after_thirty_days_a_closing_stands_for_good(national):
    cycle = CycleFactory(state=CycleState.CLOSED, closed_at=timezone.now() - timedelta(days=31))
    reopen = address("cycle_reopen", cycle.year)

    assert reopen not in national.get(address("cycle_show", cycle.year)).content.decode()
    assert national.get(reopen).url == address("cycle_show", cycle.year)
    national.post(reopen, {"reason": "Tarde"})

    cycle.refresh_from_db()
    assert cycle.state == CycleState.CLOSED


def test_a_new_cycle_starts_from_the_last_one_a_year_later(national):
    windows = {
        "self_diagnosis": {"opens": "03-01", "closes": "03-31"},
        "accountability": {"opens": "02-29", "closes": "12-31"},
    }
    CycleFactory(
        year=2028, windows=windows, met_at=1, evidence_freshness_months=6, catalogue_version=small_catalogue().version
    )

    page = national.get(reverse("dashboards:cycle_create"))

    form = page.context["form"]
    taken = {name: form[name].value() for name in ("year", "name", "starts_on", "met_at", "evidence_freshness_months")}
    assert taken == {
        "year": 2029,
        "name": "Ciclo 2029",
        "starts_on": date(2029, 1, 1),
        "met_at": 1,
        "evidence_freshness_months": 6,
    }
    assert form["self_diagnosis_closes"].value() == date(2029, 3, 31)
    assert form["accountability_opens"].value() == date(2029, 2, 28)
    assert "Parte de las fechas y niveles de Ciclo 2028" in page.content.decode()


def test_opening_ahead_or_without_participants_says_what_it_means(national):
    CycleFactory(year=2025)
    CycleFactory(year=2999, state=CycleState.DRAFT)

    page = national.get(address("cycle_open", 2999)).content.decode()

    for said in (
        "Municipalidades que participan: 0. Pueden comenzar el 1 de enero de 2999.",
        "Ciclo 2025 sigue abierto a la vez",
        "Todavía no participa ninguna municipalidad.",
    ):
        assert said in page
    assert "Pueden comenzar hoy" not in page


# --- Who takes part


def test_a_region_reads_its_own_municipalities_and_changes_nothing():
    region = RegionFactory(name="Mi Región")
    mine = ParticipationFactory(municipality=MunicipalityFactory(name="Comuna Propia", parent__parent=region))
    ParticipationFactory(municipality=MunicipalityFactory(name="Comuna Ajena"), stage=Stage.CONTINUITY)
    regional = sign_in(Client(), user_with_role(Role.REGIONAL_TEAM, region))

    listed, page = regional.get(reverse(LIST)), regional.get(address("cycle_show"))

    assert [(row.new, row.continuity, row.enrolled) for row, _tone in listed.context["rows"]] == [(1, 0, 1)]
    assert "Comuna Propia" in page.content.decode()
    assert "Comuna Ajena" not in page.content.decode()
    assert address("cycle_change") not in page.content.decode()
    changing = reverse("dashboards:participation_status", args=[mine.pk])
    assert {regional.post(url).status_code for url in (changing, address("cycle_close"))} == {403}


def test_the_list_counts_by_stage_and_state(national):
    for stage in (Stage.NEW, Stage.NEW, Stage.CONSOLIDATION):
        ParticipationFactory(stage=stage)
    ParticipationFactory(status=ParticipationStatus.PAUSED, status_reason="Incendio")
    CycleFactory(year=2027, state=CycleState.DRAFT)

    rows = [row for row, _tone in national.get(reverse(LIST)).context["rows"]]

    assert [
        (row.year, row.new, row.continuity, row.consolidation, row.graduated, row.paused, row.withdrawn, row.enrolled)
        for row in rows
    ] == [(2027, 0, 0, 0, 0, 0, 0, 0), (2026, 2, 0, 1, 0, 1, 0, 4)]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("buscar=nunoa", ["Ñuñoa"]),
        ("etapa=2", ["Arica"]),
        ("estado=paused", ["Ñuñoa"]),
        ("region=R-NORTE", ["Arica"]),
        ("etapa=9&estado=x&pagina=zz", ["Arica", "Ñuñoa"]),
    ],
)
def test_the_municipalities_of_a_cycle_are_filtered(national, query, names):
    north = RegionFactory(code="R-NORTE")
    arica = MunicipalityFactory(name="Arica", parent__parent=north)
    ParticipationFactory(municipality=arica, stage=Stage.CONTINUITY)
    ParticipationFactory(
        municipality=MunicipalityFactory(name="Ñuñoa"), status=ParticipationStatus.PAUSED, status_reason="Incendio"
    )

    page = national.get(f"{address('cycle_show')}?{query}")

    assert [row.municipality.name for row in page.context["page_obj"]] == names


def test_one_municipality_is_enrolled_and_is_offered_no_more(national):
    CycleFactory()
    here = MunicipalityFactory(name="Ñuñoa")

    national.post(address("cycle_enroll"), {"municipality": here.pk, "stage": "2"})
    again = national.post(address("cycle_enroll"), {"municipality": here.pk, "stage": "2"})

    assert list(Participation.objects.values_list("municipality", "stage")) == [(here.pk, "2")]
    assert list(errors(again)) == ["municipality"]


@pytest.mark.parametrize("as_file", [False, True])
def test_a_list_is_enrolled_by_code_or_name(national, as_file):
    CycleFactory()
    MunicipalityFactory(code="01101", name="Iquique")
    MunicipalityFactory(name="Ñuñoa")
    text = "Código;Etapa\r\n1101;1\r\n\r\n nunoa\t3 \r\n"
    upload = SimpleUploadedFile("lista.csv", text.encode("cp1252"))

    national.post(address("cycle_enroll_many"), {"file": upload} if as_file else {"lines": text})

    assert dict(Participation.objects.values_list("municipality__name", "stage")) == {"Iquique": "1", "Ñuñoa": "3"}


def test_a_list_with_a_wrong_line_saves_nothing_and_says_every_line(national):
    cycle = CycleFactory()
    for name in ("Arica", "Iquique", "San Juan", "San Juan"):
        MunicipalityFactory(name=name)
    ParticipationFactory(cycle=cycle, municipality=MunicipalityFactory(name="Ñuñoa"))

    lines = "Arica;1\nNarnia;1\nSan Juan;2\nÑuñoa;2\nArica;2\nIquique;4\nIquique"
    answer = national.post(address("cycle_enroll_many"), {"lines": lines})

    assert errors(answer)["lines"] == [
        "Línea 2: ninguna municipalidad se llama «Narnia».",
        "Línea 3: varias municipalidades se llaman «San Juan». Escriba el código.",
        "Línea 4: «Ñuñoa» ya participa.",
        "Línea 5: «Arica» ya está en la línea 1.",
        "Línea 6: escriba la etapa después de «;»: 1, 2 o 3. Dice «4».",
        "Línea 7: escriba la etapa después de «;»: 1, 2 o 3. Dice «».",
    ]
    assert Participation.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "lines"),
        ({"lines": " \n;\n"}, "lines"),
        ({"lines": "Código;Etapa"}, "lines"),
        ({"lines": "x;1\n" * 1001}, "lines"),
        ({"lines": "<b>;1"}, "lines"),
        ({"file": SimpleUploadedFile("hoja.xlsx", b"PK\x03\x04\x00\x00")}, "file"),
        ({"file": SimpleUploadedFile("grande.csv", b"x;1\n" * 60_000)}, "file"),
    ],
)
def test_what_is_no_list_is_refused(national, data, field):
    CycleFactory()

    answer = national.post(address("cycle_enroll_many"), data)

    assert list(errors(answer)) == [field]
    assert "<b>" not in answer.content.decode()
    assert Participation.objects.count() == 0


def test_the_cycle_before_is_copied_by_the_chosen_rule(national):
    before = CycleFactory(year=2025, state=CycleState.CLOSED)
    ParticipationFactory(cycle=before, stage=Stage.CONSOLIDATION)
    ParticipationFactory(cycle=before, stage=Stage.NEW)
    now = CycleFactory()
    assert national.get(address("cycle_copy")).context["total"] == 2

    asked = national.post(address("cycle_copy"))
    national.post(address("cycle_copy"), {"third_stage": "graduates"})

    assert list(errors(asked)) == ["third_stage"]
    assert list(now.participations.values_list("stage", flat=True)) == ["2"]


def test_the_first_cycle_has_nobody_to_copy(national):
    CycleFactory()

    assert national.get(address("cycle_copy")).url == address("cycle_show")


def test_a_municipality_pauses_with_a_reason_and_takes_part_again(national):
    participation = ParticipationFactory()
    url = reverse("dashboards:participation_status", args=[participation.pk])

    bare = national.post(url, {"status": "paused", "reason": "  "})
    unknown = national.post(url, {"status": "active", "reason": "Motivo"})
    assert (list(errors(bare)), list(errors(unknown))) == (["reason"], ["status"])
    national.post(url, {"status": "paused", "reason": "Incendio"})
    participation.refresh_from_db()
    assert (participation.status, participation.status_reason) == ("paused", "Incendio")
    national.post(url, {"status": "active", "reason": "Reabrió"})

    participation.refresh_from_db()
    assert participation.status == "active"


def test_a_closed_cycle_enrolls_nobody(national):
    CycleFactory(state=CycleState.CLOSED)
    here = MunicipalityFactory()

    answer = national.post(address("cycle_enroll"), {"municipality": here.pk, "stage": "1"})

    assert (answer.url, Participation.objects.count()) == (address("cycle_show"), 0)


def test_lists_cost_the_same_for_one_and_for_three(national, constant_queries):
    years = iter(range(2030, 2040))

    assert constant_queries(national, reverse(LIST), lambda: CycleFactory(year=next(years))) <= 10
    assert constant_queries(national, address("cycle_show"), ParticipationFactory) <= 12


def test_the_navigation_leads_to_the_cycles(national):
    assert f'href="{reverse(LIST)}"' in national.get(reverse("dashboards:tasks")).content.decode()


# --- The mix of brackets


def test_the_mix_that_surveys_are_standardized_to_is_kept_with_the_year_and_taken_over(national):
    rounds.instrument()
    mix = {"mix_40": "55", "mix_50_60": "19", "mix_70_100": "26"}

    national.post(reverse("dashboards:cycle_create"), settings() | mix)

    assert Cycle.objects.get().reference_mix == {"40": 55, "50_60": 19, "70_100": 26}
    assert national.get(reverse("dashboards:cycle_create")).context["form"]["mix_40"].value() == 55


@pytest.mark.parametrize(
    ("mix", "field"),
    [
        ({"mix_40": "55", "mix_50_60": "19", "mix_70_100": "27"}, "mix_40"),
        ({"mix_40": "55", "mix_70_100": "45"}, "mix_50_60"),
        ({"mix_40": "0", "mix_50_60": "50", "mix_70_100": "50"}, "mix_40"),
    ],
)
def test_a_mix_that_is_not_whole_is_refused_beside_its_bracket(national, mix, field):
    rounds.instrument()

    answer = national.post(reverse("dashboards:cycle_create"), settings() | mix)

    assert list(errors(answer)) == [field]
    assert not Cycle.objects.exists()


def test_without_a_mix_none_is_kept_and_an_open_year_keeps_its_own(national):
    rounds.instrument()
    national.post(reverse("dashboards:cycle_create"), settings())
    assert Cycle.objects.get().reference_mix == {}

    Cycle.objects.update(state=CycleState.OPEN, reference_mix={"40": 60, "50_60": 20, "70_100": 20})
    national.post(address("cycle_change"), settings(name="Otro") | {"mix_40": "50"})
    changed = Cycle.objects.get()
    assert (changed.name, changed.reference_mix["40"]) == ("Otro", 60)
