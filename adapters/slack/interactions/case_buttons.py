"""Handles the buttons of cards of cases, also of those posted before a restart.

A card is in the moderators' channel, where it is kept up to date, or only one moderator sees it.
What is revealed is in a form, which nobody else sees.
"""

from dataclasses import dataclass
from typing import Self

from adapters.chat import moderation
from adapters.chat.custom_ids import CaseId
from adapters.slack.actions.replies import answer, redraw, whisper
from adapters.slack.context import Context
from adapters.slack.forms import case_form, reveal
from adapters.slack.platform.call import Body, Call
from adapters.slack.rendering import case_card
from bot.domain.asker import SLACK, Asker
from bot.domain.case import Case, Decision
from bot.errors import BotError, Conflict, NotFound, NotYours
from bot.wording.moderation.cases import summary, too_late


@dataclass(frozen=True, slots=True)
class Place:
    """Where a button was pressed: a message with its `ts`, or the form `view`."""

    channel: str = ""
    ts: str = ""
    private: bool = False
    view: str = ""

    @classmethod
    def of(cls, body: Body) -> Self:
        held = body.get("container") or {}
        if view := (body.get("view") or {}).get("id"):
            return cls(private=True, view=str(view))
        return cls(
            channel=str(held.get("channel_id", "")),
            ts=str(held.get("message_ts", "")),
            private=bool(held.get("is_ephemeral")),
        )


async def on_press(here: Context, call: Call, body: Body) -> None:
    """Act on a press. Whoever presses is checked anew. Raises BotError."""
    pressed = CaseId.read(body["actions"][0]["action_id"])
    if pressed is None:
        raise NotFound("case")
    at = Place.of(body)
    if pressed.verb in moderation.ASK_WHY:  # a form opens within 3 s of the press
        await case_form.ask(here, call, pressed.case, Decision(pressed.verb), view=at.view)
        return
    if pressed.verb in ("reveal", "bare"):
        await reveal.on_press(here, call, pressed, view=at.view)
        return
    reviews, asker = here.services.reviews, await here.moderator(call)
    case = await reviews.case(asker, pressed.case)
    if case.is_about(asker):
        raise NotYours("about_you")
    if at.ts and not at.private:
        here.moderators.remember(pressed.case, at.channel, at.ts)
    try:
        now = here.services.clock.now()
        changed = await moderation.act(reviews, asker, case, pressed.verb, now)
    except Conflict as late:
        case = await reviews.case(asker, pressed.case)
        await _tell_how_it_stands(here, call, at, case, late)
        return
    await _show(here, call, at, changed)


async def on_pick(here: Context, call: Call, body: Body) -> None:
    """Show the case that was chosen in the queue's menu."""
    chosen = (body["actions"][0].get("selected_option") or {}).get("value", "")
    await show_case(here, call, await here.moderator(call), chosen)


async def show_case(here: Context, call: Call, asker: Asker, case_id: str) -> None:
    """Show a case's card to one moderator only."""
    case = await here.services.reviews.case(asker, case_id)
    await whisper(here, call, summary(case), case_card.card(case, here.services.clock.now()))


async def _show(here: Context, call: Call, at: Place, case: Case) -> None:
    """Update the private card or form that was pressed; this hides what was revealed."""
    if at.view:
        await reveal.replace(here, call, at.view, case)
    elif at.private:
        await redraw(here, call, summary(case), case_card.card(case, here.services.clock.now()))


async def _tell_how_it_stands(
    here: Context, call: Call, at: Place, case: Case, error: BotError
) -> None:
    """Somebody else was faster: update the cards, and tell the one who pressed who it was."""
    await _show(here, call, at, case)
    here.moderators.follow(case)
    await answer(here, call, too_late(case, error, here.services.clock.now(), SLACK))
