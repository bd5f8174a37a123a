"""Decides which job is next; jobs wait nowhere else.

Turns go between communities and then, inside each, between people: deficit round robin by
expected cost, so that four large pictures count for more than one small one, and nobody gets
ahead by asking in two places or by asking often.

Source: M. Shreedhar, G. Varghese, "Efficient Fair Queueing Using Deficit Round Robin" (1995).
"""

import asyncio
from collections import Counter, deque
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
        self._circle: deque[str] = deque()
        self._lanes: dict[str, Lane] = {}
        self._purse: Counter[str] = Counter()
        self._visited = ""  # the front lane, once it got its quantum

    def add(self, name: str, lane: Lane) -> None:
        self._lanes[name] = lane
        self._circle.append(name)

    def remove(self, name: str) -> None:
        """Remove an empty lane, with its credit."""
        del self._lanes[name]
        del self._purse[name]
        self._circle.remove(name)
        if self._visited == name:
            self._visited = ""

    def head(self) -> Ticket | None:
        """The next ticket. Turns the circle until its lane is in front and can pay."""
        heads = {name: head for name, lane in self._lanes.items() if (head := lane.head())}
        if not heads:
            return None
        # As large as the highest cost of a head, so that one visit suffices for every lane.
        quantum = max(head.cost for head in heads.values())
        while not self._front_can_pay(heads, quantum):
            self._circle.rotate(-1)
            self._visited = ""
        return heads[self._circle[0]]

    def _front_can_pay(self, heads: dict[str, Ticket], quantum: int) -> bool:
        front = self._circle[0]
        if front not in heads:
            return False
        if self._visited != front:
            self._visited = front
            self._purse[front] += quantum
        return self._purse[front] >= heads[front].cost

    def pop(self) -> Ticket:
        head = self.head()
        assert head is not None
        name = self._circle[0]
        self._purse[name] -= head.cost
        return self._lanes[name].pop()


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
        self._granted: dict[str, asyncio.Future[None]] = {}
        self._running: Counter[tuple[str, str]] = Counter()

    @property
    def waiting(self) -> int:
        return sum(len(fifo.tickets) for fifo in self._fifos.values())

    @property
    def running(self) -> int:
        return self._running.total()

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
            granted = self._granted.pop(ticket.key)
            if not granted.cancelled():  # else its waiter was cancelled and is leaving
                self._running[ticket.community, ticket.person] += 1
                granted.set_result(None)
            self._close_empty_lanes(ticket)

    def place(self, key: str) -> int | None:
        """The place of a waiting job, 1 for the next; None when it does not wait.

        An estimate as if all cost the same: of every other lane at most one ticket more goes
        first than stands in front of it in its own lane.
        """
        for (community, person), fifo in self._fifos.items():
            for before, ticket in enumerate(fifo.tickets):
                if ticket.key == key:
                    own = self._turns_before(community, person, before)
                    return 1 + self._turns_of_others(community, own)
        return None

    def _turns_before(self, community: str, person: str, before: int) -> int:
        """Turns of `community` before the ticket with `before` tickets of its person ahead."""
        return before + sum(
            min(len(fifo.tickets), before + 1)
            for (where, who), fifo in self._fifos.items()
            if where == community and who != person
        )

    def _turns_of_others(self, community: str, own: int) -> int:
        sizes: Counter[str] = Counter()
        for (where, _), fifo in self._fifos.items():
            sizes[where] += len(fifo.tickets)
        return own + sum(min(size, own + 1) for where, size in sizes.items() if where != community)

    def _enter(self, ticket: Ticket) -> asyncio.Future[None]:
        lane = (ticket.community, ticket.person)
        if ticket.community not in self._people:
            self._people[ticket.community] = Ring()
            self._communities.add(ticket.community, self._people[ticket.community])
        if lane not in self._fifos:
            self._fifos[lane] = Fifo(lambda: self._running[lane] < self._per_person)
            self._people[ticket.community].add(ticket.person, self._fifos[lane])
        self._fifos[lane].tickets.append(ticket)
        granted = asyncio.get_running_loop().create_future()
        self._granted[ticket.key] = granted
        return granted

    def _leave(self, ticket: Ticket, granted: asyncio.Future[None]) -> None:
        """Give up a ticket that still waits, or was served just as its waiter was cancelled."""
        if not granted.cancelled():
            self._give_back(ticket)
        elif self._granted.pop(ticket.key, None):
            self._fifos[ticket.community, ticket.person].tickets.remove(ticket)
            self._close_empty_lanes(ticket)

    def _give_back(self, ticket: Ticket) -> None:
        lane = (ticket.community, ticket.person)
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
        if not any(where == ticket.community for where, _ in self._fifos):
            del self._people[ticket.community]
            self._communities.remove(ticket.community)
