"""The form before a grave decision: it says what will happen, and asks for the reason."""

import json
from collections.abc import Mapping
from typing import Any

from adapters.chat import case_controls, moderation
from adapters.slack.actions.replies import answer, whisper
from adapters.slack.context import Context
from adapters.slack.forms import modals, reveal
from adapters.slack.forms.fields import values_of
from adapters.slack.forms.modals import View
from adapters.slack.platform.call import Call
from adapters.slack.rendering import blocks, case_card
from adapters.slack.rendering.markup import sentence
from bot.domain.asker import SLACK
from bot.domain.case import REASON_MAX_CHARS, Case, Decision
from bot.errors import Conflict, NotFound
from bot.wording.moderation import cases, decisions
from bot.wording.parts import lines


async def ask(here: Context, call: Call, case_id: str, decision: Decision, *, view: str) -> None:
    """Open the form; with `view`, replace the form that shows what was revealed."""

    async def build() -> View:
        asker = await here.moderator(call)
        case = await here.services.reviews.case(asker, case_id)
        moderation.check_decidable(case, asker, here.services.clock.now())
        return _form(call, case, decision)

    if view:
        await reveal.end(here, call, view)
        await modals.updated(here, call, view, build, decisions.DECIDE)
    else:
        await modals.opened(here, call, build, decisions.DECIDE)


def _form(call: Call, case: Case, decision: Decision) -> View:
    title, brings = decisions.question(case, decision)
    written = blocks.text_input("reason", multiline=True, max_chars=REASON_MAX_CHARS)
    hint = decisions.read_by(decision)
    known = {"case": case.id, "decision": decision, "channel": call.channel}
    return blocks.modal(
        "decide",
        title,
        [
            blocks.section(sentence(lines(cases.title(case.id), brings))),
            blocks.field("reason", decisions.WHY, written, hint=hint),
        ],
        submit=case_controls.control(case, decision).label,
        metadata=json.dumps(known),
    )


def channel_of(view: Mapping[str, Any]) -> str:
    return str(json.loads(view.get("private_metadata") or "{}").get("channel", ""))


async def on_decided(here: Context, call: Call, view: Mapping[str, Any]) -> None:
    """Decide when the form was sent; the sender's rights are checked anew. Raises BotError."""
    known = json.loads(view["private_metadata"])
    decision = Decision(known["decision"])
    if decision not in moderation.ASK_WHY:
        raise NotFound("case", known["case"])
    asker = await here.moderator(call)
    reason = str(values_of(view).get("reason") or "")
    try:
        case = await here.services.reviews.decide(asker, known["case"], decision, reason)
    except Conflict as late:
        case = await here.services.reviews.case(asker, known["case"])
        here.moderators.follow(case)
        await answer(here, call, cases.too_late(case, late, here.services.clock.now(), SLACK))
        return
    words = sentence(decisions.decided(case, here.services.contact))
    undo = case_card.rows([[case_controls.control(case, "undo")]] if decision.waits else [])
    await whisper(here, call, words, [blocks.section(words), *undo])
