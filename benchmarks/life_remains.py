"""What a crowd leaves behind: how full the bot's maps and queues are, and whether the books fit."""

import sqlite3
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from bot.app.composition import App
from storage.integrity import problems
from storage.sqlite_store import open_for_reading

# Modules whose objects are looked into; the benchmark is `__main__` when it is run.
OWN = ("bot.", "adapters.", "storage.", "benchmarks.", "__main__")


def sizes(app: App) -> dict[str, int]:
    """How much is in every map, list and queue that the bot holds, by the way to it."""
    found: dict[str, int] = {}
    seen: set[int] = set()
    waiting: deque[tuple[str, Any]] = deque([("app", app)])  # the shortest way names a thing
    while waiting:
        name, thing = waiting.popleft()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, Mapping | list | set | frozenset):
            found[name] = len(thing)
        elif hasattr(thing, "qsize"):
            found[name] = thing.qsize()
        elif hasattr(thing, "popleft"):
            found[name] = len(thing)
        waiting += [(f"{name}.{part}", value) for part, value in parts_of(thing)]
    return found


def parts_of(thing: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(thing, Mapping):
        yield from ((f"[{key}]", value) for key, value in tuple(thing.items())[:500])
    if callable(thing) and hasattr(thing, "__self__"):
        yield "self", thing.__self__
    if callable(thing) and getattr(thing, "__closure__", None):
        for name, cell in zip(thing.__code__.co_freevars, thing.__closure__, strict=True):
            with suppress(ValueError):
                yield name, cell.cell_contents
    if type(thing).__module__.startswith(OWN):
        slots = [slot for kind in type(thing).__mro__ for slot in getattr(kind, "__slots__", ())]
        for part in {*getattr(thing, "__dict__", ()), *slots}:
            with suppress(AttributeError):
                yield part, getattr(thing, part)


def books(folder: Path, jobs: int) -> list[str]:
    """What is wrong with the books, or with jobs that did not end; `jobs` is how many there are."""
    with closing(open_for_reading(folder / "limner.db")) as con:
        wrong = [str(each) for each in problems(con)]
        states = dict(con.execute("SELECT state, count(*) FROM job GROUP BY state").fetchall())
        if states != {"produced": jobs}:
            wrong.append(f"jobs: {states}")
        (unjudged,) = con.execute("SELECT count(*) FROM picture WHERE verdict IS NULL").fetchone()
        (unshown,) = con.execute("SELECT count(*) FROM card WHERE due_at IS NOT NULL").fetchone()
        if unjudged or unshown:
            wrong.append(f"{unjudged} pictures without a verdict, {unshown} cards behind")
        return [*wrong, *unequal_bills(con)]


def unequal_bills(con: sqlite3.Connection) -> Iterator[str]:
    """Levels where the bill is not what budgets and the house paid."""
    (bill,) = con.execute("SELECT sum(bill) FROM job").fetchone()
    posted = con.execute(
        "SELECT kind, substr(period, 1, 3), sum(posted), sum(held) FROM account"
        " JOIN principal who ON who.id = principal_id GROUP BY 1, 2"
    ).fetchall()
    house = sum(each[2] for each in posted if each[0] == "house")
    for kind, window, paid, held in posted:
        if kind != "house" and (paid + house != bill or held):
            yield f"bill {bill}, {kind} {window} {paid}, held {held}, house {house}"
