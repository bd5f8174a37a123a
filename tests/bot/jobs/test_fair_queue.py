import asyncio
from collections import Counter
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.fair_queue import FairQueue, Ticket


class Hall:
    """Enters tickets and notes in which order they are served; one place unless told otherwise."""

    def __init__(self, places: int = 1, per_person: int = 1) -> None:
        self.places = places
        self.queue = FairQueue(lambda: self.places, per_person)
        self.served: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.doors: dict[str, asyncio.Event] = {}

    async def enter(self, *tickets: Ticket) -> None:
        for ticket in tickets:
            self.doors[ticket.key] = asyncio.Event()
            self.tasks[ticket.key] = asyncio.create_task(self._visit(ticket))
        await settled()

    async def _visit(self, ticket: Ticket) -> None:
        async with self.queue.turn(ticket):
            self.served.append(ticket.key)
            await self.doors[ticket.key].wait()

    async def finish(self, *keys: str) -> None:
        for key in keys:
            self.doors[key].set()
            await settled()

    async def run_out(self) -> list[str]:
        """Let everybody finish, one after the other, in the order of service."""
        done = 0
        while done < len(self.tasks):
            await self.finish(self.served[done])
            done += 1
        return self.served


async def settled() -> None:
    for _ in range(4):
        await asyncio.sleep(0)


def ticket(key: str, community: str = "c", person: str = "p", cost: int = 1) -> Ticket:
    return Ticket(key, community, person, cost)


async def test_one_who_asks_often_waits_behind_one_who_asks_once() -> None:
    hall = Hall()
    await hall.enter(*(ticket(f"a{n}", person="a") for n in range(4)))
    await hall.enter(ticket("b0", person="b"))
    assert await hall.run_out() == ["a0", "b0", "a1", "a2", "a3"]


async def test_turns_go_between_communities_before_they_go_between_people() -> None:
    hall = Hall()
    await hall.enter(ticket("first", "big", "p0"))
    await hall.enter(*(ticket(f"big{n}", "big", f"p{n}") for n in range(1, 4)))
    await hall.enter(*(ticket(f"small{n}", "small", "q") for n in range(2)))
    assert await hall.run_out() == ["first", "small0", "big1", "small1", "big2", "big3"]


async def test_cheap_jobs_pass_more_often_than_dear_ones() -> None:
    hall = Hall()
    await hall.enter(ticket("now", "x", "x"))
    await hall.enter(*(ticket(f"dear{n}", "a", "a", cost=4) for n in range(2)))
    await hall.enter(*(ticket(f"cheap{n}", "b", "b", cost=1) for n in range(5)))
    order = await hall.run_out()
    assert order.index("dear1") > order.index("cheap3")


async def test_dear_and_cheap_jobs_share_the_work_and_not_the_turns() -> None:
    hall = Hall()
    await hall.enter(ticket("now", "x", "x"))
    await hall.enter(*(ticket(f"dear{n}", "a", "a", cost=4) for n in range(20)))
    await hall.enter(*(ticket(f"cheap{n}", "b", "b", cost=1) for n in range(80)))
    work = Counter(key.rstrip("0123456789") for key in (await hall.run_out())[1:51])
    assert work == {"dear": 10, "cheap": 40}


async def test_a_person_has_one_running_and_the_place_goes_to_somebody_else() -> None:
    hall = Hall(places=2)
    await hall.enter(ticket("a0", person="a"), ticket("a1", person="a"), ticket("b0", person="b"))
    assert hall.served == ["a0", "b0"]
    await hall.finish("a0")
    assert hall.served == ["a0", "b0", "a1"]


async def test_nobody_is_served_while_there_is_no_place() -> None:
    hall = Hall(places=0)
    await hall.enter(ticket("a"))
    assert hall.served == []
    hall.places = 1
    hall.queue.serve()
    await settled()
    assert hall.served == ["a"]


async def test_one_who_leaves_gives_the_turn_to_the_next() -> None:
    hall = Hall()
    await hall.enter(ticket("a"), ticket("b", person="q"), ticket("c", person="r"))
    hall.tasks["b"].cancel()
    await settled()
    await hall.finish("a")
    assert hall.served == ["a", "c"]
    assert hall.queue.waiting == 0


async def test_one_who_is_cancelled_in_the_moment_of_being_served_gives_the_place_back() -> None:
    hall = Hall()
    await hall.enter(ticket("a"), ticket("b", person="q"), ticket("c", person="r"))
    hall.doors["a"].set()
    while hall.queue.has("b"):  # noqa: ASYNC110  (as early as can be)
        await asyncio.sleep(0)
    assert "b" not in hall.served  # it doesn't know yet
    hall.tasks["b"].cancel()
    await settled()
    assert hall.served[-1] == "c"
    assert hall.queue.running == 1


async def test_the_place_counts_those_who_go_before() -> None:
    hall = Hall()
    await hall.enter(ticket("running", "a", "a"))
    await hall.enter(ticket("a1", "a", "a"), ticket("a2", "a", "a"), ticket("b1", "a", "b"))
    await hall.enter(ticket("c1", "z", "c"))
    assert [hall.queue.place(key) for key in ("running", "b1", "c1", "a2")] == [None, 3, 2, 4]


@given(
    st.lists(
        st.tuples(st.sampled_from("AB"), st.sampled_from("pqr"), st.integers(1, 9)),
        min_size=1,
        max_size=30,
    ),
    st.integers(1, 3),
    st.data(),
)
def test_everybody_is_served_once_and_the_books_are_empty_afterwards(
    wishes: list[tuple[str, str, int]], places: int, data: st.DataObject
) -> None:
    async def go() -> None:
        hall = Hall(places)
        tickets = [Ticket(str(n), *wish) for n, wish in enumerate(wishes)]
        await hall.enter(*tickets)
        gone = data.draw(st.sets(st.sampled_from([t.key for t in tickets])))
        for key in gone:
            hall.tasks[key].cancel()
        await settled()
        done = 0
        while done < len(hall.served):
            assert hall.queue.running <= places
            await hall.finish(hall.served[done])
            done += 1
        for task in hall.tasks.values():
            with suppress(asyncio.CancelledError):
                await task
        assert len(hall.served) == len(set(hall.served))
        assert {t.key for t in tickets} - gone <= set(hall.served)
        assert (hall.queue.waiting, hall.queue.running) == (0, 0)
        assert hall.queue._people == {}

    asyncio.run(go())
