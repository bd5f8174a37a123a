"""Acknowledgements come first: Discord waits three seconds for one, and a job has minutes."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

# Where acknowledgements never end, jobs begin all the same.
PATIENCE_S = 0.2


class Acks:
    """Who was acknowledged holds back while others still wait to be."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._open = 0
        self._none_open = asyncio.Event()
        self._none_open.set()

    @contextmanager
    def ahead(self) -> Iterator[None]:
        """Around what leads up to an acknowledgement, in as many parts as it has."""
        self._open += 1
        self._none_open.clear()
        try:
            yield
        finally:
            self._open -= 1
            if not self._open:
                self._none_open.set()

    async def given(self) -> None:
        """Until nobody waits for one any more; bounded."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience_s):
                while self._open:
                    await self._none_open.wait()
