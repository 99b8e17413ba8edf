"""The pages that citizens read, as a browser asks for them."""

from __future__ import annotations

import gzip
import re
from http.client import HTTPConnection

from tests.benchmarks.framework import Bench, Load, at_least, at_most, measure

FINDER = "/municipalidades/?q=san"
MUNICIPALITY = "/municipalidades/quillota/"
PROCEDURE = "/tramites/ingreso-al-registro/"
CITIZEN_PAGES = {
    "start": "/",
    "finder": FINDER,
    "municipality": MUNICIPALITY,
    "standards": "/estandares/",
    "procedures": "/tramites/",
    "procedure": PROCEDURE,
    "step": f"{PROCEDURE}1/pasos/confirmar-el-domicilio/",
    "how to read": "/como-leer/",
}
SECONDS = 5.0


def loaded(bench: Bench, path: str, clients: int) -> Load:
    with bench.server():
        bench.load(path, clients=2, seconds=1)  # both workers have imported and cached what they need
        load = bench.load(path, clients=clients, seconds=SECONDS)
    if load.failures:
        raise RuntimeError(f"{load.failures} requests of {path} failed")
    return load


def register_latency(name: str, path: str, clients: int, limit: float) -> None:
    @measure(f"{name}, {clients} client(s): median", at_most(limit, "ms"))
    def median(bench: Bench) -> float:
        return loaded(bench, path, clients).median

    @measure(f"{name}, {clients} client(s): 95th percentile", at_most(limit * 3, "ms"))
    def percentile(bench: Bench) -> float:
        return loaded(bench, path, clients).percentile_95


for page_name, page_path in (("Finder", FINDER), ("Municipality page", MUNICIPALITY), ("Procedure", PROCEDURE)):
    register_latency(page_name, page_path, 1, 25)


def register_throughput(name: str, path: str, clients: int) -> None:
    @measure(f"{name}, {clients} clients: requests a second", at_least(100, "/s"))
    def per_second(bench: Bench) -> float:
        return loaded(bench, path, clients).per_second


for page_name, page_path in (("Finder", FINDER), ("Municipality page", MUNICIPALITY)):
    for client_count in (8, 64):
        register_throughput(page_name, page_path, client_count)


def transferred(bench: Bench, path: str) -> tuple[float, int]:
    """Kilobytes (compressed as the browser receives them) and requests of a cold visit."""
    with bench.server():
        addresses = [path]
        size = 0.0
        connection = HTTPConnection("127.0.0.1", bench.port, timeout=30)
        for address in addresses:
            connection.request("GET", address, headers={"Accept-Encoding": "br, gzip"})
            response = connection.getresponse()
            body = response.read()
            size += len(body)
            if address == path:
                html = gzip.decompress(body) if response.headers["Content-Encoding"] == "gzip" else body
                addresses += re.findall(r'(?:href|src)="(/static/[^"]+)"', html.decode())
        return size / 1024, len(addresses)


def register_weight(name: str, path: str) -> None:
    @measure(f"Weight of the {name} page", at_most(20, "KB"))
    def weight(bench: Bench) -> float:
        return transferred(bench, path)[0]

    @measure(f"Requests of the {name} page", at_most(4, "requests"))
    def requests(bench: Bench) -> float:
        return transferred(bench, path)[1]


for page_name, page_path in CITIZEN_PAGES.items():
    register_weight(page_name, page_path)


@measure("Queries of the public profile", at_most(10, "queries"))
def profile_queries(bench: Bench) -> float:
    from django.utils import timezone

    from portal.pages.queries.municipalities import by_slug, public_profile

    municipality = by_slug("quillota")
    assert municipality is not None
    return bench.queries(lambda: public_profile(municipality, today=timezone.localdate()))
