"""The register: what is written, corrected and declared void, and that its sums always agree with it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from benefits_core.domain import attentions, matters
from benefits_core.domain.tallies import rebuild
from benefits_core.enums import AttentionSource, Channel, Outcome
from benefits_core.errors import ClosedToChange, InvalidContent
from benefits_core.models import Attention, AttentionChange, AttentionMonth
from portal.foundation.audit.guarded import BareWrite
from portal.foundation.audit.models import AuditEvent
from portal.foundation.people.models import Identifier, Person
from portal.foundation.territories.models import Territory
from tests.factories import attentions as factory
from tests.factories.attentions import MINUTE, NOW
from tests.factories.territories import MunicipalityFactory, ServicePointFactory

pytestmark = pytest.mark.django_db
RUN = "12.345.678-5"


def sums(territory: Territory) -> list[Any]:
    """Every sum of the municipality that is not empty, in a form to compare."""
    rows = AttentionMonth.objects.filter(territory=territory, count__gt=0).order_by(
        "service_point", "month", "channel", "preferential"
    )
    return list(
        rows.values_list("service_point", "month", "channel", "preferential", "count", "waits", "matters", "outcomes")
    )


def assert_sums_agree(territory: Territory) -> None:
    kept = sums(territory)
    for month in AttentionMonth.objects.filter(territory=territory).values_list("month", flat=True).distinct():
        rebuild(territory=territory, month=month)
    assert sums(territory) == kept


def test_an_attention_is_written_with_its_times() -> None:
    said = factory.content(wait_minutes=12, service_minutes=8)
    by = factory.clerk(said.service_point.territory)

    made = attentions.record_attention(content=said, by=by, at=NOW)

    assert (made.arrived_at, made.started_at, made.ended_at) == (NOW - 20 * MINUTE, NOW - 8 * MINUTE, NOW)
    assert (made.wait_minutes, made.service_minutes, made.day) == (12, 8, date(2026, 3, 2))
    assert AuditEvent.objects.get(verb="benefits_core.record_attention").object_id == str(made.pk)
    assert sums(made.territory) == [
        (
            made.service_point_id,
            date(2026, 3, 1),
            "counter",
            False,
            1,
            {"12": 1},
            {str(made.matter_id): 1},
            {"resolved": 1},
        )
    ]


def test_what_nobody_measured_stays_unknown_and_counts() -> None:
    made = factory.attention(wait_minutes=None, service_minutes=None)

    assert (made.arrived_at, made.started_at, made.wait_minutes) == (NOW, None, None)
    assert sums(made.territory)[0][4:6] == (1, {})


def test_the_same_form_sent_twice_is_one_attention() -> None:
    said, token = factory.content(), uuid4()
    by = factory.clerk(said.service_point.territory)

    first = attentions.record_attention(content=said, form_token=token, by=by, at=NOW)
    second = attentions.record_attention(content=said, form_token=token, by=by, at=NOW + MINUTE)

    assert (first.pk, Attention.objects.count()) == (second.pk, 1)
    assert sums(first.territory)[0][4] == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ended_at": NOW + timedelta(hours=1)}, "ended_at"),
        ({"ended_at": NOW - timedelta(days=9000)}, "ended_at"),
        ({"wait_minutes": 721}, "wait_minutes"),
        ({"wait_minutes": -1}, "wait_minutes"),
        ({"service_minutes": 5000}, "service_minutes"),
        ({"channel": "pigeon"}, "channel"),
        ({"outcome": ""}, "outcome"),
        ({"outcome": Outcome.NOT_RECORDED}, "outcome"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(changes: dict[str, Any], field: str) -> None:
    said = factory.content(**changes)

    with pytest.raises(InvalidContent) as refused:
        attentions.record_attention(content=said, by=factory.clerk(said.service_point.territory), at=NOW)

    assert (refused.value.field, Attention.objects.count()) == (field, 0)


def test_nothing_new_begins_at_a_closed_service_point() -> None:
    said = factory.content(service_point=ServicePointFactory(is_active=False))

    with pytest.raises(InvalidContent) as refused:
        attentions.record_attention(content=said, by=factory.clerk(said.service_point.territory), at=NOW)

    assert refused.value.field == "service_point"


def test_a_matter_of_another_municipality_or_a_hidden_one_is_refused() -> None:
    point = ServicePointFactory()
    by = factory.clerk(point.territory)
    hidden, _left = factory.matter(), factory.matter()
    matters.hide_matter(matter=hidden, territory=point.territory, by=by, at=NOW)

    for matter in (hidden, factory.matter(territory=MunicipalityFactory())):
        with pytest.raises(InvalidContent) as refused:
            attentions.record_attention(content=factory.content(service_point=point, matter=matter), by=by, at=NOW)
        assert refused.value.field == "matter"


def test_an_attention_is_timed_from_start_to_end() -> None:
    point, matter = ServicePointFactory(), factory.matter()
    by = factory.clerk(point.territory)
    begun = attentions.start_attention(
        service_point=point, channel=Channel.COUNTER, matter=matter, arrived_at=NOW - 5 * MINUTE, by=by, at=NOW
    )

    ended = attentions.finish_attention(attention=begun, outcome=Outcome.REFERRED, by=by, at=NOW + 7 * MINUTE)

    assert (begun.is_open, ended.is_open) == (True, False)
    assert (ended.wait_minutes, ended.service_minutes, ended.outcome) == (5, 7, "referred")
    assert sums(point.territory)[0][4:] == (1, {"5": 1}, {str(matter.pk): 1}, {"referred": 1})
    with pytest.raises(ClosedToChange):
        attentions.finish_attention(attention=begun, outcome=Outcome.REFERRED, by=by, at=NOW + 9 * MINUTE)


def test_a_correction_keeps_what_stood_before_and_why() -> None:
    made = factory.attention(wait_minutes=12, preferential=False)
    said = factory.content(
        service_point=made.service_point, matter=made.matter, channel=Channel.VIRTUAL, wait_minutes=3, preferential=True
    )

    corrected = attentions.correct_attention(
        attention=made, content=said, reason="  Fue por internet ", by=made.recorded_by, at=NOW + MINUTE
    )

    change = AttentionChange.objects.get()
    assert (change.reason, change.changed_by) == ("Fue por internet", made.recorded_by)
    assert [each["field"] for each in change.changes] == ["channel", "arrived_at", "preferential"]
    assert change.changes[0] == {"field": "channel", "before": "counter", "after": "virtual"}
    assert (corrected.channel, corrected.wait_minutes) == ("virtual", 3)
    assert_sums_agree(made.territory)
    assert sum(row[4] for row in sums(made.territory)) == 1


def test_a_correction_of_the_outcome_leaves_measured_seconds_alone() -> None:
    begun = factory.open_attention()
    made = attentions.finish_attention(
        attention=begun, outcome=Outcome.RESOLVED, by=begun.recorded_by, at=NOW + timedelta(seconds=100.4)
    )
    said = factory.content(
        service_point=made.service_point,
        matter=made.matter,
        outcome=Outcome.INFORMED,
        ended_at=made.ended_at,
        wait_minutes=None,
        service_minutes=made.service_seconds / 60,
    )

    corrected = attentions.correct_attention(
        attention=made, content=said, reason="Sólo preguntó", by=made.recorded_by, at=NOW + 5 * MINUTE
    )

    assert (corrected.started_at, corrected.service_seconds) == (NOW, 100)
    assert [each["field"] for each in AttentionChange.objects.get().changes] == ["outcome"]


def test_a_correction_needs_a_reason_and_a_change() -> None:
    made = factory.attention()
    same = factory.content(service_point=made.service_point, matter=made.matter)
    other = factory.content(service_point=made.service_point, matter=made.matter, preferential=True)

    for said, reason in ((same, "Nada"), (other, " ")):
        with pytest.raises(InvalidContent):
            attentions.correct_attention(
                attention=made, content=said, reason=reason, by=made.recorded_by, at=NOW + MINUTE
            )

    assert AttentionChange.objects.count() == 0


def test_a_correction_may_keep_a_matter_and_a_point_that_are_gone() -> None:
    made = factory.attention()
    made.matter.is_active = made.service_point.is_active = False
    made.matter.save()
    made.service_point.save()
    said = factory.content(service_point=made.service_point, matter=made.matter, preferential=True)

    corrected = attentions.correct_attention(
        attention=made, content=said, reason="Es adulta mayor", by=made.recorded_by, at=NOW + MINUTE
    )

    assert corrected.preferential is True


def test_a_void_attention_stays_and_counts_nowhere() -> None:
    made, other = factory.attention(), factory.attention()

    void = attentions.void_attention(attention=made, reason="Era una prueba", by=made.recorded_by, at=NOW + MINUTE)

    assert (Attention.objects.count(), list(Attention.objects.counted())) == (2, [other])
    assert (void.void_reason, sums(made.territory)) == ("Era una prueba", [])
    with pytest.raises(ClosedToChange):
        attentions.void_attention(attention=made, reason="Otra vez", by=made.recorded_by, at=NOW + MINUTE)
    with pytest.raises(ClosedToChange):
        attentions.correct_attention(
            attention=made, content=factory.content(), reason="Tarde", by=made.recorded_by, at=NOW + MINUTE
        )


def test_many_at_once_have_one_note_and_the_right_sums() -> None:
    point = ServicePointFactory()
    matter, by = factory.matter(), factory.clerk(point.territory)
    contents = [
        factory.content(
            service_point=point,
            matter=matter,
            wait_minutes=number % 9,
            ended_at=NOW - timedelta(days=number),
            preferential=number % 3 == 0,
        )
        for number in range(70)
    ]

    count = attentions.record_many(
        territory=point.territory, contents=contents, source=AttentionSource.IMPORT, by=by, at=NOW
    )

    assert (count, Attention.objects.count()) == (70, 70)
    assert AuditEvent.objects.get(verb="benefits_core.record_attentions").detail == {"count": 70, "source": "import"}
    assert sum(row[4] for row in sums(point.territory)) == 70
    assert_sums_agree(point.territory)


def test_many_at_once_are_of_one_municipality() -> None:
    with pytest.raises(InvalidContent):
        attentions.record_many(
            territory=MunicipalityFactory(), contents=[factory.content()], source="import", by=None, at=NOW
        )


def test_a_person_is_found_by_the_identifier_and_the_look_is_recorded() -> None:
    place = MunicipalityFactory()
    by = factory.clerk(place)

    first = attentions.person_for(identifier=RUN, scheme="cl_run", territory=place, by=by, at=NOW)
    again = attentions.person_for(identifier="123456785", scheme="cl_run", territory=place, by=by, at=NOW)

    assert (first, Person.objects.count(), str(first)) == (again, 1, "Sin nombre")
    assert "12345678" not in Identifier.objects.get().encrypted_value
    look = AuditEvent.objects.get(verb="look")
    assert (look.object_id, look.purpose, look.by_user_id) == (str(first.pk), "Atender a la persona", by.pk)


def test_a_wrong_identifier_is_refused_by_its_field() -> None:
    place = MunicipalityFactory()

    with pytest.raises(InvalidContent) as refused:
        attentions.person_for(identifier="12.345.678-9", scheme="cl_run", territory=place, by=None, at=NOW)

    assert (refused.value.field, Person.objects.count()) == ("identifier", 0)


def test_the_row_has_no_other_door() -> None:
    made = factory.attention()

    with pytest.raises(BareWrite):
        made.save()
    with pytest.raises(BareWrite):
        made.delete()


@pytest.mark.parametrize(
    "broken",
    [
        {"started_at": NOW - timedelta(days=1)},
        {"ended_at": NOW - timedelta(days=1)},
        {"outcome": ""},
        {"void_reason": "sin fecha"},
        {"wait_seconds": 90_000},
    ],
)
def test_the_database_refuses_what_no_verb_writes(broken: dict[str, Any]) -> None:
    made = factory.attention()

    with pytest.raises(IntegrityError), transaction.atomic():
        Attention.objects.filter(pk=made.pk).update(**broken)
        connection.check_constraints()


def test_the_day_is_the_municipality_s_own() -> None:
    place = MunicipalityFactory(time_zone="Pacific/Easter")
    point = ServicePointFactory(territory=place)
    midnight = NOW.replace(hour=3, minute=30)  # the evening before on the island

    made = factory.attention(service_point=point, at=midnight, wait_minutes=None, service_minutes=None)

    assert made.day == date(2026, 3, 1)
