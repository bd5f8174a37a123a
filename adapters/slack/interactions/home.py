"""The App Home: what is left, the newest pictures and defaults; for admins also the budgets."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.errors import SlackApiError

from adapters.chat.custom_ids import CustomId
from adapters.slack.actions import answers
from adapters.slack.context import Context
from adapters.slack.delivery.card_address import CardAddress
from adapters.slack.delivery.sheets import Sheet, file_shown
from adapters.slack.forms import request_form, settings_form, setup_form
from adapters.slack.forms.modals import Origin
from adapters.slack.platform.call import Body, Call
from adapters.slack.platform.limits import INVALID_BLOCKS, VIEW_BLOCKS_MAX
from adapters.slack.platform.web_api import TROUBLE, code_of
from adapters.slack.rendering import blocks
from adapters.slack.rendering.blocks import Block
from adapters.slack.rendering.job_card import is_shown_openly
from adapters.slack.rendering.markup import code, escaped, sentence
from bot.domain.asker import SLACK, Asker
from bot.domain.budgets import Balance, Quota
from bot.domain.job_view import JobView
from bot.errors import BotError
from bot.text import one_line
from bot.wording import Words, explain, labels, money
from bot.wording import answers as said
from bot.wording.installation import older_app
from bot.wording.settings.community import budgets, this
from bot.wording.settings.setup_form import PAUSE, RESUME, SET_UP

log = logging.getLogger(__name__)
RECENT = 8
# Slack's errors for blocks that it can't show.
_FAULTY = INVALID_BLOCKS | {"invalid_arguments"}


async def on_opened(here: Context, call: Call, body: Body) -> None:
    if body["event"].get("tab", "home") == "home":
        await refresh(here, call)


async def refresh(here: Context, call: Call) -> None:
    """Publish the Home as it is now; to somebody who may not draw, it says why."""
    client = await here.clients.client_for(call.team)
    try:
        asker = await here.asker(call)
        made = await _home(here, asker, with_pictures=True)
    except BotError as error:
        made = [blocks.section(sentence(explain(error, platform=SLACK)))]
        await client.views_publish(user_id=call.person, view=_view(made))
        return
    try:
        await client.views_publish(user_id=call.person, view=_view(made))
    except SlackApiError as error:
        if code_of(error) not in _FAULTY:
            raise
        made = await _home(here, asker, with_pictures=False)  # a file was deleted
        await client.views_publish(user_id=call.person, view=_view(made))


def _view(made: list[Block]) -> dict[str, Any]:
    return {"type": "home", "blocks": made[:VIEW_BLOCKS_MAX]}


async def _home(here: Context, asker: Asker, *, with_pictures: bool) -> list[Block]:
    recent = await here.services.studio.history(asker, limit=RECENT)
    files = await _files_of(here, recent) if with_pictures else {}
    kept = await here.services.studio.defaults(asker)
    defaults = [
        blocks.button(said.CHANGE, "home:settings"),
        *([blocks.button(said.FORGET_ALL, "home:reset")] if kept else []),
    ]
    quota = await here.services.studio.quota(asker)
    left, *windows = sentence(said.quota(quota, SLACK)).split("\n")
    draw = blocks.button(labels.IMAGINE, "home:imagine", style="primary")
    return [
        *(await _older_app(here, asker) if asker.is_admin else []),
        blocks.section(f"{_bar(quota)}{left}", draw),
        *(_newest(recent, files) if recent else _examples()),
        *([blocks.small(*windows)] if windows else []),
        blocks.header(said.DEFAULTS),
        blocks.section(sentence(said.defaults(kept, SLACK))),
        blocks.actions(defaults),
        *(await _for_admins(here, asker) if asker.is_admin else []),
        blocks.divider(),
        blocks.actions([blocks.button(said.PRIVACY_BUTTON, "home:privacy")]),
    ]


async def _older_app(here: Context, asker: Asker) -> list[Block]:
    """What to do where the app was installed by an older manifest."""
    client = await here.clients.client_for(asker.community)
    try:
        missing = here.wanted_scopes - await here.scopes.granted(client)
        if missing:  # it may have been installed anew since
            missing = here.wanted_scopes - await here.scopes.granted(client, fresh=True)
    except TROUBLE as error:
        log.info("what the app was granted is not known: %s", code_of(error) or error)
        return []
    return [blocks.section(sentence(older_app(sorted(missing))))] if missing else []


def _bar(quota: Quota) -> str:
    """What is left of the budget that ends first; "" where there is no limit."""
    limited = [w for w in quota.windows if w.left_micros is not None and not quota.free]
    least = min(limited, key=lambda window: window.left_micros or 0, default=None)
    return f"{blocks.bar(_share_left(least))}  " if least else ""


def _share_left(window: Balance) -> float:
    return (window.left_micros or 0) / window.limit_micros if window.limit_micros else 0.0


def _newest(recent: Sequence[JobView], files: Mapping[str, str]) -> list[Block]:
    """The newest results: the first one with pictures is large, and the others follow."""
    large = next((view for view in recent if files.get(view.key)), None)
    made = [blocks.header(said.NEWEST)]
    if large is not None:
        made += [blocks.image(files[large.key], large.prompt), *_result(large, "")]
    for view in recent:
        if view is not large:
            made += _result(view, files.get(view.key, ""))
    return made


def _examples() -> list[Block]:
    """What to draw, for whoever has never drawn: each opens the form with its words."""
    return [
        blocks.header(said.TRY_THESE),
        *(
            blocks.section(sentence((Words(words),)), blocks.button(said.TRY, f"home:try:{number}"))
            for number, words in enumerate(labels.EXAMPLES)
        ),
    ]


async def _files_of(here: Context, recent: Sequence[JobView]) -> dict[str, str]:
    """By job the file id of the pictures in its card; uploads nothing."""
    addresses = await here.services.cards.addresses(SLACK, [view.key for view in recent])
    found = {}
    for view in recent:
        files = CardAddress.read(addresses[view.key]).files if view.key in addresses else {}
        shown = [each for each in view.pictures if is_shown_openly(each)]
        found[view.key] = file_shown(files, Sheet.of(view, shown))
    return found


def _result(view: JobView, file: str) -> list[Block]:
    """A line with a button, and a small picture where `file` isn't ""."""
    words = escaped(one_line(view.prompt, 150)) or said.WORDS_ARE_GONE
    paid = f" · {money(view.cost_micros)}" if view.cost_micros else ""
    line = f"{code(view.public_id)} {words}{paid}"
    show = blocks.button(said.SHOW, str(CustomId("show", view.public_id)))
    if not file:
        return [blocks.section(line, show)]
    return [blocks.section(line, blocks.image(file, view.prompt)), blocks.actions([show])]


