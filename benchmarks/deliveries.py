"""What it costs to make results durable: `python -m benchmarks.deliveries [--quick]`

Many jobs were drawn at the same moment: bill, files, rows and money of each must be on the disk.
The floor is a plain loop that makes the same durable writes one after the other: a transaction
for the bill, each file synced and renamed and its folder synced, a transaction for rows and money.
They take turns in one process; what counts is the median of the ratios, of processor time and time.
Ends with 1 when a target is missed.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from benchmarks.ledger import DISK, NOW, PLACES, SUBMITTED, Work, make_work
from bot.images.codec import sha256_of, sync_directory
from bot.images.result import ImageResult, Picture, PictureType
from bot.images.worker_pool import PictureWorker
from storage.database.database import open_for_writing
from storage.picture_files import PictureFiles
from storage.sqlite_store import SqliteStore
from storage.transactions import jobs, reservation

JOBS = 200
PICTURE_BYTES = 500_000
# Pictures of a job, and the most that each costs, times the floor.
PICTURES = (1, 4)
PROCESSOR_TARGET, TIME_TARGET = 2.0, 1.0

Spent = tuple[float, float]  # processor time and time, in seconds


def main(*, quick: bool) -> int:
    rounds = 3 if quick else 5
    print(f"{JOBS} jobs at once, median of {rounds} rounds; processor ms a job, time in s\n")
    print("pictures   floor           bot             ratio")
    met = [compare(count, rounds) for count in PICTURES]
    return 0 if all(met) else 1


def compare(pictures: int, rounds: int) -> bool:
    floors: list[Spent] = []
    ours: list[Spent] = []
    for number in range(rounds):
        work = list(make_work(JOBS, JOBS, number))
        with tempfile.TemporaryDirectory(dir=DISK) as folder:
            floors.append(run_floor(prepared(Path(folder), work, pictures), Path(folder)))
        with tempfile.TemporaryDirectory(dir=DISK) as folder:
            drawn = prepared(Path(folder), work, pictures)
            ours.append(asyncio.run(run_bot(drawn, Path(folder))))
    processor, wall = (
        statistics.median(our[n] / floor[n] for our, floor in zip(ours, floors, strict=True))
        for n in (0, 1)
    )
    met = processor <= PROCESSOR_TARGET and wall <= TIME_TARGET
    print(
        f"{pictures:8}   {_figures(floors)}   {_figures(ours)}   {processor:.2f}, {wall:.2f}"
        f"  at most {PROCESSOR_TARGET:g}, {TIME_TARGET:g}: {'yes' if met else 'NO'}"
    )
    return met


def _figures(spent: Sequence[Spent]) -> str:
    processor, wall = (statistics.median(each[n] for each in spent) for n in (0, 1))
    return f"{processor / JOBS * 1_000:5.2f} ms, {wall:.2f} s"


def prepared(folder: Path, work: Sequence[Work], pictures: int) -> list[Work]:
    """Every job submitted, and its pictures in the inbox."""
    (folder / "inbox").mkdir()
    with closing(open_for_writing(folder / "limner.db", NOW)) as con:
        con.execute("BEGIN IMMEDIATE")
        for each in work:
            reservation.reserve(con, each.new, each.gates, NOW, **PLACES)
            jobs.submit(con, each.new.key, **SUBMITTED)
        con.execute("COMMIT")
    return [replace(each, result=drawn(folder / "inbox", each.result, pictures)) for each in work]


def drawn(inbox: Path, result: ImageResult, pictures: int) -> ImageResult:
    return replace(result, pictures=tuple(_picture(inbox) for _ in range(pictures)))


def _picture(inbox: Path) -> Picture:
    data = os.urandom(PICTURE_BYTES)
    sha256 = sha256_of(data)
    path = inbox / f"{sha256}.png"
    path.write_bytes(data)
    return Picture(
        path=path,
        sha256=sha256,
        type=PictureType.PNG,
        size_bytes=len(data),
        width_px=512,
        height_px=512,
        flagged=False,
    )


def run_floor(work: Sequence[Work], folder: Path) -> Spent:
    store = folder / "pictures"
    store.mkdir()
    with closing(open_for_writing(folder / "limner.db", NOW)) as con:
        began = _now()
        for each in work:
            con.execute("BEGIN IMMEDIATE")
            jobs.report_cost(con, each.new.key, each.result.cost_micros, NOW)
            con.execute("COMMIT")
            for picture in each.result.pictures:
                _store(picture, store / picture.sha256[:2])
            con.execute("BEGIN IMMEDIATE")
            jobs.produce(con, each.new.key, each.result, NOW)
            con.execute("COMMIT")
        return _since(began)


def _store(picture: Picture, folder: Path) -> None:
    if not folder.exists():
        folder.mkdir()
        sync_directory(folder.parent)
    with picture.path.open("rb") as file:
        os.fsync(file.fileno())
    picture.path.replace(folder / f"{picture.sha256[2:]}.png")
    sync_directory(folder)


async def run_bot(work: Sequence[Work], folder: Path) -> Spent:
    store, worker = SqliteStore.open(folder / "limner.db", NOW), PictureWorker()
    files = PictureFiles(folder, worker)
    (folder / "inbox").rename(folder / "drawn")  # opening empties the inbox
    await files.open()
    files.inbox.rmdir()
    (folder / "drawn").rename(files.inbox)

    async def deliver(each: Work) -> None:
        async with files.keeping([picture.sha256 for picture in each.result.pictures]):
            await store.jobs.report_cost(each.new.key, each.result.cost_micros, NOW)
            await files.put(*each.result.pictures)
            await store.jobs.produce(each.new.key, each.result, NOW)

    began = _now()
    await asyncio.gather(*map(deliver, work))
    spent = _since(began)
    await store.close()
    await worker.close()
    return spent


def _now() -> Spent:
    return time.process_time(), time.perf_counter()


def _since(began: Spent) -> Spent:
    processor, wall = _now()
    return processor - began[0], wall - began[1]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="what it costs to make results durable")
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    sys.exit(main(quick=parser.parse_args().quick))
