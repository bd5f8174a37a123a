"""Decides which job is next; jobs wait nowhere else.

Turns go between communities and then, inside each, between people: deficit round robin by
expected cost, so that four large pictures count for more than one small one, and nobody gets
ahead by asking in two places or by asking often.

Source: M. Shreedhar, G. Varghese, "Efficient Fair Queueing Using Deficit Round Robin" (1995).
"""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Ticket:
    """One job's place in the queue. `cost` is its expected work, at least 1, in any one unit."""

    key: str
    community: str
    person: str
    cost: int


class Lane(Protocol):
    """Tickets in the order in which they are served."""

    def head(self) -> Ticket | None:
        """The ticket that would be served now; None if none may be."""

    def pop(self) -> Ticket:
        """Take the head out and return it."""


class Fifo:
    """One person's tickets, in turn, while `may_run()`."""

    def __init__(self, may_run: Callable[[], bool]) -> None:
        self.tickets: deque[Ticket] = deque()
        self._may_run = may_run

    def head(self) -> Ticket | None:
        return self.tickets[0] if self.tickets and self._may_run() else None

    def pop(self) -> Ticket:
        return self.tickets.popleft()


class Ring:
    """Lanes in a circle. A visit credits a lane a quantum; it is served while that pays for it."""

    def __init__(self) -> None:
        self._lanes: OrderedDict[str, Lane] = OrderedDict()  # the first is in front
        self._purse: Counter[str] = Counter()
        self._costs: Counter[int] = Counter()  # of what waits in all lanes
        self._visited = ""  # the front lane, once it got its quantum

    @property
    def is_empty(self) -> bool:
        return not self._lanes

    def add(self, name: str, lane: Lane) -> None:
        self._lanes[name] = lane

    def remove(self, name: str) -> None:
        """Remove an empty lane, with its credit."""
        del self._lanes[name]
        del self._purse[name]
        if self._visited == name:
            self._visited = ""

    def enter(self, ticket: Ticket) -> None:
        """Note that `ticket` waits in one of the lanes."""
        self._costs[ticket.cost] += 1

    def leave(self, ticket: Ticket) -> None:
        """Note that `ticket` waits no longer."""
        self._costs[ticket.cost] -= 1
        if not self._costs[ticket.cost]:
            del self._costs[ticket.cost]

    def head(self) -> Ticket | None:
        """The next ticket. Turns the circle until its lane is in front and can pay."""
        visited, idle = self._visited, 0
        while idle < len(self._lanes):
            name, lane = next(iter(self._lanes.items()))
            head = lane.head()
            if head is not None and self._can_pay(name, head):
                return head
            idle = idle + 1 if head is None else 0
            self._lanes.move_to_end(name)
            self._visited = ""
        self._visited = visited  # once round: nobody had a visit
        return None

    def _can_pay(self, front: str, head: Ticket) -> bool:
        if self._visited != front:
            self._visited = front
            # The highest cost of all that waits, so that one visit suffices for every lane.
            self._purse[front] += max(self._costs)
        return self._purse[front] >= head.cost

    def pop(self) -> Ticket:
        head = self.head()
        assert head is not None
        name = next(iter(self._lanes))
        self._purse[name] -= head.cost
        return self._lanes[name].pop()


class Sizes:
    """Many sizes, and how many of them exceed each number."""

    def __init__(self) -> None:
        self._beyond: list[int] = []  # at n: how many sizes are larger than n
        self.of: Counter[str] = Counter()

    def grow(self, name: str) -> None:
        size = self.of[name]
        if size == len(self._beyond):
            self._beyond.append(0)
        self._beyond[size] += 1
        self.of[name] += 1

    def shrink(self, name: str) -> None:
        self.of[name] -= 1
        self._beyond[self.of[name]] -= 1
        if not self._beyond[-1]:
            self._beyond.pop()
        if not self.of[name]:
            del self.of[name]

    def up_to(self, most: int, but: str) -> int:
        """The sum of all sizes except that of `but`, each counted up to `most`."""
        return sum(self._beyond[:most]) - min(self.of[but], most)


