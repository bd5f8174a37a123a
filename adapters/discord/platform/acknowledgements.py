"""Lets acknowledgements go before jobs: Discord waits three seconds for one, jobs have minutes."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

# A job waits this long at most for the acknowledgements of others.
PATIENCE_S = 0.2


class Acks:
    """Interactions that are acknowledged wait here while others still are not."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._open = 0
        self._none_open = asyncio.Event()
        self._none_open.set()

    @contextmanager
    def ahead(self) -> Iterator[None]:
        """Wrap each part of the work that leads up to an acknowledgement."""
        self._open += 1
        self._none_open.clear()
        try:
            yield
        finally:
            self._open -= 1
            if not self._open:
                self._none_open.set()

    async def given(self) -> None:
        """Wait until no acknowledgement is pending, for PATIENCE_S at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience_s):
                while self._open:
                    await self._none_open.wait()
