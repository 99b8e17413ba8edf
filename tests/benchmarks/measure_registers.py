"""Attentions and complaints of many years: a page costs the same as in the first days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.benchmarks import registers
from tests.benchmarks.framework import Bench, at_most, measure
from tests.benchmarks.measure_lists import rows

FEW = 1_000


@dataclass(frozen=True)
class Page:
    """A page of a register: who opens it (a role, "" for everybody), and its address."""

    name: str
    role: str
    address: Callable[[], str]


@dataclass(frozen=True)
class Cost:
    milliseconds: float
    queries: int


def of_place(name: str, query: str = "") -> str:
    return registers.url(name, registers.place().slug, query=query)


def oldest_attentions() -> str:
    """The last page of a year: where paging by number would be slowest."""
    from urllib.parse import urlencode

    from benefits_core.models import Attention

    territory = registers.place()
    newest = Attention.objects.filter(territory=territory).newest_first()
    found = newest[min(newest.count(), 250_000) - 60]
    key = f"{found.arrived_at.isoformat()}~{found.pk}"
    asked = {"desde": str(found.day), "hasta": str(registers.today()), "despues": key}
    return of_place("benefits_core:attention_list", urlencode(asked))


def open311_list() -> str:
    return registers.url("open311:requests", "json", query=f"jurisdiction_id={registers.place().slug}")


def statistics_of_the_country() -> str:
    return registers.url("benefits_core:attention_statistics", "chile")


ATTENTIONS = (
    Page("list", "coordinator", lambda: of_place("benefits_core:attention_list")),
    Page("list, its far end", "coordinator", oldest_attentions),
    Page("day", "coordinator", lambda: of_place("benefits_core:attention_day")),
    Page("statistics", "coordinator", lambda: of_place("benefits_core:attention_statistics")),
    Page(
        "statistics of the country",
        "national_team",
        lambda: registers.url("benefits_core:attention_statistics", "chile"),
    ),
)
COMPLAINTS = (
    Page("open ones", "coordinator", lambda: registers.url("surveys:inbox")),
    Page("all of them", "coordinator", lambda: registers.url("surveys:inbox", query="estado=todos")),
    Page("all, the last page", "coordinator", lambda: registers.url("surveys:inbox", query="estado=todos&pagina=9999")),
    Page("figures", "coordinator", lambda: registers.url("surveys:figures")),
    Page("figures of the country", "national_team", lambda: registers.url("surveys:figures", query="lugar=chile")),
    Page("public figures", "", lambda: of_place("surveys:public_figures")),
    Page("Open311 list", "", open311_list),
)


def costs(bench: Bench, make: Callable[[int, int], None], pages: tuple[Page, ...], count: int) -> dict[str, Cost]:
    """What each page costs with ``count`` more rows."""
    from django.test import Client

    from portal.foundation.territories.models import Territory

    with rows(make, count):
        places = {"coordinator": registers.place(), "national_team": Territory.objects.get(path="CL")}
        clients = {role: registers.client_of(role, territory) for role, territory in places.items()}
        clients[""] = Client(HTTP_HOST="localhost")
        found = {}
        for page in pages:
            address = page.address()

            def ask(client: Any = clients[page.role], address: str = address) -> None:
                response = client.get(address)
                assert response.status_code == 200, f"{address}: {response.status_code}"

            found[page.name] = Cost(bench.milliseconds(ask), bench.queries(ask))
        return found


def register(name: str, make: Callable[[int, int], None], pages: tuple[Page, ...], many: int) -> None:
    """Two measures a page; the rows are made once for all of them."""
    taken = cache(lambda bench, count: costs(bench, make, pages, count))

    def register_page(page: Page) -> None:
        @measure(f"{name}, {page.name}: queries at {many:,} rows", at_most(10, "queries"))
        def queries(bench: Bench) -> float:
            return taken(bench, many)[page.name].queries

        @measure(f"{name}, {page.name}: time at {many:,} rows over time at {FEW:,}", at_most(1.3, "×"))
        def ratio(bench: Bench) -> float:
            return taken(bench, many)[page.name].milliseconds / taken(bench, FEW)[page.name].milliseconds

    for page in pages:
        register_page(page)


register("Attentions", registers.make_attentions, ATTENTIONS, 1_000_000)
register("Complaints", registers.make_complaints, COMPLAINTS, 100_000)
