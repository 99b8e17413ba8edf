"""A person's attentions: shown to the person, and left without a name when he or she asks."""

from __future__ import annotations

import pytest

from benefits_core.models import Attention
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

    shown = [kind.export(row)["matter"] for row in kind.of_person(subject)]
    done = {row["key"]: row["erased"] for row in erasure.erase(subject=subject, by=None, at=factory.NOW)}

    assert len(shown) == 2
    assert done["benefits_core.attentions"] == 2
    assert list(Attention.objects.order_by("pk").values_list("person", flat=True)) == [None, None, other.pk]
