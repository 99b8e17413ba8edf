"""What test_access.py expects of the survey's addresses. See access_samples.py."""

from __future__ import annotations

from django.utils import timezone

from portal.foundation.people.roles import MUNICIPAL_ROLES, Role
from portal.foundation.territories.models import Territory
from surveys.domain import papers, screens
from surveys.domain import results as results_verbs
from surveys.domain import rounds as verbs
from surveys.jobs.rounds import compute, digest_of
from surveys.models import Round, RoundResult
from tests.factories import rounds
from tests.factories.people import UserFactory
from tests.foundation.access_kit import EVERYBODY, LEADS_TEAM, NOBODY, STAFF, Expect, Sample

HELPS = MUNICIPAL_ROLES | {Role.CLERK}


def a_round(here: Territory) -> Sample:
    return Sample({"pk": rounds.planned(here).pk}, (here.name,))


def an_open_round(here: Territory) -> Sample:
    return Sample({"pk": rounds.opened(here).pk}, (here.name,))


def _published(here: Territory) -> Round:
    round = verbs.close_round(round=rounds.opened(here), by=None, at=rounds.NOW)
    found = compute(round)
    verbs.publish_results(round=round, figures=found, digest=digest_of(found), method="1", by=None, at=rounds.NOW)
    return round


def results(here: Territory) -> Sample:
    return Sample({"pk": _published(here).pk}, (here.name,))


def failed(here: Territory) -> Sample:
    round = verbs.close_round(round=rounds.opened(here), by=None, at=rounds.NOW)
    results_verbs.give_up(round=round, by=None, at=rounds.NOW)
    return Sample({"pk": round.pk}, (here.name,))


def a_region(here: Territory) -> Sample:
    """The region of the place, with a survey in it."""
    rounds.planned(here)
    return Sample({}, (here.name,), f"?lugar={here.region.slug}")


def a_driver(here: Territory) -> Sample:
    """Something that weighs and is weak in the survey of the place."""
    round = _published(here)
    nothing = {"value": 0.4, "n": 90, "size": 90, "low": 0.3, "high": 0.5, "silence": None}
    weak = {"code": "P02", "share": 0.4, "low": 0.2, "high": 0.5, "quadrant": "improve", "is_clear": True}
    figures = round.result.figures | {"drivers": {"drivers": [weak | {"top": nothing}]}}
    RoundResult.objects.filter(round=round).update(figures=figures)
    return Sample({"reference": f"{round.pk}:P02"})


def public_results(here: Territory) -> Sample:
    return Sample({"slug": here.slug, "year": _published(here).cycle.year}, (here.name,))


def a_municipality(here: Territory) -> Sample:
    return Sample({"slug": here.slug}, (here.name,))


def an_instrument(here: Territory) -> Sample:
    return Sample({"pk": rounds.instrument().pk})


def a_code(here: Territory) -> Sample:
    return Sample({"code": str(rounds.opened(here, at=timezone.now()).open_code)})


def a_wish(here: Territory) -> Sample:
    return Sample({"code": "A1B2C3D4E5"})


def an_open_round_of_today(here: Territory) -> Sample:
    return Sample({"pk": rounds.opened(here, at=timezone.now()).pk}, (here.name,))


def a_screen(here: Territory) -> Sample:
    screen, _key = screens.add_screen(round=rounds.opened(here), name="Sala de espera", by=None, at=rounds.NOW)
    return Sample({"pk": screen.pk}, (here.name,))


def a_key(here: Territory) -> Sample:
    return Sample({"key": "x"})


def a_paper(here: Territory) -> Sample:
    round = rounds.opened(here)
    code = rounds.token(round)
    for mark in ("7", "1"):
        papers.type_paper(round=round, code=code, given=rounds.CONTENT | {"P01": mark}, by=UserFactory(), at=rounds.NOW)
    return Sample({"pk": round.papers.get().pk}, (here.name,))


def a_slip(here: Territory) -> Sample:
    return Sample({"code": "A1B2C3D4E5"})


WATCHES = frozenset({Role.REGIONAL_TEAM, Role.NATIONAL_TEAM})

ROUNDS: dict[str, Expect] = {
    "surveys:code": Expect(EVERYBODY),
    "surveys:answered": Expect(EVERYBODY),
    "surveys:answer": Expect(EVERYBODY, a_code, anywhere=True),
    "surveys:answer_page": Expect(EVERYBODY, a_code, anywhere=True),
    "surveys:round_list": Expect(STAFF),
    "surveys:round_plan": Expect(LEADS_TEAM),
    "surveys:instrument": Expect(STAFF, an_instrument, anywhere=True),
    "surveys:round": Expect(STAFF, a_round),
    "surveys:round_open": Expect(LEADS_TEAM, a_round),
    "surveys:round_close": Expect(LEADS_TEAM, an_open_round),
    "surveys:round_call_off": Expect(LEADS_TEAM, a_round),
    "surveys:round_slips": Expect(LEADS_TEAM, an_open_round),
    # Without a screen's key these pages are not found, by anybody.
    "surveys:kiosk": Expect(NOBODY),
    "surveys:kiosk_open": Expect(NOBODY, a_key, anywhere=True),
    "surveys:kiosk_answer": Expect(NOBODY),
    "surveys:kiosk_slip": Expect(NOBODY, a_slip, anywhere=True),
    "surveys:kiosk_thanks": Expect(NOBODY),
    "surveys:help_list": Expect(HELPS),
    "surveys:assist": Expect(HELPS, an_open_round_of_today),
    "surveys:papers": Expect(HELPS, an_open_round_of_today),
    "surveys:paper_print": Expect(HELPS, an_open_round_of_today),
    # Found by the two who typed it, and by nobody else.
    "surveys:paper_decide": Expect(NOBODY, a_paper),
    "surveys:paper_discard": Expect(NOBODY, a_paper),
    "surveys:screen_add": Expect(LEADS_TEAM, an_open_round),
    "surveys:screen_remove": Expect(LEADS_TEAM, a_screen),
    "surveys:opt_out": Expect(EVERYBODY, a_wish, anywhere=True),
    "surveys:invitations": Expect(LEADS_TEAM, an_open_round),
    "surveys:contacts_add": Expect(LEADS_TEAM, an_open_round),
    "surveys:contacts_known": Expect(LEADS_TEAM, an_open_round),
    "surveys:invitations_send": Expect(LEADS_TEAM, an_open_round),
    "surveys:reminders_send": Expect(LEADS_TEAM, an_open_round),
    "surveys:round_results": Expect(STAFF, results),
    "surveys:round_try_again": Expect(LEADS_TEAM, failed),
    "surveys:territory_rounds": Expect(WATCHES, a_region),
    "surveys:territory_rounds_csv": Expect(WATCHES, a_region),
    "surveys:dictionary": Expect(EVERYBODY),
    "surveys:dictionary_csv": Expect(EVERYBODY),
    "surveys:method": Expect(EVERYBODY),
    "surveys:latest_results": Expect(EVERYBODY, a_municipality, anywhere=True),
    "surveys:public_results": Expect(EVERYBODY, public_results, anywhere=True),
    "surveys:public_results_report": Expect(EVERYBODY, public_results, anywhere=True),
    "surveys:public_results_csv": Expect(EVERYBODY, public_results, anywhere=True),
}
