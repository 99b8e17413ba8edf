"""The embedded broker: a folder of message files that a killed process cannot spoil.

Kombu's own file transport opens a file and then writes it. A reader that comes between the two, or
after a process that died there, finds an empty file, and its worker ends; an empty list of queues
ends every worker that starts afterwards. Here a file appears whole or not at all, and one that
cannot be read is left out with a line in the log. Nothing is lost by that: the work itself is a row
of the job table, and the sweep sends it again.
"""

from __future__ import annotations

import logging
import uuid
from pathlib import Path
from time import time_ns
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps

log = logging.getLogger(__name__)


def write_whole(path: Path, value: Any) -> None:
    """Write JSON so that readers see all of it or none; the name of the draft belongs to no queue."""
    draft = path.with_name(f"{uuid.uuid4()}.draft")
    draft.write_text(dumps(value))
    draft.replace(path)


class Channel(filesystem.Channel):
    """Kombu's channel over files, with every file written whole."""

    def _put(self, queue: str, payload: Any, **_options: Any) -> None:
        # The wall clock, not the monotonic one: order holds across a restart of the machine.
        write_whole(Path(self.data_folder_out) / f"{time_ns()}_{uuid.uuid4()}.{queue}.msg", payload)

    def _get(self, queue: str) -> Any:
        while True:
            try:
                return super()._get(queue)
            except ValueError:
                log.warning("A message of the queue %s could not be read; the job table has its work", queue)

    def get_table(self, exchange: str) -> list[filesystem.exchange_queue_t]:
        try:
            return super().get_table(exchange)
        except ValueError:
            log.warning("The queues of %s could not be read; a starting worker notes them again", exchange)
            return []

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        bound = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        self.control_folder.mkdir(exist_ok=True)
        with (self.control_folder / "binding.lock").open("w") as turn:
            filesystem.lock(turn, filesystem.LOCK_EX)  # one process at a time; closing gives the turn back
            queues = self.get_table(exchange)
            if bound not in queues:
                write_whole(self._exchange_file(exchange), [bound, *queues])


class Transport(filesystem.Transport):
    """Kombu's transport over files, with the channel above."""

    Channel = Channel
