"""A person's attentions: shown to the person, and left without a name when he or she asks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from benefits_core.models import Appointment, Attention
from portal.foundation.people import privacy
from portal.foundation.people.domain import erasure
from portal.foundation.people.models import Person
from tests.factories import attentions as factory
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db


def test_an_erased_person_s_attentions_still_count() -> None:
    place = MunicipalityFactory()
    rosa, other = (Person.objects.create(given_names=name, territory=place) for name in ("Rosa", "Otra"))
    for person in (rosa, rosa, other):
        factory.attention(person=person)
    subject = privacy.load("people.person", str(rosa.pk))
    assert subject is not None
    kind = privacy.kind("benefits_core.attentions")
    assert kind is not None

    shown = [kind.export(row) for row in kind.of_person(subject)]
    done = {row["key"]: row["erased"] for row in erasure.erase(subject=subject, by=None, at=factory.NOW)}

    assert len(shown) == 2
    assert all(set(row) == set(kind.fields) for row in shown)
    assert (shown[0]["wait"], shown[0]["outcome"], shown[0]["preferential"]) == (12, "Resuelta en el momento", False)
    assert done["benefits_core.attentions"] == 2
    assert list(Attention.objects.order_by("pk").values_list("person", flat=True)) == [None, None, other.pk]


def test_who_is_expected_keeps_the_name_until_the_hour_is_over() -> None:
    made = factory.appointment(contact="rosa@example.cl")
    person = Person.objects.create(given_names="Rosa", territory=made.territory)
    Appointment.objects.filter(pk=made.pk).update(person=person)
    subject = privacy.load("people.person", str(person.pk))
    assert subject is not None

    before = {row["key"]: row["why"] for row in erasure.erase(subject=subject, by=None, at=factory.NOW)}
    made.refresh_from_db()
    kept = (made.name, Person.objects.get(pk=person.pk).given_names)
    after = erasure.erase(subject=subject, by=None, at=made.ends_at + timedelta(minutes=1))
    made.refresh_from_db()

    assert kept == ("Rosa Ñancupil", "Rosa")
    why = "Hay una hora el 4 de marzo de 2026. Anúlela, o espere a que pase."
    assert (before["benefits_core.appointments"], before["people.person"]) == (why, why)
    assert {row["key"]: row["erased"] for row in after}["benefits_core.appointments"] == 1
    assert (made.encrypted_name, Person.objects.get(pk=person.pk).given_names) == ("", "")
