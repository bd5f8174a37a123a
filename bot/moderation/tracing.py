"""Goes on from a decision to everything that was drawn from the picture, in portions.

The rows lead from picture to picture. What they can't tell is how a file looks as a starting image:
the exact bytes that sending it anew brings, and with the extra `[moderation]` its PDQ hash.
"""

import asyncio
import hashlib
import logging
from collections.abc import Sequence

from bot.domain.case import DueHash
from bot.domain.job import Job
from bot.errors import BotError, QueueFull, ShuttingDown
from bot.images.codec import PictureRefused
from bot.images.result import PictureType
from bot.images.worker_pool import PictureWorker
from bot.moderation.blocked_hashes import nearest_to
from bot.moderation.judge import Judge
from bot.ports import Clock, Pictures
from bot.store import Store

# Pictures that one transaction withholds or gives back: some 20 ms.
PORTION = 100
# Files that are read and hashed before other things get a turn: under 2 s.
FILES_AT_ONCE = 16
STARTS_AT_ONCE = 5_000

log = logging.getLogger(__name__)


class Tracing:
    """Every step is durable and may be repeated."""

    def __init__(
        self, store: Store, pictures: Pictures, worker: PictureWorker, judge: Judge, clock: Clock
    ) -> None:
        self._store = store
        self._pictures = pictures
        self._worker = worker
        self._judge = judge
        self._clock = clock

    async def step(self) -> tuple[Sequence[Job], bool]:
        """One portion. Returns the jobs that changed, and whether there may be more to do."""
        changed, more = await self._store.cases.trace(PORTION, self._clock.now())
        files = await self._store.cases.due_hashes(FILES_AT_ONCE)
        return changed, await self._hash(files) or more

    async def _hash(self, files: Sequence[DueHash]) -> bool:
        """Returns whether any was hashed; those that can't be read now are due again."""
        found = [(file, seen) for file in files if (seen := await self._seen(file)) is not None]
        near = await self._near([pdq for _, (_, pdq) in found])
        for (file, (started, pdq)), alike in zip(found, near, strict=True):
            equal = {*started, *alike}
            await self._store.cases.hashed(file, sorted(equal), pdq, self._clock.now())
        return bool(found)

    async def _seen(self, file: DueHash) -> tuple[Sequence[str], bytes] | None:
        """The file's sha256 as a starting image, and its hashes; nothing where there is no such
        picture, and None where that is not known now.
        """
        try:
            data = await self._pictures.read(file.sha256, PictureType(file.media_type))
            started = await self._worker.starting_image(data)
            pdq = await self._judge.hashes_of(data)
        except (OSError, QueueFull, ShuttingDown) as error:
            log.warning("a withheld file can't be read now: %r", error)
            return None
        except (BotError, PictureRefused, ValueError) as error:
            log.warning("a withheld file can't be read: %s", type(error).__name__)
            return (), b""
        return (hashlib.sha256(started).hexdigest(),), pdq

    async def _near(self, hashes: Sequence[bytes]) -> list[set[str]]:
        """For each of `hashes` the starting images in the store that look like it."""
        found: list[set[str]] = [set() for _ in hashes]
        after = ""
        while any(hashes):
            starts = await self._store.cases.starting_hashes(after, STARTS_AT_ONCE)
            if not starts:
                break
            known = [pdq for _, _, pdq in starts]
            for number, pdq in enumerate(hashes):
                near = await asyncio.to_thread(nearest_to, pdq, known) if pdq else ()
                found[number].update(starts[index][1] for index in near)
            after = starts[-1][0]
        return found