async def _for_admins(here: Context, asker: Asker) -> list[Block]:
    settings = await here.services.administration.settings(asker)
    state = (RESUME, "home:resume") if settings.paused else (PAUSE, "home:pause")
    return [
        blocks.header(this(SLACK)),
        blocks.section(sentence(budgets(settings, SLACK))),
        blocks.actions([blocks.button(SET_UP, "home:setup"), blocks.button(*state)]),
    ]


async def on_press(here: Context, call: Call, body: Body) -> None:
    """Act on a button of the Home, with the same checks as the commands."""
    verb = body["actions"][0]["action_id"].partition(":")[2]
    match verb:
        case "imagine":
            await request_form.open_form(here, call)
        case verb if verb.startswith("try:"):
            number = int(verb.removeprefix("try:"))
            await request_form.open_form(here, call, Origin.at(call, example=number + 1))
        case "settings":
            await settings_form.open_settings(here, call)
        case "setup":
            await setup_form.open_setup(here, call)
        case "privacy":
            await answers.privacy(here, call)
        case "reset":
            await here.services.studio.set_defaults(await here.asker(call), {})
            await refresh(here, call)
        case "pause" | "resume":
            asker = await here.asker(call, fresh=True)
            await here.services.administration.pause(asker, paused=verb == "pause")
            await refresh(here, call)
