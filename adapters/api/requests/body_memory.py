"""A limit for the memory of all bodies together, from their first byte to their answer."""

from typing import Self

from adapters.api.schema.errors import Refused

BODIES_MAX_BYTES = 256 * 1024 * 1024
RETRY_AFTER_S = 2


class BodyMemory:
    def __init__(self, limit_bytes: int = BODIES_MAX_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self.held_bytes = 0

    def share(self) -> "Share":
        """A share for one request; as a context manager it gives everything back at its end."""
        return Share(self)

    def take(self, size_bytes: int) -> None:
        if self.held_bytes + size_bytes > self._limit_bytes:
            words = "Too many large requests are open. Try again soon."
            raise Refused(503, words, code="unavailable", retry_after_s=RETRY_AFTER_S)
        self.held_bytes += size_bytes


class Share:
    """The memory that one request has taken."""

    def __init__(self, memory: BodyMemory) -> None:
        self._memory = memory
        self._size_bytes = 0

    def take(self, size_bytes: int) -> None:
        """Take memory. Raises Refused if all bodies together would be too large."""
        self._memory.take(size_bytes)
        self._size_bytes += size_bytes

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._memory.held_bytes -= self._size_bytes
        self._size_bytes = 0
