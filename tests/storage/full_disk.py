"""A process whose files may grow no further while two writes are committed. Prints what became."""

import asyncio
import resource
import sys
from pathlib import Path

from storage.database.database import open_for_writing
from storage.database.writer import Writer
from tests.storage.builders import NOON
from tests.storage.test_writer import PAGE_BYTES, Gate, big_note, note, waiting


async def main(path: Path) -> None:
    writer = Writer(open_for_writing(path, NOON))
    log = path.with_name(path.name + "-wal")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    async with Gate(writer) as gate:
        writes = [
            asyncio.create_task(writer.run(note, "small")),
            asyncio.create_task(writer.run(big_note, 50)),
        ]
        await waiting(writer, 2)
        # Python ignores SIGXFSZ: a write beyond the limit is an error, as on a full disk.
        limit = log.stat().st_size + 10 * PAGE_BYTES
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        gate.open()
        outcomes = await asyncio.gather(*writes, return_exceptions=True)
    names = ", ".join(type(outcome).__name__ for outcome in outcomes)
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    await writer.run(note, "next")
    await writer.close()
    sys.stdout.write(f"two writes in one commit: {names}\nthe next: written\n")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
