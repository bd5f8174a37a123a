"""Trees, circles and crowds of pictures that were drawn from each other, in the real tables."""

import random
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pytest

from bot.domain.case import CaseKind
from storage.tables.principals import asker_id
from storage.transactions import cases
from storage.transactions.lineage import lifting, withholding
from tests.storage.builders import NOON, asker, commit, file, new_job, produced, transaction

PLACES = ("harbour", "harbour", "harbour", "lighthouse")


@dataclass(frozen=True)
class Graph:
    """Jobs by number, with one or two pictures each; `con` holds them as they would be stored."""

    con: sqlite3.Connection
    keys: list[str]

    def add(
        self,
        community: str = "harbour",
        person: str = "ann",
        pictures: tuple[str, ...] = ("",),
        parent: tuple[int, int] | None = None,
        image: str | None = None,
    ) -> int:
        """A job that was shown; `pictures` and `image` name files, "" a file of its own."""
        number = len(self.keys)
        key = f"job-{number}"
        self.keys.append(key)
        who = asker_id(self.con, asker(person, community))
        self._insert_job(key, who)
        if parent is not None:
            self.con.execute(
                "UPDATE job SET parent = ?, parent_picture = ?, action = 'vary' WHERE key = ?",
                (self.keys[parent[0]], parent[1] + 1, key),
            )
        for position, name in enumerate(pictures):
            sha256 = self._refer(name or f"{number}-{position}")
            self.con.execute(
                "INSERT INTO picture VALUES (?, ?, ?, 'image/png', 1, 8, 8, NULL, 'show')",
                (key, position, sha256),
            )
        if image is not None:
            self.con.execute(
                "UPDATE job SET image_sha256 = ? WHERE key = ?", (self._refer(image), key)
            )
        return number

    def _insert_job(self, key: str, who: int) -> None:
        self.con.execute(
            "INSERT INTO job (key, public_id, person_id, channel, asker, fingerprint, state,"
            " request, asked_model, private, action, quote, bill, seed, created_at, closed_at,"
            " deadline_at)"
            " VALUES (?1, ?1, ?2, '', '{}', '', 'produced', NULL, '', 0, 'imagine', 0, 0, 0,"
            "  0, 0, 0)",
            (key, who),
        )

    def _refer(self, name: str) -> str:
        sha256 = file(name).sha256
        self.con.execute(
            "INSERT INTO blob VALUES (?, 'image/png', 1, 1, 0)"
            " ON CONFLICT DO UPDATE SET refs = refs + 1",
            (sha256,),
        )
        return sha256

    def case(self, number: int, *positions: int) -> int:
        """A case of the harbour about pictures of a job."""
        key = self.keys[number]
        (who,) = self.con.execute("SELECT person_id FROM job WHERE key = ?", (key,)).fetchone()
        case = cases.open_case(
            self.con, CaseKind.PICTURES, asker("mo"), subject=who, job=key, now=NOON
        )
        cases.put_pictures(self.con, case, dict.fromkeys(positions, "show"))
        self.con.execute(
            "UPDATE picture SET verdict = 'block' WHERE job_key = ? AND position IN"
            " (SELECT position FROM case_picture WHERE case_id = ?)",
            (key, case),
        )
        return case

    def withheld(self) -> set[tuple[int, int]]:
        rows = self.con.execute("SELECT job_key, position FROM picture WHERE verdict = 'block'")
        return {(self.keys.index(key), position) for key, position in rows}


@pytest.fixture
def graph(con: sqlite3.Connection) -> Graph:
    return Graph(con, [])


def followed(con: sqlite3.Connection, portion: int = 7) -> Iterator[set[str]]:
    """Every portion until nothing is left."""
    for _ in count():
        if not withholding.is_unfinished(con):
            return
        yield commit(con, withholding.trace, portion, NOON) | commit(
            con, lifting.give_back, portion, NOON
        )


def remove(graph: Graph, case: int, key: str | None, reach: str = withholding.COMMUNITY) -> None:
    commit(graph.con, withholding.begin, case, key, reach, NOON)
    assert all(len(changed) <= 7 for changed in followed(graph.con))


def expected(spec: "Spec", root: tuple[int, int], *, everywhere: bool) -> set[tuple[int, int]]:
    """What has to go, by a plain walk over the same graph."""
    reached, waiting = {root}, [root]
    files = set[str]()

    def take(job: int, position: int) -> None:
        if (spec.place[job] == "harbour" or everywhere) and (job, position) not in reached:
            reached.add((job, position))
            waiting.append((job, position))

    while waiting:
        job, position = waiting.pop()
        fresh = {spec.pictures[job][position] or f"{job}-{position}"}
        drawn = [n for n, parent in enumerate(spec.parent) if parent == (job, position)]
        for child in drawn:
            for each in range(len(spec.pictures[child])):
                take(child, each)
        inside = [n for n in drawn if spec.place[n] == "harbour" or everywhere]
        fresh |= {image for n in inside if (image := spec.image[n])}
        while new := fresh - files:
            files |= new
            for n, names in enumerate(spec.pictures):
                started = spec.image[n] in files
                for each, name in enumerate(names):
                    if started or (name or f"{n}-{each}") in new:
                        take(n, each)
    return reached


