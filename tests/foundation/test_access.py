"""Every URL of the site is asked for by everybody, and opens to those alone for whom it is meant.

ADDED A URL? Write one line into ``EXPECTED`` in ``tests/foundation/access_samples.py``; its header
explains how. A test named after your URL tells what is missing.

Everybody is: one user per role in the municipality «here» (or its region, or the country); one per
role in another municipality of another region; a superuser; and a visitor. All of them signed in
with the second factor. Objects are built «here», so people from elsewhere must not find them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone, translation

from portal.foundation.people.access import Policy
from portal.foundation.people.domain.cms import synchronize_cms_groups
from portal.foundation.people.roles import MUNICIPAL_ROLES, Role
from portal.foundation.people.third_party import policy_for
from portal.foundation.territories.models import Territory
from tests.factories.people import UserFactory, sign_in, user_with_role
from tests.factories.territories import CountryFactory, MunicipalityFactory
from tests.foundation.access_kit import EVERYBODY, SUPERUSER, VISITOR, Expect, Sample
from tests.foundation.access_samples import AREAS, EXPECTED, PUBLIC_IN_AREAS, THIRD_PARTY

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "here", "elsewhere"


@dataclass(frozen=True)
class Url:
    """One pattern of the resolver: its full name, its whole route, and what answers it."""

    name: str
    route: str
    callback: Any

    @property
    def policy(self) -> Policy | None:
        return getattr(getattr(self.callback, "view_class", None), "policy", None)


def every_url() -> list[Url]:
    with translation.override("es"):
        return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[Any], route: str, namespace: str) -> Iterator[Url]:
    for pattern in patterns:
        whole = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, whole, inner)
        elif isinstance(pattern, URLPattern):
            yield Url(f"{namespace}{pattern.name}" if pattern.name else whole, whole, pattern.callback)


URLS = every_url()
OURS = [url for url in URLS if url.policy is not None]
THEIRS = [url for url in URLS if url.policy is None]
IN_AREAS = [url for url in THEIRS if url.route.startswith(tuple(AREAS))]
ALONE = [url for url in THEIRS if not url.route.startswith(tuple(AREAS))]


@dataclass(frozen=True)
class Actor:
    """Who asks: a role (or superuser, or visitor), and whether he or she belongs to «here»."""

    name: str
    place: str
    client: Client

    def __str__(self) -> str:
        return f"{self.name} ({self.place})"


@dataclass(frozen=True)
class World:
    here: Territory
    actors: list[Actor]

    def at(self, place: str) -> list[Actor]:
        return [actor for actor in self.actors if actor.place == place]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Everybody, made once for the whole module and undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        here, other = MunicipalityFactory(name="Comuna Reservada"), MunicipalityFactory(name="Otra Comuna")
        actors = [Actor(VISITOR, HERE, Client()), Actor(SUPERUSER, HERE, _signed_in(_superuser()))]
        for role in Role:
            actors.append(Actor(role, HERE, _signed_in(user_with_role(role, _place(role, here)))))
            if role != Role.NATIONAL_TEAM:  # there is no country elsewhere
                actors.append(Actor(role, ELSEWHERE, _signed_in(user_with_role(role, _place(role, other)))))
        yield World(here, actors)
        transaction.set_rollback(True)


def _place(role: Role, municipality: Territory) -> Territory:
    if role == Role.NATIONAL_TEAM:
        return CountryFactory()
    if role == Role.REGIONAL_TEAM:
        return municipality.region
    return municipality


def _superuser() -> Any:
    return UserFactory(is_superuser=True, is_staff=True)


def _signed_in(user: Any) -> Client:
    synchronize_cms_groups(user=user, on=timezone.localdate())
    client = sign_in(Client(), user)
    RecoveryCodes.activate(user)
    session = client.session
    session[SECRET_SESSION_KEY] = "JBSWY3DPEHPK3PXP"  # as while setting up a second factor
    session.save()
    return client


# --- What is declared ---------------------------------------------------------------------------


@pytest.mark.parametrize("url", URLS, ids=lambda url: url.name)
def test_url_has_a_declared_policy(url: Url) -> None:
    assert url.policy or policy_for(url.name, url.route), (
        f"«{url.name}» ({url.route}) has no policy. A view of ours: derive from PolicyMixin and set `policy`. "
        "A page of another package: add it to portal/foundation/people/third_party.py."
    )


def test_expectations_name_urls_that_exist() -> None:
    assert sorted(set(EXPECTED) - {url.name for url in OURS}) == []
    assert sorted(set(THIRD_PARTY) - {url.name for url in ALONE}) == []


@pytest.mark.parametrize("url", OURS, ids=lambda url: url.name)
def test_policy_and_expectation_agree(url: Url) -> None:
    """A policy looser or stricter than the expectation is found without asking for a page."""
    expect, policy = expectation(url), url.policy
    roles = {name for name in expect.opens if name not in {SUPERUSER, VISITOR}}

    assert policy.public or VISITOR not in expect.opens
    assert not policy.roles or roles <= policy.roles
    assert not policy.roles or policy.rule or SUPERUSER not in expect.opens
    if policy.roles and not policy.rule and not url_takes_arguments(url):
        assert roles == policy.roles


# --- What happens -------------------------------------------------------------------------------


def by_sample() -> dict[str, list[Url]]:
    """Our URLs, those that ask for the same sample together: building it costs more than asking."""
    groups: dict[Any, list[Url]] = {}
    for url in OURS:
        sample = EXPECTED[url.name].sample if url.name in EXPECTED else None
        groups.setdefault(sample or url.name, []).append(url)
    return {group[0].name: group for group in groups.values()}


@pytest.mark.parametrize("urls", by_sample().values(), ids=by_sample())
def test_our_pages_open_to_those_alone_for_whom_they_are_meant(urls: list[Url], world: World) -> None:
    build = expectation(urls[0]).sample
    sample = build(world.here) if build else Sample({})
    for url in urls:
        # What one page writes (a look, a draft) the next one does not find.
        with transaction.atomic():
            check(url, expectation(url), sample, world)
            transaction.set_rollback(True)


@pytest.mark.parametrize("url", ALONE, ids=lambda url: url.name)
def test_page_of_another_package_opens_to_those_alone_for_whom_it_is_meant(url: Url, world: World) -> None:
    assert url.name in THIRD_PARTY, f"Add «{url.name}» to THIRD_PARTY in tests/foundation/access_samples.py."
    expect = THIRD_PARTY[url.name]
    check(url, expect, expect.sample(world.here) if expect.sample else Sample({}), world)


@pytest.mark.parametrize("url", IN_AREAS, ids=lambda url: url.name)
def test_area_of_another_package_is_closed_to_everybody_else(url: Url, world: World) -> None:
    if url.name in PUBLIC_IN_AREAS:
        return
    let_in = next(names for prefix, names in AREAS.items() if url.route.startswith(prefix))
    address = concrete(url.route)

    opened = [str(actor) for actor in world.at(HERE) if actor.name not in let_in and opens(actor, address)]

    assert opened == [], address


def test_areas_open_to_those_for_whom_they_are_meant(world: World) -> None:
    opened = {
        prefix: {actor.name for actor in world.at(HERE) if actor.client.get(f"/{prefix}").status_code == 200}
        for prefix in AREAS
    }

    assert opened == AREAS


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_visitor_is_kept_out_in_every_language(language: str, world: World) -> None:
    """The other languages' prefixes lead to the same views; one that did not would show here."""
    visitor = next(actor for actor in world.actors if actor.name == VISITOR)
    opened = []
    for url in OURS:
        expect = EXPECTED.get(url.name)
        if expect and VISITOR not in expect.opens and not expect.sample:
            with translation.override(language):
                if opens(visitor, reverse(url.name) + expect.query):
                    opened.append(url.name)

    assert opened == []


