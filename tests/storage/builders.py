"""What the tests of the storage begin with: a place, a person, a wish, an answer."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from bot.domain.asker import Asker
from bot.domain.budgets import Budgets, Gate, gates
from bot.domain.job import Action, Job, KeptBlob, NewJob, job_key
from bot.images.result import ImageResult, Picture, PictureType
from bot.request.image_request import ImageRequest
from bot.store import Store
from storage.transactions import jobs, reservation

P = ParamSpec("P")
T = TypeVar("T")

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PLENTY = {"open_per_person": 1_000, "open_at_all": 1_000}
WAITS = timedelta(minutes=15)
DRAWS = timedelta(minutes=5)


def asker(person: str = "ann", community: str = "harbour", **also: Any) -> Asker:
    return Asker(platform="discord", community=community, channel="general", person=person, **also)


def gates_of(who: Asker | None = None, /, **limits: int | None) -> list[Gate]:
    return list(gates(who or asker(), Budgets(**limits), "UTC"))


async def check_standing(store: Store, who: Asker, now: datetime) -> None:
    """Raises what keeps `who` from drawing."""
    standing = await store.people.standing(who, lambda _: (), now)
    if standing.bar is not None:
        raise standing.bar


def new_job(
    event: str = "1",
    *,
    who: Asker | None = None,
    quote: int = 1_000,
    prompt: str = "a lighthouse at dusk",
    image: KeptBlob | None = None,
    waits_until: datetime = NOON + WAITS,
) -> NewJob:
    who = who or asker()
    return NewJob(
        key=job_key(who.platform, who.community, event),
        asker=who,
        request=ImageRequest(prompt=prompt, seed=7),
        asked_model="sketch",
        image=image,
        private=False,
        action=Action.IMAGINE,
        parent=None,
        parent_picture=None,
        quote_micros=quote,
        backend="api",
        waits_until=waits_until,
        cards=(("web", {"page": event}),),
    )


def file(name: str) -> KeptBlob:
    return KeptBlob(name.ljust(64, "0"), PictureType.PNG, 4_000)


def drawn(cost: int = 900, files: Sequence[str] = ("f1",)) -> ImageResult:
    return ImageResult(
        pictures=tuple(
            Picture(
                path=Path("drawn.png"),
                sha256=file(name).sha256,
                type=PictureType.PNG,
                size_bytes=4_000,
                width_px=512,
                height_px=512,
                flagged=None,
            )
            for name in files
        ),
        seed=7,
        model="sketch",
        cost_micros=cost,
        runtime_ms=5,
    )


@contextmanager
def transaction(con: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, as the writer does it."""
    con.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")


def commit(
    con: sqlite3.Connection,
    body: Callable[Concatenate[sqlite3.Connection, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    with transaction(con):
        return body(con, *args, **kwargs)


def reserved(con: sqlite3.Connection, new: NewJob | None = None, **limits: int | None) -> Job:
    new = new or new_job()
    return commit(con, reservation.reserve, new, gates_of(new.asker, **limits), NOON, **PLENTY)


def submitted(con: sqlite3.Connection, new: NewJob | None = None, *, paid: bool = True) -> Job:
    return submit(con, reserved(con, new).key, paid=paid)


def submit(con: sqlite3.Connection, key: str, *, paid: bool = True, now: datetime = NOON) -> Job:
    return commit(
        con,
        jobs.submit,
        key,
        backend="api" if paid else "sketch",
        address="first",
        repeatable=not paid,
        deadline_at=now + DRAWS,
        now=now,
    )


def produced(con: sqlite3.Connection, new: NewJob | None = None, cost: int = 900) -> Job:
    return commit(con, jobs.produce, submitted(con, new).key, drawn(cost), NOON)


def dump(con: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    tables = con.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    return {
        name: con.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608  (its own names)
        for (name,) in tables.fetchall()
    }