@dataclass(frozen=True)
class Spec:
    place: list[str]
    pictures: list[tuple[str, ...]]
    parent: list[tuple[int, int] | None]
    image: list[str | None]


def any_spec(chance: random.Random) -> Spec:
    """Thirty jobs with one or two pictures, some files twice, parents that may come later."""
    size, files = 30, [f"shared {n}" for n in range(5)]
    pictures = [
        tuple(chance.choice(["", "", "", *files]) for _ in range(chance.choice((1, 2))))
        for _ in range(size)
    ]
    parents: list[tuple[int, int] | None] = []
    for _ in range(size):
        job = chance.randrange(size)
        parent = (job, chance.randrange(len(pictures[job])))
        parents.append(parent if chance.random() < 0.5 else None)
    images = [chance.choice([None, None, None, *files, "0-0", "1-0"]) for _ in range(size)]
    return Spec([chance.choice(PLACES) for _ in range(size)], pictures, parents, images)


def built(graph: Graph, spec: Spec) -> None:
    for number, place in enumerate(spec.place):
        graph.add(place, f"p{number % 4}", spec.pictures[number], None, spec.image[number])
    for number, parent in enumerate(spec.parent):
        if parent is not None:
            graph.con.execute(
                "UPDATE job SET parent = ?, parent_picture = ? WHERE key = ?",
                (graph.keys[parent[0]], parent[1] + 1, graph.keys[number]),
            )


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("everywhere", [False, True])
def test_any_graph_is_walked_to_its_end_and_back(
    graph: Graph, seed: int, *, everywhere: bool
) -> None:
    """Parents are drawn at random, so that most of these have circles."""
    spec = any_spec(random.Random(seed))
    spec.place[0] = "harbour"
    with transaction(graph.con):
        built(graph, spec)
    if everywhere:  # an escalation is about every picture of its job
        spec.pictures[0] = spec.pictures[0][:1]
        graph.con.execute("DELETE FROM picture WHERE job_key = 'job-0' AND position > 0")
    case = graph.case(0, 0)
    # The starting image of an escalated job counts, unless it is a picture of the bot's.
    reach = withholding.EVERYWHERE if everywhere else withholding.COMMUNITY
    if everywhere:
        graph.con.execute("UPDATE job SET image_sha256 = NULL WHERE key = 'job-0'")
        spec.image[0] = None
    remove(graph, case, "job-0", reach)
    assert graph.withheld() == expected(spec, (0, 0), everywhere=everywhere)
    commit(graph.con, lifting.lift, case, NOON)
    for _ in followed(graph.con):
        pass
    assert graph.withheld() == {(0, 0)}  # its own comes back with the decision


def test_ten_thousand_drawn_from_one_picture_take_portions(graph: Graph) -> None:
    with transaction(graph.con):
        root = graph.add()
        for number in range(10_000):
            # Every hundredth is drawn from the one before it, the others from the first.
            graph.add(parent=(number if number % 100 == 99 else root, 0))
    case = graph.case(root, 0)
    begun = time.perf_counter()
    commit(graph.con, withholding.begin, case, "job-0", withholding.COMMUNITY, NOON)
    slowest_s = time.perf_counter() - begun
    portions = 0
    while withholding.is_unfinished(graph.con):
        begun = time.perf_counter()
        changed = commit(graph.con, withholding.trace, withholding.PORTION, NOON)
        slowest_s = max(slowest_s, time.perf_counter() - begun)
        assert len(changed) <= withholding.PORTION
        portions += 1
    assert len(graph.withheld()) == 10_001
    assert portions >= 100
    # Far above what it takes, below what a waiting click would notice.
    assert slowest_s < 1.0


def test_a_deleted_picture_between_two_leads_on(graph: Graph) -> None:
    root = graph.add()
    middle = graph.add(parent=(root, 0))
    last = graph.add(parent=(middle, 0))
    graph.con.execute(
        "UPDATE picture SET sha256 = NULL, verdict = 'removed' WHERE job_key = 'job-1'"
    )
    remove(graph, graph.case(root, 0), "job-0")
    assert graph.withheld() == {(root, 0), (last, 0)}


def test_the_other_pictures_of_an_equal_ones_job_stay(graph: Graph) -> None:
    root = graph.add(pictures=("same",))
    twin = graph.add(pictures=("same", ""))
    child = graph.add(parent=(twin, 0))
    graph.add(parent=(twin, 1))
    remove(graph, graph.case(root, 0), "job-0")
    assert graph.withheld() == {(root, 0), (twin, 0), (child, 0)}


def test_a_case_without_a_job_reaches_nothing(con: sqlite3.Connection) -> None:
    produced(con, new_job())
    subject = asker_id(con, asker())
    case = cases.open_case(con, CaseKind.WORDS, asker("mo"), subject=subject, job=None, now=NOON)
    assert commit(con, withholding.begin, case, None, withholding.COMMUNITY, NOON) == set()
    assert not withholding.is_unfinished(con)