# --- How it is asked ----------------------------------------------------------------------------


def expectation(url: Url) -> Expect:
    assert url.name in EXPECTED, (
        f"«{url.name}» ({url.route}) is new. Add to EXPECTED in tests/foundation/access_samples.py who may open it"
        + (", and a `sample` that builds its object." if url_takes_arguments(url) else ".")
    )
    expect = EXPECTED[url.name]
    assert expect.sample or not url_takes_arguments(url), (
        f"«{url.name}» takes arguments: give its expectation a `sample` (tests/foundation/access_samples.py)."
    )
    return expect


def url_takes_arguments(url: Url) -> bool:
    return "<" in url.route


def check(url: Url, expect: Expect, sample: Sample, world: World) -> None:
    with translation.override("es"):
        address = _address(url, sample) + (sample.query or expect.query)
    meant = {
        str(actor)
        for actor in world.actors
        if actor.name in expect.opens and (actor.place == HERE or expect.anywhere or not expect.sample)
    }
    answers = {str(actor): actor.client.get(address) for actor in world.actors}

    assert {name for name, response in answers.items() if is_open(response)} == meant, address
    assert leaks(answers, sample, world, expect) == []


def _address(url: Url, sample: Sample) -> str:
    try:
        return reverse(url.name, kwargs=sample.kwargs)
    except NoReverseMatch:
        return reverse(url.name, args=list(sample.kwargs.values()))


