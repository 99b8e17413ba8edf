"""Several people who want the same time at the same moment: in threads, and in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from uuid import uuid4

import pytest
from django.conf import settings

from benefits_core.domain import appointments
from benefits_core.domain.appointments import Booked
from benefits_core.errors import SlotTaken
from benefits_core.models import Appointment
from portal.foundation.receipts.models import Receipt
from tests.benefits_core.domain.test_attentions_at_once import at_once
from tests.factories import attentions as factory
from tests.factories.attentions import NOW

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES = 3
BOOK = """
import django; django.setup()
import sys
from datetime import datetime
from benefits_core.domain import appointments
from benefits_core.errors import SlotTaken
from benefits_core.models import Matter
from portal.foundation.territories.models import ServicePoint
point = ServicePoint.objects.select_related("territory").get(pk=int(sys.argv[1]))
for number in range(4):
    try:
        appointments.book(
            service_point=point,
            starts_at=datetime.fromisoformat(sys.argv[2]),
            matter=Matter.objects.get(pk=int(sys.argv[3])),
            name="Rosa",
            by=None,
            at=datetime.fromisoformat(sys.argv[4]),
        )
        print("booked")
    except SlotTaken:
        print("taken")
"""


def test_threads_never_book_one_over_another() -> None:
    point, matter = factory.agenda(capacity=3), factory.matter()

    ended = at_once(
        *(
            lambda: appointments.book(
                service_point=point, starts_at=factory.slot(point), matter=matter, name="Rosa", by=None, at=NOW
            )
            for _ in range(8)
        )
    )

    assert [sum(isinstance(each, kind) for each in ended) for kind in (Booked, SlotTaken)] == [3, 5]
    assert sorted(Appointment.objects.values_list("seat", flat=True)) == [1, 2, 3]
    assert Receipt.objects.count() == 3


def test_processes_never_book_one_over_another(database_url: str) -> None:
    point, matter = factory.agenda(capacity=5), factory.matter()
    arguments = [str(point.pk), factory.slot(point).isoformat(), str(matter.pk), NOW.isoformat()]
    environment = {**os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "portal.settings.test"}

    running = [
        subprocess.Popen(
            [sys.executable, "-c", BOOK, *arguments],
            cwd=settings.ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    said = [line for process in running for line in process.communicate(timeout=120)[0].split()]

    assert (said.count("booked"), said.count("taken")) == (5, 7)
    assert sorted(Appointment.objects.values_list("seat", flat=True)) == [1, 2, 3, 4, 5]


def test_one_form_sent_by_several_requests_books_once() -> None:
    point, matter, token = factory.agenda(capacity=5), factory.matter(), uuid4()

    made = at_once(
        *(
            lambda: appointments.book(
                service_point=point,
                starts_at=factory.slot(point),
                matter=matter,
                name="Rosa",
                form_token=token,
                by=None,
                at=NOW,
            )
            for _ in range(4)
        )
    )

    assert len({each.appointment.pk for each in made}) == Appointment.objects.count() == 1


def test_two_who_move_to_the_last_time_do_not_share_it() -> None:
    point = factory.agenda()
    first = factory.appointment(point=point)
    second = factory.appointment(point=point, starts_at=factory.slot(point, hour=10))
    wanted = factory.slot(point, hour=11)

    ended = at_once(
        *(
            lambda one=one: appointments.move(appointment=one, starts_at=wanted, by=None, at=NOW)
            for one in (first, second)
        )
    )

    assert sum(isinstance(each, SlotTaken) for each in ended) == 1
    assert Appointment.objects.filter(starts_at=wanted).count() == 1
