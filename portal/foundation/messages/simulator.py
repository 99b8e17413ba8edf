"""A gateway of text messages that is a real server and reaches no telephone.

It speaks the protocol of ``gateways``, keeps what it accepted in memory, and reports deliveries. Its
faults are drawn from a seed and the message's key, so that a run can be repeated; and some endings
of numbers always fail in one way, so that anybody can see it on the screen:

====  =======================================================================
0404  refused at once: no such number
0410  accepted, then reported undeliverable
0408  accepted, but answered too late
0503  refused once because of a fault of the server, taken the next time
0500  refused always because of a fault of the server
====  =======================================================================

``GET /messages`` lists what telephones received; ``requests`` there counts how often each was asked for.
"""

from __future__ import annotations

import base64
import hmac
import json
import threading
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from portal.foundation.messages import signatures

LARGEST = 20_000
REPORT_TRIES = 5


@dataclass(frozen=True)
class Faults:
    """Shares from 0 to 1 of the messages that meet a fault, and how many seconds slow ones and reports take."""

    seed: int = 1
    slow: float = 0.0
    failing: float = 0.0
    undeliverable: float = 0.0
    duplicate: float = 0.0
    slow_seconds: float = 12.0
    report_after: float = 0.5


@dataclass
class Accepted:
    """One message as its telephone received it."""

    id: str
    to: str
    text: str
    reference: str
    callback: str = field(repr=False)
    requests: int = 1
    status: str = "accepted"


class Simulator:
    """What the server knows; every request is answered under one lock, except for its delay."""

    def __init__(self, *, faults: Faults, user: str, password: str) -> None:
        self.faults = faults
        self.password = password
        self.credentials = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        self.accepted: dict[str, Accepted] = {}
        self.failed_once: set[str] = set()
        self.lock = threading.Lock()

    def take(self, key: str, content: dict[str, Any]) -> tuple[int, dict[str, str], float]:
        """Status, answer and seconds to wait before it."""
        to = str(content.get("to", ""))
        draw = Random(f"{self.faults.seed} {key}")  # noqa: S311  (repeatable, not secret)
        is_slow, fails, is_lost, is_double = (
            draw.random() < share
            for share in (self.faults.slow, self.faults.failing, self.faults.undeliverable, self.faults.duplicate)
        )
        with self.lock:
            known = self.accepted.get(key)
            if known is not None:
                known.requests += 1
                return 202, {"id": known.id}, 0
            if not key or not to.startswith("+") or not content.get("text"):
                return 400, {"error": "incomplete"}, 0
            if to.endswith("0404"):
                return 422, {"error": "no_such_number"}, 0
            once = (fails or to.endswith("0503")) and key not in self.failed_once
            if once or to.endswith("0500"):
                self.failed_once.add(key)
                return 500, {"error": "server_fault"}, 0
            message = Accepted(
                f"sim-{len(self.accepted) + 1}", to, str(content["text"]), key, str(content.get("callback", ""))
            )
            self.accepted[key] = message
        status = "undeliverable" if is_lost or to.endswith("0410") else "delivered"
        threading.Thread(target=self._report, args=(message, status, 2 if is_double else 1), daemon=True).start()
        late = is_slow or to.endswith("0408")
        return 202, {"id": message.id}, self.faults.slow_seconds if late else 0

    def listed(self) -> list[dict[str, Any]]:
        with self.lock:
            return [asdict(message) for message in self.accepted.values()]

    def is_known(self, authorization: str) -> bool:
        return hmac.compare_digest(authorization.encode(), self.credentials.encode())

    def _report(self, message: Accepted, status: str, copies: int) -> None:
        time.sleep(self.faults.report_after)
        with self.lock:
            message.status = status
        if message.callback.startswith(("http://", "https://")):
            content = {"reference": message.reference, "status": status}
            content["reason"] = "absent_subscriber" if status == "undeliverable" else ""
            content["at"] = datetime.now(UTC).isoformat()
            for _copy in range(copies):
                self._post(message.callback, json.dumps(content).encode())

    def _post(self, address: str, body: bytes) -> None:
        for attempt in range(REPORT_TRIES):
            signature = signatures.sign(body, key=self.password, at=datetime.now(UTC))
            headers = {"Content-Type": "application/json", signatures.HEADER: signature}
            try:
                urlopen(Request(address, body, headers), timeout=10).close()  # noqa: S310  (begins with http)
            except (URLError, TimeoutError):
                time.sleep(0.2 * 2**attempt)
            else:
                return


def server(simulator: Simulator, host: str, port: int) -> ThreadingHTTPServer:
    """The HTTP server of ``simulator``; port 0 takes a free one."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if not self._is_allowed():
                return
            self._answer(200, simulator.listed()) if self.path == "/messages" else self._answer(404, {})

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not length.isdecimal() or int(length) > LARGEST:
                self.close_connection = True
                return self._answer(413, {"error": "too_large"})
            body = self.rfile.read(int(length))
            if not self._is_allowed():
                return None
            try:
                content = json.loads(body)
            except ValueError:
                content = None
            if self.path != "/messages" or not isinstance(content, dict):
                return self._answer(400, {"error": "not_understood"})
            status, answer, wait = simulator.take(self.headers.get("Idempotency-Key", ""), content)
            time.sleep(wait)
            return self._answer(status, answer)

        def _is_allowed(self) -> bool:
            if simulator.is_known(self.headers.get("Authorization", "")):
                return True
            self._answer(401, {"error": "credentials"})
            return False

        def _answer(self, status: int, content: Any) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: numbers are nobody's to read in a log."""

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                """Whoever asked did not wait for a slow answer."""

    return ThreadingHTTPServer((host, port), Handler)
