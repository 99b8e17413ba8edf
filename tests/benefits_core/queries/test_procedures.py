"""Which version is in force on a day, and what can be chosen in a municipality."""

from __future__ import annotations

from datetime import date

import pytest

from benefits_core.queries import procedures
from portal.foundation.audit.frozen import FrozenContent
from portal.foundation.audit.guarded import BareWrite
from tests.factories import benefits
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db


def test_the_version_in_force_is_the_one_of_the_day():
    first = benefits.published_version(starts_on=date(2026, 1, 1))
    procedure = first.procedure
    second = benefits.published_version(of=procedure, starts_on=date(2026, 3, 1))

    found = [
        procedures.current_version(procedure, day)
        for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 2, 28), date(2026, 3, 1))
    ]

    assert found == [None, first, first, second]


def test_a_municipality_chooses_among_the_national_procedures_and_its_own():
    here, other = MunicipalityFactory(), MunicipalityFactory()
    national = benefits.published_version(steps=("pedir", "recibir"))
    own = benefits.published_version(territory=here)
    benefits.published_version(territory=other)

    choices = procedures.steps_to_choose(here, benefits.NOW.date())

    assert {choice.version for choice in choices} == {national, own}
    chosen = next(choice for choice in choices if choice.version == national)
    assert [step.key for step in chosen.steps] == ["pedir", "recibir"]


def test_what_can_be_chosen_is_read_in_two_queries(django_assert_num_queries):
    for _time in range(3):
        benefits.published_version()

    with django_assert_num_queries(2):
        procedures.step_choices(None, benefits.NOW.date())


def test_a_published_version_changes_only_by_its_verbs_and_its_texts_never():
    version = benefits.published_version()
    step = version.steps.first()

    with pytest.raises(BareWrite):
        version.save()
    step.name = benefits.texts("Otro")
    with pytest.raises(FrozenContent):
        step.save(by_verb=True)
    with pytest.raises(FrozenContent):
        step.delete(by_verb=True)
    with pytest.raises(FrozenContent):
        version.steps.all().delete()
