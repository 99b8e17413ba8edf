"""What test_access.py expects of the addresses of attentions, queues and agendas. See access_samples.py."""

from __future__ import annotations

from benefits_core.domain import exports as export_verbs
from benefits_core.models import AgendaException, Desk, Queue, QueueKind
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from tests.factories import attentions, queues
from tests.factories.territories import ServicePointFactory
from tests.foundation.access_kit import AT, EVERYBODY, LEADS, NOBODY, STAFF, WRITES, Expect, Sample

RECORDS: frozenset[str] = frozenset({Role.TEAM_MEMBER, Role.COORDINATOR, Role.CLERK})
READS_HISTORY: frozenset[str] = frozenset({Role.TEAM_MEMBER, Role.COORDINATOR, Role.DIDECO})
ATTENDS: frozenset[str] = STAFF | {Role.CLERK}


def a_register(here: Territory) -> Sample:
    made = attentions.attention(municipality=here, matter=attentions.matter(territory=here, name="Materia reservada"))
    return Sample({"slug": here.slug}, (here.name, made.service_point.name, "Materia reservada"))


def an_attention(here: Territory) -> Sample:
    made = attentions.attention(municipality=here)
    return Sample({"pk": made.pk}, (here.name, made.service_point.name))


def an_open_attention(here: Territory) -> Sample:
    made = attentions.open_attention(municipality=here)
    return Sample({"pk": made.pk}, (here.name, made.service_point.name))


def a_service_point(here: Territory) -> Sample:
    point = ServicePointFactory(territory=here, name="Delegación reservada")
    return Sample({"slug": here.slug, "pk": point.pk}, (here.name, "Delegación reservada"))


def a_closed_service_point(here: Territory) -> Sample:
    point = ServicePointFactory(territory=here, name="Delegación reservada", is_active=False)
    return Sample({"slug": here.slug, "pk": point.pk}, (here.name, "Delegación reservada"))


def a_matter(here: Territory) -> Sample:
    matter = attentions.matter(territory=here, name="Materia reservada")
    return Sample({"slug": here.slug, "pk": matter.pk}, (here.name, "Materia reservada"))


def a_file_of_a_machine(here: Territory) -> Sample:
    made = attentions.batch(municipality=here, name="turnos-reservados.csv")
    return Sample({"import_id": made.pk}, (here.name, "turnos-reservados"))


def a_file_to_map(here: Territory) -> Sample:
    made = attentions.batch(municipality=here, name="turnos-reservados.csv", state="read")
    return Sample({"import_id": made.pk}, (here.name, "turnos-reservados"))


def an_agenda(here: Territory) -> Sample:
    made = attentions.appointment(municipality=here, name="Rosa Reservada")
    return Sample({"slug": here.slug}, ("Rosa Reservada", made.service_point.name))


def an_appointment(here: Territory) -> Sample:
    return Sample({"pk": attentions.appointment(municipality=here, name="Rosa Reservada").pk}, ("Rosa Reservada",))


def a_time(here: Territory) -> Sample:
    point = attentions.agenda(point=ServicePointFactory(territory=here))
    return Sample({"slug": here.slug, "pk": point.pk, "moment": "20260304T0900"})


def hours_of_an_agenda(here: Territory) -> Sample:
    point = attentions.agenda(point=ServicePointFactory(territory=here, name="Delegación reservada"))
    return Sample({"slug": here.slug, "pk": point.agenda_rules.first().pk}, ("Delegación reservada",))


def an_exception(here: Territory) -> Sample:
    point = ServicePointFactory(territory=here, name="Delegación reservada")
    closed = AgendaException.objects.create(service_point=point, kind="closed", day=AT.date())
    return Sample({"slug": here.slug, "pk": closed.pk}, (here.name,))


def a_copy(here: Territory) -> Sample:
    """Asked for by somebody else: nobody finds it."""
    made = export_verbs.request_export(
        territory=here,
        wanted={"first": "2026-03-01", "last": "2026-03-02"},
        format="csv",
        language="es",
        by=attentions.clerk(here),
        at=AT,
    )
    return Sample({"export_id": made.pk}, (here.name,))


