"""Server-sent events for every open page."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import StreamingResponse

from adapters.web.context import COOKIE, Context, Here, Owner, signed_in
from adapters.web.playground.replies import turn_html
from adapters.web.rendering.cards import bar
from adapters.web.rendering.templates import sentence
from adapters.web.surface import Card, Event, Gone, Heartbeat, Notice, Page, Stale
from bot.domain.asker import Asker
from bot.domain.job_view import JobView
from bot.errors import BotError
from bot.jobs.studio import Studio

log = logging.getLogger(__name__)
router = APIRouter()
# A browser reconnects by itself after this long.
RETRY_MS = 1_500
OPEN_MAX = 20


@router.get("/events")
async def stream(request: Request, here: Here, asker: Owner) -> StreamingResponse:
    """News until the page is left or its session ends."""
    cookie = request.cookies.get(COOKIE, "")
    page = here.surface.open(asker.person, lambda: signed_in(here, cookie) is not None)
    return StreamingResponse(
        _news(here, asker, page),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _news(here: Context, asker: Asker, page: Page) -> AsyncIterator[str]:
    watchers = _Watchers(here.studio, page)
    try:
        yield f"retry: {RETRY_MS}\n" + _written("hello", {"boot": here.form_token})
        for view in await here.studio.history(asker, limit=OPEN_MAX):
            if not view.phase.is_final:
                page.offer(view)
        async with aclosing(page.events()) as events:
            async for event in events:
                if isinstance(event, Card) and not event.view.phase.is_final:
                    watchers.follow(event.view)
                yield written(here, event)
    finally:
        here.surface.leave(page)
        watchers.stop()


class _Watchers:
    """Watches the open jobs of one page, for their progress."""

    def __init__(self, studio: Studio, page: Page) -> None:
        self._studio = studio
        self._page = page
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def follow(self, view: JobView) -> None:
        if view.key in self._tasks or len(self._tasks) >= OPEN_MAX:
            return
        task = asyncio.create_task(self._watch(view.key))
        self._tasks[view.key] = task
        task.add_done_callback(lambda _task: self._tasks.pop(view.key, None))

    def stop(self) -> None:
        for task in list(self._tasks.values()):
            task.cancel()

    async def _watch(self, key: str) -> None:
        try:
            async for view in self._studio.watch(key):
                self._page.offer(view)
        except BotError:
            log.warning("the progress of job %s can't be followed", key, exc_info=True)


def written(here: Context, event: Event) -> str:
    """`event` in the format of server-sent events."""
    match event:
        case Card(view, moved=True):
            return _written("progress", {"id": view.public_id, **asdict(bar(view))})
        case Card(view):
            return _written("card", {"html": turn_html(here, view)})
        case Notice(said):
            html = here.templates.part("parts/answers.html", "notice", sentence(said))
            return _written("notice", {"html": html})
        case Gone(public_id):
            return _written("gone", {"id": public_id})
        case Stale():
            return _written("stale", {})
        case Heartbeat():
            return ": still here\n\n"


def _written(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
