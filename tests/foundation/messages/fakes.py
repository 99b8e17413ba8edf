"""A gateway in memory for tests; the contract tests hold that it behaves as the simulator does."""

from __future__ import annotations

from typing import ClassVar

from portal.foundation.messages.errors import PermanentFailure, TemporaryFailure
from portal.foundation.messages.models import Message

PATH = "tests.foundation.messages.fakes.FakeGateway"


class FakeGateway:
    """Numbers that end in 0404, 0500, 0503 or 0408 fail as those of the simulator do."""

    accepted: ClassVar[dict[str, tuple[str, str]]] = {}
    troubled: ClassVar[set[str]] = set()

    @classmethod
    def forget(cls) -> None:
        cls.accepted.clear()
        cls.troubled.clear()

    def send(self, message: Message) -> str:
        key, ending = message.reference, message.address[-4:]
        if key in self.accepted:
            return self._id(key)
        if ending == "0404":
            raise PermanentFailure("no_such_number")
        if ending == "0500" or (ending == "0503" and key not in self.troubled):
            self.troubled.add(key)
            raise TemporaryFailure("http_500")
        self.accepted[key] = (message.address, message.body)
        if ending == "0408":
            raise TemporaryFailure("ReadTimeout")
        return self._id(key)

    def _id(self, key: str) -> str:
        return f"fake-{list(self.accepted).index(key) + 1}"
