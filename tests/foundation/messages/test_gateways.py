"""What every gateway of text messages does: asked of the fake of the tests and of a real server alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from smtplib import SMTPRecipientsRefused
from threading import Thread
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from portal.foundation.jobs.models import Job, JobState
from portal.foundation.messages import domain, gateways
from portal.foundation.messages.errors import PermanentFailure, TemporaryFailure
from portal.foundation.messages.models import Channel, Message, MessageState
from tests.foundation.messages import fakes
from tests.foundation.messages.simulators import Running, simulator

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
SLOW_SECONDS, PATIENCE = "1.5", 0.4


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with simulator("--slow-seconds", SLOW_SECONDS, "--report-after", "0") as started:
        yield started


@pytest.fixture(params=["fake", "simulator"])
def arrived(request: pytest.FixtureRequest, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[Message], int]:
    """Sets one gateway up; ``arrived(message)`` is how many telephones it reached."""
    if request.param == "fake":
        fakes.FakeGateway.forget()
        settings.SMS_GATEWAY = fakes.PATH
        return lambda message: sum(key == message.reference for key in fakes.FakeGateway.accepted)
    running: Running = request.getfixturevalue("running")
    settings.SMS_GATEWAY = "portal.foundation.messages.gateways.HttpGateway"
    settings.SMS_URL = running.url
    settings.SITE_URL = "no-one-listens"
    monkeypatch.setattr(gateways, "ANSWER_SECONDS", PATIENCE)
    return lambda message: sum(row["reference"] == message.reference for row in running.received())


def message_to(ending: str) -> Message:
    return domain.send(
        to=f"+5698765{ending}",
        channel=Channel.SMS,
        template="test_reminder",
        context={"task": "Evidencia"},
        dedupe_key=f"k{ending}{Message.objects.count()}",
        at=AT,
    )


pytestmark = pytest.mark.django_db


def test_a_message_is_taken_once_however_often_it_is_handed_over(arrived: Callable[[Message], int]) -> None:
    message = message_to("4321")

    ids = {gateways.deliver(message) for _time in range(3)}

    assert len(ids) == 1
    assert ids != {""}
    assert arrived(message) == 1


def test_a_number_that_does_not_exist_is_refused_for_good(arrived: Callable[[Message], int]) -> None:
    message = message_to("0404")

    with pytest.raises(PermanentFailure, match=r"^no_such_number$"):
        gateways.deliver(message)

    assert arrived(message) == 0


def test_a_fault_of_the_server_may_pass(arrived: Callable[[Message], int]) -> None:
    message = message_to("0503")

    with pytest.raises(TemporaryFailure, match=r"^http_500$"):
        gateways.deliver(message)

    assert gateways.deliver(message)
    assert arrived(message) == 1


def test_an_answer_that_comes_too_late_is_asked_for_again_and_arrives_once(arrived: Callable[[Message], int]) -> None:
    message = message_to("0408")

    with pytest.raises(TemporaryFailure, match=r"^ReadTimeout$"):
        gateways.deliver(message)

    assert gateways.deliver(message)
    assert arrived(message) == 1


def run_to_its_end(message: Message) -> Job:
    job = Job.objects.get(dedupe_key=f"message:{message.pk}")
    for _attempt in range(job.max_attempts):
        job.refresh_from_db()
        domain.jobs.run(job_id=job.pk, now=lambda: job.not_before)
    job.refresh_from_db()
    message.refresh_from_db()
    return job


def test_the_worker_gives_up_at_once_on_what_never_arrives(arrived: Callable[[Message], int]) -> None:
    message = message_to("0404")

    job = run_to_its_end(message)

    assert (job.state, job.attempts) == (JobState.DONE, 1)
    assert (message.state, message.reason) == (MessageState.UNDELIVERABLE, "no_such_number")
    assert message.reported_at is not None


def test_the_worker_tries_again_what_may_pass_and_then_says_that_it_failed(arrived: Callable[[Message], int]) -> None:
    message = message_to("0500")

    job = run_to_its_end(message)

    assert (job.state, job.attempts) == (JobState.FAILED, 8)
    assert (message.state, message.error) == (MessageState.FAILED, "TemporaryFailure: http_500")
    assert message.address not in f"{job.error} {job.payload}"


# --- Only over HTTP


@pytest.fixture
def http(settings: Any, running: Running) -> Any:
    settings.SMS_GATEWAY = "portal.foundation.messages.gateways.HttpGateway"
    settings.SMS_URL = running.url
    return settings


def test_a_gateway_that_is_away_may_come_back(http: Any) -> None:
    http.SMS_URL = "http://user:password@127.0.0.1:9"

    with pytest.raises(TemporaryFailure, match=r"^ConnectError$"):
        gateways.deliver(message_to("4321"))


def test_wrong_credentials_are_the_operators_to_mend(http: Any, running: Running) -> None:
    http.SMS_URL = f"http://pruebas:otra@{running.host}"

    with pytest.raises(TemporaryFailure, match=r"^http_401$"):
        gateways.deliver(message_to("4321"))


def test_an_address_with_signs_in_its_password_is_understood(settings: Any) -> None:
    settings.SMS_URL = "https://us%40er:p%3Aa%2Fss@[2001:db8::1]:8443/v1/"

    assert gateways.endpoint() == gateways.Endpoint("https://[2001:db8::1]:8443/v1", "us@er", "p:a/ss")


@pytest.mark.parametrize(
    ("code", "failure", "state"),
    [(550, PermanentFailure, MessageState.UNDELIVERABLE), (450, TemporaryFailure, MessageState.QUEUED)],
)
def test_a_mailbox_that_the_mail_server_refuses(
    code: int, failure: type[Exception], state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_backend: Any, emails: list[Any]) -> int:
        raise SMTPRecipientsRefused({emails[0].to[0]: (code, b"rosa@example.cl: no such user")})

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    message = domain.send(to="rosa@example.cl", template="test_reminder", context={}, dedupe_key="m", at=AT)

    with pytest.raises(failure) as refusal:
        gateways.deliver(message)
    domain.jobs.run(job_id=Job.objects.get().pk, now=lambda: AT)

    message.refresh_from_db()
    assert message.state == state
    assert "rosa" not in f"{refusal.value} {message.reason} {message.error} {Job.objects.get().error}"
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("Mon, 02 Mar 2026 12:05:00 GMT", 300),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 0),
        ("99999999999999", 86400),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("٣", None),
    ],
)
def test_what_a_gateway_asks_us_to_wait(header: str, seconds: int | None) -> None:
    wait = gateways.asked_wait(header, datetime(2026, 3, 2, 12, tzinfo=UTC))

    assert wait == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(("asked", "seconds"), [(None, 15), (5, 15), (600, 600), (86400, 3600)])
def test_the_queue_waits_as_long_as_asked_and_an_hour_at_most(
    monkeypatch: pytest.MonkeyPatch, asked: int | None, seconds: int
) -> None:
    def overloaded(_message: Message) -> str:
        raise TemporaryFailure("http_429", None if asked is None else timedelta(seconds=asked))

    monkeypatch.setattr("portal.foundation.messages.gateways.deliver", overloaded)
    message = message_to("4321")
    job = Job.objects.get(dedupe_key=f"message:{message.pk}")
    at = job.not_before

    domain.jobs.run(job_id=job.pk, now=lambda: at)

    job.refresh_from_db()
    assert (job.state, job.not_before - at) == ("queued", timedelta(seconds=seconds))


def test_the_header_of_an_overloaded_gateway_reaches_the_queue(settings: Any) -> None:
    class Busy(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(429)
            self.send_header("Retry-After", "90")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            """Nothing on the screen."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Busy) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        settings.SMS_URL = f"http://user:password@127.0.0.1:{server.server_port}"
        try:
            with pytest.raises(TemporaryFailure, match=r"^http_429$") as refused:
                gateways.HttpGateway().send(message_to("4321"))
        finally:
            server.shutdown()

    assert refused.value.retry_after == timedelta(seconds=90)
