"""The official division: whole, loaded once, with its time zones."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command

from portal.foundation.audit.models import AuditEvent
from portal.foundation.territories import domain
from portal.foundation.territories.domain import DayTaken, WrongTable, declare_holiday, load_territories
from portal.foundation.territories.models import LocalHoliday, Territory
from tests.factories.territories import MunicipalityFactory

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
HEADER = "level,code,name,parent_code,iso_3166_2,has_municipality\n"


@pytest.mark.django_db
def test_the_whole_country_is_loaded():
    loaded = load_territories(by=None, at=AT)

    levels = Counter(Territory.objects.values_list("level", flat=True))
    assert levels == {"country": 1, "region": 16, "province": 56, "commune": 346}
    assert Territory.objects.municipalities().count() == 345
    assert (loaded.created, loaded.changed, loaded.total) == (419, 0, 419)
    assert AuditEvent.objects.get().detail == {"created": 419, "changed": 0}


@pytest.mark.django_db
def test_a_commune_knows_its_region_path_slug_and_zone():
    load_territories(by=None, at=AT)

    described = {
        territory.name: (territory.slug, territory.path, territory.region.iso_3166_2, territory.time_zone)
        for territory in Territory.objects.filter(code__in=["13120", "05201", "12101", "11101"]).select_related(
            "region"
        )
    }
    assert described == {
        "Ñuñoa": ("nunoa", "CL/13/131/13120", "CL-RM", "America/Santiago"),
        "Isla de Pascua": ("isla-de-pascua", "CL/05/052/05201", "CL-VS", "Pacific/Easter"),
        "Punta Arenas": ("punta-arenas", "CL/12/121/12101", "CL-MA", "America/Punta_Arenas"),
        "Coyhaique": ("coyhaique", "CL/11/111/11101", "CL-AI", "America/Coyhaique"),
    }
    assert Territory.objects.get(code="01").slug == "region-de-tarapaca"
    assert Territory.objects.get(code="021").slug == "provincia-antofagasta"


@pytest.mark.django_db
def test_loading_again_changes_only_what_differs():
    load_territories(by=None, at=AT)
    Territory.objects.filter(code="13120").update(name="Nunoa", search_name="x")

    again = load_territories(by=None, at=AT)

    assert (again.created, again.changed) == (0, 1)
    assert Territory.objects.get(code="13120").search_name == "nunoa"
    assert load_territories(by=None, at=AT) == domain.Loaded(0, 0, 419)
    assert AuditEvent.objects.count() == 2


@pytest.mark.django_db
def test_an_old_table_of_time_zones_gives_the_neighbours_clock(monkeypatch):
    monkeypatch.setattr(domain, "_is_known", lambda zone: zone != "America/Coyhaique")

    load_territories(by=None, at=AT)

    assert Territory.objects.get(code="11101").time_zone == "America/Punta_Arenas"


@pytest.mark.parametrize(
    "table",
    [
        "level,code\ncountry,CL\n",
        HEADER + "country,CL,Chile,,CL,\nregion,01,A,CL,,\nregion,01,B,CL,,\n",
        HEADER + "country,CL,Chile,,CL,\nregion,01,A,CL,,\nregion,02,A,CL,,\n",
        HEADER + "country,CL,Chile,,CL,\ncommune,01101,A,011,,yes\n",
    ],
    ids=["columns", "code twice", "slug twice", "no parent"],
)
@pytest.mark.django_db
def test_a_wrong_table_is_refused_whole(tmp_path, table):
    source = tmp_path / "table.csv"
    source.write_text(table, encoding="utf-8")

    with pytest.raises(WrongTable):
        load_territories(by=None, at=AT, source=source)

    assert Territory.objects.count() == 0


@pytest.mark.django_db
def test_the_command_says_what_it_did(capsys):
    call_command("load_territories")

    assert capsys.readouterr().out == "419 territories: 419 created, 0 changed.\n"


@pytest.mark.django_db
def test_a_holiday_is_declared_once_a_day():
    municipality = MunicipalityFactory()
    declare_holiday(territory=municipality, date=date(2026, 5, 4), name="Aniversario", by=None, at=AT)

    with pytest.raises(DayTaken):
        declare_holiday(territory=municipality, date=date(2026, 5, 4), name="Otra", by=None, at=AT)

    assert LocalHoliday.objects.get().name == "Aniversario"
