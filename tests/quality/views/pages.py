"""Self-diagnoses of today, browsers signed in, and addresses, for the tests of the screens."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import quality as factories
from tests.factories.cycles import CycleFactory
from tests.factories.people import sign_in, user_with_role

# The views take the time from the clock: a cycle of this year, without windows, holds it.
NOW = timezone.now()
SAVED = {"level": "1", "reason": "", "notes": "", "revision": ""}


def this_year():
    return CycleFactory(year=timezone.localdate().year)


def draft_of_now(**fields):
    return factories.assessment(cycle=this_year(), at=NOW, **fields)


def submitted_now(**fields):
    return factories.submitted_assessment(cycle=this_year(), at=NOW, **fields)


def as_role(role, territory):
    return sign_in(Client(), user_with_role(role, territory))


def as_team(assessment):
    return sign_in(Client(), assessment.opened_by)


def url(name, assessment, *more):
    return reverse(f"quality:assessment_{name}", args=[assessment.pk, *more])


def body(response):
    return response.content.decode()
