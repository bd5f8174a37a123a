"""The web as a Surface: cards are sent to every open page of their person."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass

from bot.domain.job_view import JobView, Phase
from bot.errors import QueueFull
from bot.ports import Address, Checkpoint, Clock
from bot.wording import Sentence

PAGES_MAX = 32
WAITING_MAX = 64
SENT_MAX = 256
# Between two updates of a card's progress; a change of its state is sent at once.
PROGRESS_S = 0.5
HEARTBEAT_S = 15.0


@dataclass(frozen=True, slots=True)
class Card:
    """A card to show; `moved` if only its progress has changed."""

    view: JobView
    moved: bool


@dataclass(frozen=True, slots=True)
class Gone:
    public_id: str


@dataclass(frozen=True, slots=True)
class Notice:
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Stale:
    """Too many events are waiting: the page shall read everything again."""


@dataclass(frozen=True, slots=True)
class Heartbeat: ...


Event = Card | Gone | Notice | Stale | Heartbeat


@dataclass(frozen=True, slots=True)
class _Sent:
    revision: int
    phase: Phase
    at_s: float


class Page:
    """The events of one open page. A job's newest view replaces one that still waits.

    `may_see` is asked before each event; there are none after it said no.
    """

    def __init__(
        self, person: str, clock: Clock, may_see: Callable[[], bool] = lambda: True
    ) -> None:
        self.person = person
        self._may_see = may_see
        self._clock = clock
        self._views: OrderedDict[str, JobView] = OrderedDict()
        self._others: list[Event] = []
        self._sent: OrderedDict[str, _Sent] = OrderedDict()
        self._wake = asyncio.Event()
        self._closed = False

    def offer(self, view: JobView) -> None:
        waiting = self._views.get(view.key)
        if waiting is not None and waiting.revision > view.revision:
            return
        self._views[view.key] = view
        self._bound()

    def say(self, event: Gone | Notice) -> None:
        self._others.append(event)
        self._bound()

    def close(self) -> None:
        self._closed = True
        self._wake.set()

    def wake(self) -> None:
        self._wake.set()

    async def events(self) -> AsyncGenerator[Event, None]:
        """Events as they happen; ends when the surface is closed, or nothing may be seen."""
        while self._is_live():
            self._wake.clear()
            events = self._due()
            for event in events:
                if not self._is_live():
                    return
                yield event
            if not events and not await self._woken(self._delay_s()) and self._is_live():
                yield Heartbeat()

    def _is_live(self) -> bool:
        return not self._closed and self._may_see()

    def _bound(self) -> None:
        if len(self._views) + len(self._others) > WAITING_MAX:
            self._views.clear()
            self._others = [Stale()]
        self._wake.set()

    def _due(self) -> list[Event]:
        now_s = self._clock.monotonic()
        events, self._others = self._others, []
        for key in [key for key, view in self._views.items() if self._due_at_s(view) <= now_s]:
            view = self._views.pop(key)
            last = self._sent.pop(key, None)
            same = last is not None and (last.revision, last.phase) == (view.revision, view.phase)
            self._sent[key] = _Sent(view.revision, view.phase, now_s)
            if not (same and view.phase.is_final):
                events.append(Card(view, moved=same))
        while len(self._sent) > SENT_MAX:
            self._sent.popitem(last=False)
        return events

    def _due_at_s(self, view: JobView) -> float:
        last = self._sent.get(view.key)
        if last is None or (last.revision, last.phase) != (view.revision, view.phase):
            return 0.0
        return last.at_s + PROGRESS_S

    def _delay_s(self) -> float:
        now_s = self._clock.monotonic()
        due = [self._due_at_s(view) - now_s for view in self._views.values()]
        return min([HEARTBEAT_S, *due])

    async def _woken(self, delay_s: float) -> bool:
        """Wait for news, at most `delay_s`. False if there was none for HEARTBEAT_S."""
        news = asyncio.ensure_future(self._wake.wait())
        pause = asyncio.ensure_future(self._clock.sleep(max(0.0, delay_s)))
        try:
            await asyncio.wait((news, pause), return_when=asyncio.FIRST_COMPLETED)
        finally:
            news.cancel()
            pause.cancel()
        return self._wake.is_set() or delay_s < HEARTBEAT_S


class WebSurface:
    """Implements ports.Surface. Made before the Studio, whose jobs show their cards here."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pages: set[Page] = set()

    def open(self, person: str, may_see: Callable[[], bool] = lambda: True) -> Page:
        """Register an open page of `person`. Raises QueueFull beyond PAGES_MAX."""
        if len(self._pages) >= PAGES_MAX:
            raise QueueFull
        page = Page(person, self._clock, may_see)
        self._pages.add(page)
        return page

    def leave(self, page: Page) -> None:
        self._pages.discard(page)

    def check_sessions(self) -> None:
        """Let every stream ask again whether it may go on."""
        for page in self._pages:
            page.wake()

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        for page in self._pages:
            page.close()

    async def show(self, address: Address, view: JobView, checkpoint: Checkpoint) -> None:
        if address.get("public_id") != view.public_id:
            await checkpoint({**address, "public_id": view.public_id})
        for page in self._of(address["person"]):
            page.offer(view)

    async def withdraw(self, address: Address) -> None:
        if public_id := address.get("public_id"):
            for page in self._of(address["person"]):
                page.say(Gone(public_id))

    async def tell(
        self, person: str, notice: Sentence, *, key: str = "", community: str = ""
    ) -> None:
        del key, community  # people have no community here, and repeats can't be told
        for page in self._of(person):
            page.say(Notice(notice))

    def _of(self, person: str) -> list[Page]:
        return [page for page in self._pages if page.person == person]
