"""Handles buttons and menus of results, also of those drawn before a restart."""

from collections.abc import Mapping
from typing import Any

from adapters.chat.custom_ids import CustomId
from adapters.chat.result_controls import plan_of
from adapters.slack.actions import answers
from adapters.slack.actions.draw import follow_up
from adapters.slack.actions.other_place import draw_or_offer
from adapters.slack.actions.replies import answer
from adapters.slack.context import Context
from adapters.slack.forms import modals, request_form
from adapters.slack.platform.call import Body, Call
from adapters.slack.rendering import blocks
from adapters.slack.rendering.markup import sentence
from bot.domain.asker import Asker
from bot.domain.case import Category
from bot.errors import NotFound
from bot.jobs.drafts import Plan, Upscale
from bot.wording import answers as said
from bot.wording.moderation import commands, reports


async def on_press(here: Context, call: Call, body: Body) -> None:
    """Act on a press. Whoever presses is checked anew, and pays. Raises BotError."""
    action = body["actions"][0]
    pressed = CustomId.read(action["action_id"])
    if pressed is None:
        raise NotFound("job")
    if pressed.verb == "edit":  # a form has to open within 3 s of the press
        await request_form.open_edit(here, call, pressed.job)
        return
    chosen = (action.get("selected_option") or {}).get("value", "")
    if pressed.verb == "more" and chosen == "report":
        await modals.open_report(here, call, pressed.job)
        return
    if pressed.verb == "takedown":
        await take_down(here, call, body, pressed.job)
        return
    asker = await here.asker(call)
    await act_on(here, call, asker, pressed, chosen)


def draws(body: Body) -> bool:
    """Whether a press asks for a picture."""
    action = body["actions"][0]
    pressed = CustomId.read(action["action_id"])
    chosen = (action.get("selected_option") or {}).get("value", "")
    return pressed is not None and (
        plan_of(pressed) is not None or (pressed.verb == "more" and chosen.startswith("upscale"))
    )


async def act_on(here: Context, call: Call, asker: Asker, pressed: CustomId, chosen: str) -> None:
    job = pressed.job
    if plan := plan_of(pressed):
        await redraw(here, call, asker, plan)
        return
    match pressed.verb:
        case "tell":
            await tell_me(here, call, asker, job)
        case "files":
            await answers.files(here, call, asker, job)
        case "cancel":
            await answers.cancel(here, call, asker, job)
        case "look":
            await second_look(here, call, asker, job)
        case "share":
            await answers.share(here, call, asker, job)
        case "reveal" | "show":
            await answers.show(here, call, asker, job)
        case "more":
            verb, _, which = chosen.partition(":")
            await choose(here, call, asker, job, verb, int(which) if which.isdigit() else None)


async def choose(
    here: Context, call: Call, asker: Asker, job: str, verb: str, number: int | None
) -> None:
    """Act on a choice from a result's menu."""
    match verb:
        case "upscale":  # of cards from before it was a button
            await redraw(here, call, asker, Upscale(job, number or 1))
        case "favourite":
            await answers.favourite(here, call, asker, job)
        case "parameters":
            await answers.parameters(here, call, asker, job)
        case "look":
            await second_look(here, call, asker, job)
        case "delete":
            await answers.delete(here, call, asker, job, number)


async def redraw(here: Context, call: Call, asker: Asker, what: Plan) -> None:
    draft = await here.services.studio.plan(asker, what)
    await draw_or_offer(here, await follow_up(here, call, asker), asker, draft, what)


async def report(
    here: Context, call: Call, asker: Asker, job: str, reason: str, category: Category
) -> None:
    new = await here.services.reactions.report(asker, job, reason, category)
    await answer(here, call, reports.reported(new=new))


async def tell_me(here: Context, call: Call, asker: Asker, job: str) -> None:
    waits = await here.services.studio.tell_me(asker, job)
    await answer(here, call, said.tells_you(job, waits=waits))


async def second_look(here: Context, call: Call, asker: Asker, job: str) -> None:
    await here.services.studio.second_look(asker, job)
    await answer(here, call, reports.second_look(job))


async def take_down(here: Context, call: Call, body: Body, job: str) -> None:
    """From the moderators' channel: the notice says who did it."""
    asker = await here.moderator(call)
    await here.services.sanctions.take_down(asker, job)
    words = sentence(commands.taken_down(job, asker.person))
    client = await here.clients.client_for(call.team)
    await client.chat_update(
        channel=call.channel,
        ts=str(body["container"]["message_ts"]),
        text=words,
        blocks=[blocks.section(words)],
    )


def job_of(message: Mapping[str, Any]) -> str:
    """The public id of the result that one of our messages shows. Raises NotFound."""
    for block in message.get("blocks") or ():
        for element in (*block.get("elements", ()), block.get("accessory") or {}):
            found = CustomId.read(str(element.get("action_id", "")))
            if found is not None:
                return found.job
    raise NotFound("job")