def leaks(answers: dict[str, Any], sample: Sample, world: World, expect: Expect) -> list[str]:
    """Texts of the object in the answer to somebody for whom the page is not meant."""
    if expect.anywhere:
        return []
    return [
        f"{actor}: {text}"
        for actor in world.actors
        if not is_open(answers[str(actor)])
        for text in sample.texts
        if text in answers[str(actor)].content.decode()
    ]


def test_a_page_behind_the_sign_in_is_asked_for_again(world: World) -> None:
    actor = next(actor for actor in world.at(HERE) if actor.name == Role.COORDINATOR)

    with translation.override("es"):
        kept = {name: actor.client.get(reverse(name))["Cache-Control"] for name in ("dashboards:tasks", "people:list")}

    assert kept == dict.fromkeys(kept, "private, no-cache")


def opens(actor: Actor, address: str) -> bool:
    return is_open(actor.client.get(address))


def is_open(response: Any) -> bool:
    """The page itself, a page that only takes posts, or a redirect onwards; not a redirect to sign-in."""
    if response.status_code in {301, 302}:
        return not _leads_to_sign_in(response.url)
    return response.status_code in {200, 405}


def _leads_to_sign_in(address: str) -> bool:
    return bool(re.match(r"(/en)?/(cuenta/ingresar|cuenta/segundo-paso/confirmar|cms|django-admin/login)/", address))


# Routes of other packages: any value does, since who may not enter is refused before the value is looked at.
VALUES = {"int": "999999", "str": "x", "slug": "x", "path": "x", "uuid": "00000000-0000-0000-0000-000000000000"}


def concrete(route: str) -> str:
    """An address that the route matches."""
    filled = re.sub(r"<(?:(\w+):)?\w+>", lambda found: VALUES.get(found[1] or "str", "x"), _without_regex(route))
    return "/" + filled


def _without_regex(route: str) -> str:
    named = re.sub(r"\(\?P<\w+>[^()]*(?:\([^()]*\)[^()]*)*\)", "x", route)
    return named.replace("^", "").replace("$", "").replace(".*", "x").replace("\\", "").replace("?", "")


def test_everybody_is_asked(world: World) -> None:
    assert {actor.name for actor in world.at(HERE)} == set(EVERYBODY)
    assert {actor.name for actor in world.at(ELSEWHERE)} == set(Role) - {Role.NATIONAL_TEAM}
    assert set(Role) >= MUNICIPAL_ROLES


@pytest.mark.parametrize("path", ["/%00", "/estandares/%00/", "/en/a%00b/", "/municipalidades/?q=%00", "/plan/?q=a%00"])
def test_an_address_with_a_null_byte_is_refused(path: str, world: World) -> None:
    """PostgreSQL takes no null byte in a text: whoever asks for one must not get an error of the server."""
    assert {actor.client.get(path).status_code for actor in world.at(HERE)} == {400}