def a_queue(here: Territory) -> Sample:
    queue = queues.queue(point=ServicePointFactory(territory=here, name="Fila reservada"))
    queues.ticket(queue)
    return Sample({"slug": here.slug, "pk": queue.pk}, (here.name, "Fila reservada"))


def queues_of_a_place(here: Territory) -> Sample:
    return Sample({"slug": here.slug}, a_queue(here).texts)


def a_point_without_a_queue(here: Territory) -> Sample:
    return a_service_point(here)


def a_button(here: Territory) -> Sample:
    sample = a_queue(here)
    kind = QueueKind.objects.get(queue_id=sample.kwargs["pk"])
    return Sample({**sample.kwargs, "kind_pk": kind.pk}, sample.texts)


def a_counter(here: Territory) -> Sample:
    sample = a_queue(here)
    desk = Desk.objects.get(queue_id=sample.kwargs["pk"])
    return Sample({**sample.kwargs, "desk_pk": desk.pk}, sample.texts)


def a_device(here: Territory) -> Sample:
    sample = a_queue(here)
    link, _token = queues.link(Queue.objects.get(pk=sample.kwargs["pk"]), name="Tótem reservado")
    return Sample({**sample.kwargs, "link_pk": link.pk}, ("Tótem reservado",))


def a_key(here: Territory) -> Sample:
    return Sample({"token": queues.link(queues.queue(municipality=here))[1]})


def a_ticket(here: Territory) -> Sample:
    return Sample({"pk": queues.ticket(queues.queue(municipality=here)).pk}, (here.name, "A001"))


def a_button_of_the_kiosk(here: Territory) -> Sample:
    return Sample({"pk": queues.queue(municipality=here).kinds.get().pk})


