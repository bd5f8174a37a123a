import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.web.surface import Card, Event, Gone, Heartbeat, Notice, Page, Stale, WebSurface
from bot.domain.job_view import JobView, Phase, Progress
from bot.errors import QueueFull
from bot.wording import say
from tests.support.clock import FakeClock
from tests.support.views import job_view

VIEW = job_view(
    key="k1",
    public_id="00000001",
    revision=1,
    phase=Phase.WAITING,
    progress=Progress(place=1),
    pictures=(),
    quote_micros=0,
    cost_micros=None,
)


def drawing(fraction: float) -> JobView:
    return replace(VIEW, revision=2, phase=Phase.DRAWING, progress=Progress(fraction=fraction))


DONE = replace(VIEW, revision=3, phase=Phase.DONE)


class PageListener:
    """Listens to a page; `next` waits for one event."""

    def __init__(self, page: Page) -> None:
        self._events: AsyncIterator[Event] = page.events()

    async def next(self) -> Event:
        return await anext(self._events)


async def checkpoint_nothing(address: Any) -> None:
    raise AssertionError(address)


async def shown(surface: WebSurface, view: JobView) -> None:
    address = {"person": "owner", "public_id": view.public_id}
    await surface.show(address, view, checkpoint_nothing)


async def test_a_card_goes_to_every_page_of_its_person_and_to_nobody_else() -> None:
    surface = WebSurface(FakeClock())
    first, second, other = surface.open("owner"), surface.open("owner"), surface.open("eve")
    await shown(surface, VIEW)
    assert await PageListener(first).next() == Card(VIEW, moved=False)
    assert await PageListener(second).next() == Card(VIEW, moved=False)
    other.say(Gone("x"))
    assert await PageListener(other).next() == Gone("x")


async def test_the_address_learns_the_public_id_once() -> None:
    surface = WebSurface(FakeClock())
    kept: list[Any] = []

    async def checkpoint(address: Any) -> None:
        kept.append(address)

    await surface.show({"person": "owner"}, VIEW, checkpoint)
    assert kept == [{"person": "owner", "public_id": "00000001"}]
    await surface.show(kept[0], VIEW, checkpoint)
    assert len(kept) == 1


async def test_a_card_that_nobody_looks_at_is_shown_already() -> None:
    await shown(WebSurface(FakeClock()), VIEW)


async def test_the_newest_view_of_a_job_replaces_what_still_waits() -> None:
    page = Page("owner", FakeClock())
    for view in (VIEW, drawing(0.1), drawing(0.7), VIEW):
        page.offer(view)
    assert await PageListener(page).next() == Card(drawing(0.7), moved=False)


async def test_progress_comes_at_most_twice_a_second_and_the_end_at_once() -> None:
    clock = FakeClock()
    page = Page("owner", clock)
    listener = PageListener(page)
    page.offer(drawing(0.1))
    assert await listener.next() == Card(drawing(0.1), moved=False)
    page.offer(drawing(0.2))
    page.offer(drawing(0.3))
    clock.advance(timedelta(seconds=0.4))
    page.say(Gone("other"))
    assert await listener.next() == Gone("other")
    clock.advance(timedelta(seconds=0.2))
    assert await listener.next() == Card(drawing(0.3), moved=True)
    page.offer(drawing(0.4))
    page.offer(DONE)
    assert await listener.next() == Card(DONE, moved=False)


async def test_a_final_card_is_sent_once_however_often_it_is_shown() -> None:
    page = Page("owner", FakeClock())
    listener = PageListener(page)
    page.offer(DONE)
    assert await listener.next() == Card(DONE, moved=False)
    page.offer(DONE)
    page.say(Gone("other"))
    assert await listener.next() == Gone("other")


async def test_too_much_at_once_becomes_one_request_to_read_everything_again() -> None:
    page = Page("owner", FakeClock())
    for number in range(65):
        page.offer(replace(VIEW, key=f"k{number}"))
    listener = PageListener(page)
    assert await listener.next() == Stale()
    page.say(Gone("x"))
    assert await listener.next() == Gone("x")


async def test_a_quiet_page_hears_a_heartbeat() -> None:
    clock = FakeClock()
    page = Page("owner", clock)
    listening = asyncio.create_task(PageListener(page).next())
    while not clock.slept_s:  # noqa: ASYNC110  (a counter of the clock's)
        await asyncio.sleep(0)
    clock.advance(timedelta(seconds=15))
    assert await listening == Heartbeat()


async def test_closing_the_surface_ends_every_stream() -> None:
    surface = WebSurface(FakeClock())
    page = surface.open("owner")
    listening = asyncio.create_task(_all(page))
    await asyncio.sleep(0)
    surface.close()
    assert await listening == []


async def _all(page: Page) -> list[Event]:
    return [event async for event in page.events()]


async def test_pages_are_counted_and_one_that_left_makes_room() -> None:
    surface = WebSurface(FakeClock())
    pages = [surface.open("owner") for _ in range(32)]
    with pytest.raises(QueueFull):
        surface.open("owner")
    surface.leave(pages[0])
    surface.open("owner")


async def test_a_card_taken_down_goes_from_the_pages_of_its_person() -> None:
    surface = WebSurface(FakeClock())
    page = surface.open("owner")
    await surface.withdraw({"person": "owner", "public_id": "00000001"})
    await surface.withdraw({"person": "eve", "public_id": "00000002"})
    await surface.tell("owner", say("hello"))
    listener = PageListener(page)
    assert await listener.next() == Gone("00000001")
    assert await listener.next() == Notice(say("hello"))
