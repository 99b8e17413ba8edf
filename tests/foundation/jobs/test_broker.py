"""The embedded broker: files appear whole, and one that cannot be read ends no worker."""

from __future__ import annotations

from pathlib import Path
from queue import Empty
from uuid import uuid4

import pytest
from kombu import Connection, Exchange, Queue

from portal.foundation.jobs.broker import Transport


@pytest.fixture
def folder(tmp_path) -> Path:
    for name in ("queue", "control", "processed"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.fixture
def queue() -> Queue:
    """A name of its own: a process remembers for good what it has bound."""
    name = f"work{uuid4().hex}"
    return Queue(name, Exchange(name, type="direct"), routing_key=name)


@pytest.fixture
def connection(folder):
    options = {
        "data_folder_in": str(folder / "queue"),
        "data_folder_out": str(folder / "queue"),
        "control_folder": str(folder / "control"),
        "processed_folder": str(folder / "processed"),
        "store_processed": True,
    }
    with Connection("filesystem://localhost", transport_options=options) as connection:
        yield connection


def publish(connection, queue, *bodies: str) -> None:
    with connection.Producer() as producer:
        for body in bodies:
            producer.publish(body, exchange=queue.exchange, routing_key=queue.routing_key, declare=[queue])


def read(connection, queue) -> list[str]:
    bodies = []
    bound = queue(connection.channel())
    while message := bound.get(no_ack=True):
        bodies.append(message.payload)
    return bodies


def test_the_address_of_files_leads_to_our_transport(connection) -> None:
    assert isinstance(connection.transport, Transport)


def test_messages_come_in_the_order_in_which_they_were_sent(connection, folder, queue) -> None:
    bodies = [f"{number}" for number in range(20)]
    publish(connection, queue, *bodies)
    assert read(connection, queue) == bodies
    assert not list((folder / "queue").iterdir()), "no draft stays behind"


@pytest.mark.parametrize("left", ["", '{"body": "ha'])
def test_a_message_left_half_written_ends_no_worker(connection, folder, queue, left, caplog) -> None:
    (folder / "queue" / f"0_left.{queue.name}.msg").write_text(left)
    publish(connection, queue, "whole")
    assert read(connection, queue) == ["whole"]
    assert "could not be read" in caplog.text


def test_a_queue_with_nothing_readable_is_empty(connection, folder, queue) -> None:
    (folder / "queue" / f"0_left.{queue.name}.msg").write_text("")
    with pytest.raises(Empty):
        connection.channel()._get(queue.name)


def test_queues_that_a_killed_process_left_half_noted_are_noted_again(connection, folder, queue) -> None:
    (folder / "control" / f"{queue.name}.exchange").write_text('[["wo')
    publish(connection, queue, "whole")
    assert read(connection, queue) == ["whole"]
    assert queue.name in (folder / "control" / f"{queue.name}.exchange").read_text()


def test_every_queue_of_an_exchange_is_kept(connection, queue) -> None:
    channel = connection.channel()
    for name in ("work", "other", "work"):
        Queue(name, queue.exchange, routing_key=name)(channel).declare()
    assert sorted(row[-1] for row in channel.get_table(queue.exchange.name)) == ["other", "work"]
