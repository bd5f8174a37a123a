"""The form before a grave decision: it says what will happen, and asks for the reason."""

import json
from collections.abc import Mapping
from typing import Any

from adapters.slack.actions.replies import answer, whisper
from adapters.slack.context import Context
from adapters.slack.forms import modals, reveal
from adapters.slack.forms.fields import values_of
from adapters.slack.forms.modals import View
from adapters.slack.platform.call import Call
from adapters.slack.rendering import blocks, case_card
from adapters.slack.rendering.markup import escaped, sentence
from bot.domain.asker import Asker
from bot.domain.case import REASON_MAX_CHARS, Case, CaseState, Decision, actor_of
from bot.errors import BotError, Conflict, NotFound, NotYours
from bot.wording import explain, moderation

_PERSON_READS = "The person reads this, and so do the other moderators."
_OWNER_READS = "The bot owner reads this."


async def ask(here: Context, call: Call, case_id: str, decision: Decision, *, view: str) -> None:
    """Open the form; with `view`, replace the form that shows what was revealed."""

    async def build() -> View:
        asker = await here.moderator(call)
        return _form(call, await _decidable(here, asker, case_id), decision)

    if view:
        await reveal.end(here, call, view)
        await modals.updated(here, call, view, build, "Decide")
    else:
        await modals.opened(here, call, build, "Decide")


def _form(call: Call, case: Case, decision: Decision) -> View:
    title, brings = moderation.question(case, decision)
    read_by = _OWNER_READS if decision is Decision.ESCALATE else _PERSON_READS
    reason = blocks.field(
        "reason",
        "Why?",
        blocks.text_input("reason", multiline=True, max_chars=REASON_MAX_CHARS),
        hint=read_by,
    )
    known = {"case": case.id, "decision": decision, "channel": call.channel}
    return blocks.modal(
        "decide",
        title,
        [blocks.section(f"*Case {escaped(case.id)}*\n{sentence(brings)}"), reason],
        submit=_SUBMITS[decision],
        metadata=json.dumps(known),
    )


_SUBMITS = {Decision.REMOVE: "Remove", Decision.STRIKE: "Strike", Decision.ESCALATE: "Escalate"}


async def _decidable(here: Context, asker: Asker, case_id: str) -> Case:
    """The case, if `asker` could decide it now, so that no reason is written in vain."""
    case = await here.services.reviews.case(asker, case_id)
    if case.is_about(asker):
        raise NotYours("about_you")
    if case.state is not CaseState.OPEN:
        raise Conflict("decided")
    if case.is_claimed(here.services.clock.now(), by_others_than=actor_of(asker)):
        raise Conflict("claimed")
    return case


def channel_of(view: Mapping[str, Any]) -> str:
    return str(json.loads(view.get("private_metadata") or "{}").get("channel", ""))


async def on_decided(here: Context, call: Call, view: Mapping[str, Any]) -> None:
    """Decide when the form was sent; the sender's rights are checked anew. Raises BotError."""
    known = json.loads(view["private_metadata"])
    decision = Decision(known["decision"])
    if decision not in _SUBMITS:
        raise NotFound("case", known["case"])
    asker = await here.moderator(call)
    reason = str(values_of(view).get("reason") or "")
    try:
        case = await here.services.reviews.decide(asker, known["case"], decision, reason)
    except Conflict as late:
        case = await here.services.reviews.case(asker, known["case"])
        here.moderators.follow(case)
        await answer(here, call, how_it_stands(here, case, late))
        return
    if decision is Decision.ESCALATE:
        await answer(here, call, moderation.frozen(here.services.contact))
        return
    words = sentence(moderation.decided(case))
    undo = blocks.actions([case_card.button(case, "undo", "Undo")])
    await whisper(here, call, words, [blocks.section(words), undo])


def how_it_stands(here: Context, case: Case, error: BotError) -> str:
    """The answer to a moderator whose decision came too late."""
    stands = sentence(moderation.state(case, here.services.clock.now()))
    return f"{sentence(explain(error, platform='slack'))}\nCase {escaped(case.id)}: {stands}"