class FairQueue:
    """Hands out the backend's places. For one event loop; its length is bounded by admission.

    `capacity` says how many jobs may run now; `running_per_person` is each person's share of it.
    """

    def __init__(self, capacity: Callable[[], int], running_per_person: int) -> None:
        self._capacity = capacity
        self._per_person = running_per_person
        self._communities = Ring()
        self._people: dict[str, Ring] = {}
        self._fifos: dict[tuple[str, str], Fifo] = {}
        self._waiting: dict[str, Ticket] = {}
        self._granted: dict[str, asyncio.Future[None]] = {}
        self._running: Counter[tuple[str, str]] = Counter()
        self._running_at_all = 0
        # How many wait: of each community, and inside each of each person.
        self._sizes = Sizes()
        self._sizes_in: dict[str, Sizes] = {}

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    @property
    def running(self) -> int:
        return self._running_at_all

    def has(self, key: str) -> bool:
        """Whether this job waits."""
        return key in self._waiting

    @asynccontextmanager
    async def turn(self, ticket: Ticket) -> AsyncIterator[None]:
        """Wait for a place and have it until the block ends. Cancelling gives it up."""
        granted = self._enter(ticket)
        self.serve()
        try:
            await granted
        except asyncio.CancelledError:
            self._leave(ticket, granted)
            raise
        try:
            yield
        finally:
            self._give_back(ticket)

    def serve(self) -> None:
        """Give free places to those who are next; also called when capacity has grown."""
        while self.running < self._capacity() and self._communities.head() is not None:
            ticket = self._communities.pop()
            self._count_out(ticket)
            granted = self._granted.pop(ticket.key)
            if not granted.cancelled():  # else its waiter was cancelled and is leaving
                self._running[ticket.community, ticket.person] += 1
                self._running_at_all += 1
                granted.set_result(None)
            self._close_empty_lanes(ticket)

    def place(self, key: str) -> int | None:
        """The place of a waiting job, 1 for the next; None when it does not wait.

        An estimate as if all cost the same: of every other lane at most one ticket more goes
        first than stands in front of it in its own lane.
        """
        ticket = self._waiting.get(key)
        if ticket is None:
            return None
        community, person = ticket.community, ticket.person
        before = self._fifos[community, person].tickets.index(ticket)
        own = before + self._sizes_in[community].up_to(before + 1, but=person)
        return 1 + own + self._sizes.up_to(own + 1, but=community)

    def _enter(self, ticket: Ticket) -> asyncio.Future[None]:
        lane = (ticket.community, ticket.person)
        if ticket.community not in self._people:
            self._people[ticket.community] = Ring()
            self._sizes_in[ticket.community] = Sizes()
            self._communities.add(ticket.community, self._people[ticket.community])
        if lane not in self._fifos:
            self._fifos[lane] = Fifo(lambda: self._running[lane] < self._per_person)
            self._people[ticket.community].add(ticket.person, self._fifos[lane])
        self._fifos[lane].tickets.append(ticket)
        self._count_in(ticket)
        granted = asyncio.get_running_loop().create_future()
        self._granted[ticket.key] = granted
        return granted

    def _count_in(self, ticket: Ticket) -> None:
        self._waiting[ticket.key] = ticket
        self._sizes.grow(ticket.community)
        self._sizes_in[ticket.community].grow(ticket.person)
        self._communities.enter(ticket)
        self._people[ticket.community].enter(ticket)

    def _count_out(self, ticket: Ticket) -> None:
        del self._waiting[ticket.key]
        self._sizes.shrink(ticket.community)
        self._sizes_in[ticket.community].shrink(ticket.person)
        self._communities.leave(ticket)
        self._people[ticket.community].leave(ticket)

    def _leave(self, ticket: Ticket, granted: asyncio.Future[None]) -> None:
        """Give up a ticket that still waits, or was served just as its waiter was cancelled."""
        if not granted.cancelled():
            self._give_back(ticket)
        elif self._granted.pop(ticket.key, None):
            self._fifos[ticket.community, ticket.person].tickets.remove(ticket)
            self._count_out(ticket)
            self._close_empty_lanes(ticket)

    def _give_back(self, ticket: Ticket) -> None:
        lane = (ticket.community, ticket.person)
        self._running_at_all -= 1
        self._running[lane] -= 1
        if not self._running[lane]:
            del self._running[lane]
        self._close_empty_lanes(ticket)
        self.serve()

    def _close_empty_lanes(self, ticket: Ticket) -> None:
        """Remove empty lanes; one with a running job stays, as it had its turn before newcomers."""
        lane = (ticket.community, ticket.person)
        if self._fifos[lane].tickets or self._running[lane]:
            return
        del self._fifos[lane]
        people = self._people[ticket.community]
        people.remove(ticket.person)
        if people.is_empty:
            del self._people[ticket.community]
            del self._sizes_in[ticket.community]
            self._communities.remove(ticket.community)
