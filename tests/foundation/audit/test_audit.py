"""The audit: appended, marked, sealed in order; whatever is altered past the product shows, and where."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format

from portal.foundation.audit import domain
from portal.foundation.audit.models import AppendOnly, AuditEvent, AuditHead
from portal.foundation.audit.verification import Problem, verify
from portal.foundation.territories.models import ServicePoint
from tests.factories.people import UserFactory
from tests.factories.territories import MunicipalityFactory, ServicePointFactory

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def protected(monkeypatch):
    """Only service points are protected here: their place and whether they are in use."""
    monkeypatch.setattr(domain, "_CONTENT", {})
    domain.register_content(
        ServicePoint, lambda point: {"place": [point.name, point.address], "in_use": point.is_active}
    )


def record(point, verb="test.write", **changes):
    return domain.record(**{"verb": verb, "object": point, "by": None, "at": AT, **changes})


def sql(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def found(at=AT):
    return [(finding.problem, finding.where, finding.detail) for finding in verify(at=at)]


@pytest.fixture
def points(db):
    """Three recorded and sealed service points."""
    made = ServicePointFactory.create_batch(3, territory=MunicipalityFactory())
    for point in made:
        record(point)
    domain.seal(at=AT)
    return made


def test_what_nobody_altered_gives_no_finding(points):
    assert found() == []
    assert list(AuditEvent.objects.sealed().values_list("sequence", flat=True)) == [1, 2, 3]
    head = AuditHead.objects.live().get()
    assert (head.sequence, head.seal) == (3, AuditEvent.objects.get(sequence=3).seal)


def test_sealing_goes_on_where_it_was(points, monkeypatch):
    monkeypatch.setattr(domain, "SEAL_BATCH", 2)
    for _again in range(5):
        record(points[0])

    assert (domain.seal(at=AT), domain.seal(at=AT)) == (5, 0)
    assert AuditHead.objects.live().get().sequence == 8
    assert found() == []


@pytest.mark.parametrize(
    ("column", "value"), [("verb", "test.other"), ("by_user_id", 7), ("digest", "0" * 64), ("purpose", "otro")]
)
def test_an_altered_event_is_named(points, column, value):
    event = AuditEvent.objects.get(sequence=2)
    sql(f'UPDATE audit_auditevent SET "{column}" = %s WHERE sequence = 2', value)  # noqa: S608

    problem, where, _detail = found()[0]

    assert problem == Problem.EVENT_ALTERED
    assert where.startswith(f"nota 2 (fila {event.pk}, ")


def test_an_event_whose_mark_was_made_to_fit_breaks_the_chain(points):
    sql("UPDATE audit_auditevent SET mac = %s WHERE sequence = 2", AuditEvent.objects.get(sequence=1).mac)

    assert [problem for problem, *_where in found()] == [Problem.EVENT_ALTERED, Problem.ORDER_ALTERED]


def test_removed_events_are_told_by_their_numbers(points):
    sql("DELETE FROM audit_auditevent WHERE sequence = 2")

    assert (Problem.EVENTS_MISSING, "nota 2", "") in found()
    assert (Problem.OBJECT_UNRECORDED, f"territories.servicepoint:{points[1].pk}", "") in found()


def test_several_removed_events_are_told_from_the_first_to_the_last(points):
    sql("DELETE FROM audit_auditevent WHERE sequence < 3")

    assert (Problem.EVENTS_MISSING, "notas 1 a 2", "") in found()


def test_a_removed_end_shows_against_the_live_head(points):
    sql("DELETE FROM audit_auditevent WHERE sequence = 3")

    assert (Problem.EVENTS_MISSING, "nota 3", "según el sello guardado aparte") in found()


def test_a_removed_end_with_the_live_head_set_back_shows_against_the_published_head(points):
    domain.publish_head(on=date(2026, 3, 2), at=AT)
    sql("DELETE FROM audit_auditevent WHERE sequence = 3")
    second = AuditEvent.objects.get(sequence=2)
    sql("UPDATE audit_audithead SET sequence = 2, seal = %s WHERE published_on IS NULL", second.seal)

    assert (Problem.EVENTS_MISSING, "nota 3", "según el sello publicado el 2 de marzo de 2026") in found()


def test_exchanged_numbers_break_the_chain(points):
    for number, other in ((1, 99), (2, 1), (99, 2)):
        sql("UPDATE audit_auditevent SET sequence = %s WHERE sequence = %s", other, number)

    assert [problem for problem, *_where in found()].count(Problem.ORDER_ALTERED) == 3


def test_an_event_written_by_sql_is_told_before_and_after_it_is_sealed(points):
    columns = "at, verb, object_type, object_id, territory_code, purpose, digest, parts, detail, mac, seal"
    kept = columns.replace("at, verb", "at, 'test.forged'").replace("mac, seal", "mac, ''")
    sql(f"INSERT INTO audit_auditevent ({columns}) SELECT {kept} FROM audit_auditevent WHERE sequence = 1")  # noqa: S608
    forged = AuditEvent.objects.get(sequence=None)

    assert found()[0][:2] == (Problem.EVENT_ALTERED, f"nota sin sello (fila {forged.pk}, {forged})")
    domain.seal(at=AT)
    assert found()[0][:2] == (Problem.EVENT_ALTERED, f"nota 4 (fila {forged.pk}, {forged})")


def test_events_left_unsealed_are_told_after_a_while(points):
    event = record(points[0])

    assert found(AT + timedelta(minutes=14)) == []
    assert found(AT + timedelta(minutes=16)) == [(Problem.UNSEALED, "1 nota", f"la más antigua es la fila {event.pk}")]


def test_an_altered_object_is_named_with_its_field_group(points):
    where = f"territories.servicepoint:{points[1].pk}"
    sql("UPDATE territories_servicepoint SET address = 'Otra 1' WHERE id = %s", points[1].pk)
    assert found() == [(Problem.OBJECT_ALTERED, where, "place")]

    sql("UPDATE territories_servicepoint SET is_active = %s WHERE id = %s", False, points[1].pk)
    assert found() == [(Problem.OBJECT_ALTERED, where, "in_use, place")]


def test_a_finding_is_told_in_words_with_the_note_that_recorded_it_last(points):
    sql("UPDATE territories_servicepoint SET address = 'Otra 1' WHERE id = %s", points[1].pk)

    [finding] = verify(at=AT)

    moment = date_format(timezone.localtime(AT), "SHORT_DATETIME_FORMAT")
    assert str(finding) == (
        f"Se modificó un registro por fuera de la plataforma: {points[1]} [territories.servicepoint:{points[1].pk}] "
        f"(place). Última anotación: {moment}, nota 2, test.write."
    )


def test_a_recorded_change_and_a_column_outside_the_content_are_no_alteration(points):
    points[0].address = "Nueva 2"
    points[0].save()
    record(points[0])
    domain.seal(at=AT)
    sql("UPDATE territories_servicepoint SET kind = 'virtual' WHERE id = %s", points[1].pk)

    assert found() == []


def test_a_removed_object_is_told_unless_a_verb_removed_it(points):
    record(points[0], "test.delete", detail={"deleted": True})
    points[0].delete()
    domain.seal(at=AT)
    sql("DELETE FROM territories_servicepoint WHERE id = %s", points[2].pk)

    assert found() == [(Problem.OBJECT_MISSING, f"territories.servicepoint:{points[2].pk}", "")]


def test_an_object_inserted_past_the_verbs_is_told(points):
    stranger = ServicePointFactory()

    assert found() == [(Problem.OBJECT_UNRECORDED, f"territories.servicepoint:{stranger.pk}", "")]


def test_another_key_does_not_verify(points, settings):
    settings.AUDIT_KEY = "another key"

    assert [problem for problem, *_where in found()].count(Problem.EVENT_ALTERED) == 3


def test_events_are_append_only(points):
    event = AuditEvent.objects.get(sequence=1)

    for attempt in (event.save, event.delete, AuditEvent.objects.all().delete, AuditEvent.objects.update):
        with pytest.raises(AppendOnly):
            attempt()


def test_a_look_keeps_who_and_why(points):
    user = UserFactory()

    event = domain.record_look(by=user, object=points[0], purpose="Revisión de la solicitud", at=AT)

    assert (event.verb, event.by_user_id, event.purpose) == ("look", user.pk, "Revisión de la solicitud")


def test_the_head_is_published_and_mailed_once_a_day(points, settings, django_capture_on_commit_callbacks):
    settings.AUDIT_HEAD_EMAIL = "contraloria@example.cl"

    with django_capture_on_commit_callbacks(execute=True):
        head = domain.publish_head(on=date(2026, 3, 2), at=AT)
        again = domain.publish_head(on=date(2026, 3, 2), at=AT)

    assert head == again
    assert (head.sequence, head.seal) == (3, AuditEvent.objects.get(sequence=3).seal)
    assert [message.to for message in mail.outbox] == [["contraloria@example.cl"]]
    assert head.seal in mail.outbox[0].body


def test_events_are_sealed_when_their_transaction_commits(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        event = record(ServicePointFactory())
        other = record(ServicePointFactory())

    assert list(AuditEvent.objects.sealed()) == [event, other]


def test_the_command_ends_with_one_where_something_was_altered(points, capsys):
    sql("UPDATE audit_auditevent SET detail = '{\"x\": 1}' WHERE sequence = 1")

    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit")

    assert ended.value.code == 1
    assert "Se alteró una nota del registro: nota 1 " in capsys.readouterr().out


def test_the_command_ends_well_where_nothing_was(points, capsys):
    call_command("verify_audit")

    assert capsys.readouterr().out == "Notas revisadas: 3. 0 hallazgos.\n"


def test_verification_asks_the_same_for_few_objects_and_for_many(points, django_assert_num_queries):
    with django_assert_num_queries(11):
        verify(at=AT)
    for point in ServicePointFactory.create_batch(20, territory=points[0].territory):
        record(point)
    domain.seal(at=AT)
    with django_assert_num_queries(11):
        verify(at=AT)