ATTENTIONS: dict[str, Expect] = {
    # the register, its figures, and what a municipality sets for it
    "benefits_core:attention_start": Expect(ATTENDS),
    "benefits_core:attention_list": Expect(ATTENDS, a_register),
    "benefits_core:attention_record": Expect(RECORDS, a_register),
    "benefits_core:history": Expect(READS_HISTORY, a_register),
    # without a history that one has opened, each leads to the search
    "benefits_core:history_show": Expect(READS_HISTORY, a_register),
    "benefits_core:history_close": Expect(READS_HISTORY, a_register),
    "benefits_core:attention_day": Expect(ATTENDS, a_register),
    "benefits_core:attention_statistics": Expect(STAFF, a_register),
    "benefits_core:attention_csv": Expect(STAFF, a_register),
    "benefits_core:attention_request_export": Expect(STAFF, a_register),
    "benefits_core:attention_export": Expect(NOBODY, a_copy),
    "benefits_core:attention_export_download": Expect(NOBODY, a_copy),
    "benefits_core:attention": Expect(ATTENDS, an_attention),
    "benefits_core:attention_finish": Expect(LEADS, an_open_attention),  # and whoever began it
    "benefits_core:attention_correct": Expect(LEADS, an_attention),  # and whoever wrote it down
    "benefits_core:attention_void": Expect(LEADS, an_attention),
    "benefits_core:service_points": Expect(STAFF, a_register),
    "benefits_core:service_point_add": Expect(LEADS, a_register),
    "benefits_core:service_point_change": Expect(LEADS, a_service_point),
    "benefits_core:service_point_hours": Expect(LEADS, a_service_point),
    "benefits_core:service_point_close": Expect(LEADS, a_service_point),
    "benefits_core:service_point_reopen": Expect(LEADS, a_closed_service_point),
    "benefits_core:matters": Expect(LEADS, a_register),
    "benefits_core:matter_add": Expect(LEADS, a_register),
    "benefits_core:matter_change": Expect(LEADS, a_matter),
    "benefits_core:matter_switch": Expect(LEADS, a_matter),
    "benefits_core:wait_promises": Expect(STAFF, a_register),
    "benefits_core:wait_promise_add": Expect(LEADS, a_register),
    # files of queue machines
    "benefits_core:imports": Expect(WRITES, a_register),
    "benefits_core:import_upload": Expect(WRITES, a_register),
    "benefits_core:import": Expect(WRITES, a_file_of_a_machine),
    "benefits_core:import_columns": Expect(WRITES, a_file_to_map),
    "benefits_core:import_values": Expect(WRITES, a_file_to_map),
    "benefits_core:import_run": Expect(WRITES, a_file_of_a_machine),
    "benefits_core:import_undo": Expect(WRITES, a_file_of_a_machine),
    "benefits_core:import_discard": Expect(WRITES, a_file_of_a_machine),
    "benefits_core:import_rejected": Expect(WRITES, a_file_of_a_machine),
    # appointments: for everybody, by the receipt (visitors are led to its form), and the team's agenda
    "benefits_core:book_start": Expect(EVERYBODY),
    "benefits_core:booked": Expect(EVERYBODY),
    "benefits_core:book_leave": Expect(EVERYBODY),
    "benefits_core:own_appointment": Expect(EVERYBODY),
    "benefits_core:own_move": Expect(EVERYBODY),
    "benefits_core:own_cancel": Expect(EVERYBODY),
    "benefits_core:book_place": Expect(EVERYBODY, lambda here: Sample({"slug": here.slug}), anywhere=True),
    "benefits_core:book": Expect(EVERYBODY, a_time, anywhere=True),
    "benefits_core:appointment_do": Expect(RECORDS, an_appointment),
    "benefits_core:appointment_slip": Expect(RECORDS, an_appointment),
    "benefits_core:appointment_cancel": Expect(RECORDS, an_appointment),
    "benefits_core:agenda": Expect(RECORDS, an_agenda),
    "benefits_core:agenda_book": Expect(RECORDS, a_time),
    "benefits_core:agenda_rules": Expect(LEADS, an_agenda),
    "benefits_core:agenda_rule_add": Expect(LEADS, a_service_point),
    "benefits_core:agenda_rule_end": Expect(LEADS, hours_of_an_agenda),
    "benefits_core:agenda_close_day": Expect(LEADS, a_service_point),
    "benefits_core:agenda_add_slots": Expect(LEADS, a_service_point),
    "benefits_core:agenda_remove": Expect(LEADS, an_exception),
    # queues: the key of a device opens its pages, and nobody's account does
    "benefits_core:device_open": Expect(EVERYBODY, a_key, anywhere=True),
    "benefits_core:kiosk": Expect(NOBODY),
    "benefits_core:kiosk_announce": Expect(NOBODY),
    "benefits_core:kiosk_take": Expect(NOBODY, a_button_of_the_kiosk),
    "benefits_core:kiosk_ticket": Expect(NOBODY, a_ticket),
    "benefits_core:display": Expect(NOBODY),
    "benefits_core:counter": Expect(RECORDS, queues_of_a_place),
    "benefits_core:ticket_transfer": Expect(RECORDS, a_ticket),
    "benefits_core:ticket_withdraw": Expect(RECORDS, a_ticket),
    "benefits_core:queue": Expect(STAFF, queues_of_a_place),
    "benefits_core:queue_history": Expect(STAFF, a_queue),
    "benefits_core:queue_open": Expect(LEADS, a_point_without_a_queue),
    "benefits_core:queue_setup": Expect(LEADS, a_queue),
    "benefits_core:queue_rule": Expect(LEADS, a_queue),
    "benefits_core:queue_switch": Expect(LEADS, a_queue),
    "benefits_core:queue_kind_add": Expect(LEADS, a_queue),
    "benefits_core:queue_kind_change": Expect(LEADS, a_button),
    "benefits_core:queue_desk_add": Expect(LEADS, a_queue),
    "benefits_core:queue_desk_change": Expect(LEADS, a_counter),
    "benefits_core:queue_link_issue": Expect(LEADS, a_queue),
    "benefits_core:queue_link_revoke": Expect(LEADS, a_device),
}
