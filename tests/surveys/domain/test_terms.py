"""The municipality's terms within the law, and its templates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from portal.foundation.people.roles import Role
from surveys.domain.terms import retire_template, save_template, set_terms
from surveys.errors import InvalidContent
from surveys.models import AnswerTemplate, ComplaintTerms
from tests.factories.complaints import NOW, TODAY, worker
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db
GOOD = {"starts_on": TODAY, "answer_days": 20, "internal_days": 10, "acknowledge_days": 1}


def setting(municipality=None, **changes) -> ComplaintTerms:
    municipality = municipality or MunicipalityFactory()
    return set_terms(territory=municipality, **{**GOOD, **changes}, by=worker(municipality, Role.DIDECO), at=NOW)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"answer_days": 31}, "answer_days"),
        ({"answer_days": 0}, "answer_days"),
        ({"internal_days": 21}, "internal_days"),
        ({"acknowledge_days": 0}, "acknowledge_days"),
        ({"starts_on": TODAY - timedelta(days=1)}, "starts_on"),
        ({"ordinance": "a" * 201}, "ordinance"),
    ],
)
def test_terms_stay_within_the_law(changes: dict, field: str) -> None:
    with pytest.raises(InvalidContent) as refused:
        setting(**changes)

    assert refused.value.field == field


def test_one_set_begins_on_a_day() -> None:
    municipality = MunicipalityFactory()
    setting(municipality)

    with pytest.raises(InvalidContent):
        setting(municipality)


def test_the_database_holds_the_law_too() -> None:
    kept = setting()

    with pytest.raises(IntegrityError), transaction.atomic():
        ComplaintTerms.objects.filter(pk=kept.pk).update(answer_days=31)


def test_on_each_day_the_terms_of_that_day() -> None:
    municipality = MunicipalityFactory()
    setting(municipality)
    setting(municipality, starts_on=date(2026, 6, 1), answer_days=15)

    found = [ComplaintTerms.objects.in_force(municipality, day).answer_days for day in (date(2026, 3, 1), TODAY)]

    assert found == [30, 20]
    assert ComplaintTerms.objects.in_force(municipality, date(2026, 6, 1)).answer_days == 15


def test_templates_are_the_municipalitys_or_everybodys() -> None:
    here, there = MunicipalityFactory(), MunicipalityFactory()
    for territory, title in ((here, "Espera"), (there, "Otra"), (None, "De todos")):
        save_template(territory=territory, title=title, found="Vimos que…", by=worker(here), at=NOW)

    usable = AnswerTemplate.objects.usable_at(here)
    assert [template.title for template in usable] == ["De todos", "Espera"]
    retire_template(template=usable.get(title="Espera"), by=worker(here), at=NOW)
    assert [template.title for template in AnswerTemplate.objects.usable_at(here)] == ["De todos"]


def test_a_template_has_a_text_and_a_title_of_its_own() -> None:
    here = MunicipalityFactory()
    save_template(territory=here, title="Espera", found="Vimos que…", by=worker(here), at=NOW)

    for changes in ({"title": "Espera", "found": "x"}, {"title": "Otra"}, {"title": "", "found": "x"}):
        with pytest.raises(InvalidContent):
            save_template(territory=here, by=worker(here), at=NOW, **changes)
