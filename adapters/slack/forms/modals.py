"""Opens forms and fills them; and the form for a report.

A form must open within 3 s of the press, so an empty one is opened and then filled. Where it came
from is in its metadata, so that it works after a restart.
"""

import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.context import Context
from adapters.slack.delivery.trouble import as_told
from adapters.slack.platform.call import Call
from adapters.slack.platform.limits import INVALID_BLOCKS
from adapters.slack.platform.web_api import TROUBLE, code_of
from adapters.slack.rendering import blocks
from adapters.slack.rendering.blocks import Block
from adapters.slack.rendering.markup import sentence
from bot.domain.asker import SLACK
from bot.domain.case import REASON_MAX_CHARS
from bot.errors import BotError
from bot.wording import explain, labels
from bot.wording.moderation import reports

View = dict[str, Any]
Build = Callable[[], Awaitable[View]]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a form came from; `message` and `thread` are as in a Call. `file` is Slack's id of a
    starting image. `job` with `picture` is a picture of ours to start from, without it the result
    to change. `kept` names the options that stay as they were if nothing is filled in: they have no
    field, or it is too small. `more` shows all options. `example` is the one of labels.EXAMPLES,
    from 1, that the form begins with.
    """

    channel: str = ""
    message: str = ""
    thread: str = ""
    job: str = ""
    picture: int = 0
    file: str = ""
    kept: tuple[str, ...] = ()
    more: bool = False
    example: int = 0

    @property
    def is_change(self) -> bool:
        """Whether the form changes a result, and doesn't begin with a picture of it."""
        return bool(self.job) and not self.picture

    @classmethod
    def at(cls, call: Call, **more: Any) -> Self:
        """Where `call` was."""
        return cls(channel=call.channel, message=call.message, thread=call.thread, **more)

    @classmethod
    def read(cls, text: str) -> Self:
        values = json.loads(text or "{}")
        return cls(**{**values, "kept": tuple(values.get("kept", ()))})

    def __str__(self) -> str:
        return json.dumps({name: value for name, value in asdict(self).items() if value})


async def opened(here: Context, call: Call, build: Build, title: str) -> None:
    """An empty form at once, then what `build` makes; a refusal is shown in its place."""
    await updated(here, call, await begun(here, call, title), build, title)


async def begun(here: Context, call: Call, title: str) -> str:
    """The id of an empty form, which is shown at once."""
    client = await here.clients.client_for(call.team)
    empty = notice(title, labels.ONE_MOMENT)
    got = await client.views_open(trigger_id=call.trigger, view=empty)
    return str(got["view"]["id"])


async def updated(
    here: Context,
    call: Call,
    view_id: str,
    build: Build,
    title: str,
    again_s: Sequence[float] = (),
) -> bool:
    """Show what `build` makes, or why it refuses, in an open form. False if it was closed.

    `again_s` are the pauses before further tries, where Slack doesn't show a picture yet.
    """
    client = await here.clients.client_for(call.team)
    try:
        view = await build()
    except BotError as error:
        view = notice(title, sentence(explain(error, platform=SLACK)))
    except TROUBLE as error:
        log.warning("a form could not be filled: %s", code_of(error) or type(error).__name__)
        view = notice(title, sentence(explain(as_told(error), platform=SLACK)))
    for delay_s in again_s:
        try:
            return await update(client, view_id=view_id, view=view)
        except SlackApiError as error:
            if code_of(error) not in INVALID_BLOCKS:
                raise
            await here.services.clock.sleep(delay_s)
    return await update(client, view_id=view_id, view=view)


async def update(client: AsyncWebClient, **view: Any) -> bool:
    """Update a form; False where it was closed or changed in the meantime."""
    try:
        await client.views_update(**view)
    except SlackApiError as error:
        if code_of(error) not in {"not_found", "view_not_found", "hash_conflict"}:
            raise
        return False
    return True


def notice(title: str, words: str, *more: Block) -> View:
    """A form that only shows a text."""
    made = blocks.modal("notice", title, [blocks.section(words), *more], submit="")
    del made["submit"]
    return {**made, "close": blocks.plain_text(labels.CLOSE, 24)}


# --- a report -------------------------------------------------------------------------------------


async def open_report(here: Context, call: Call, job: str) -> None:
    async def build() -> View:
        asker = await here.asker(call)
        await here.services.studio.show(asker, job)
        origin = str(Origin.at(call, job=job))
        return blocks.modal(
            "report", reports.TITLE, report_fields(), submit=labels.REPORT, metadata=origin
        )

    await opened(here, call, build, reports.TITLE)


def report_fields() -> list[Block]:
    offered = [blocks.option(label, value) for label, value in reports.choices()]
    kind = blocks.select("category", offered, placeholder=reports.CHOOSE)
    words = blocks.text_input("reason", multiline=True, max_chars=REASON_MAX_CHARS)
    return [
        blocks.field("category", reports.CATEGORY, kind, optional=False),
        blocks.field("reason", reports.REASON, words, hint=reports.READ_BY),
    ]
