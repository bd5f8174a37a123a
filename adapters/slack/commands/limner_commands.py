"""/limner for admins. That the caller is one is checked anew at every call."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from adapters.chat.admin_input import BLOCK_MAX_DAYS, BLOCK_REASON_MAX_CHARS, toggled
from adapters.slack.actions.replies import answer
from adapters.slack.context import Context
from adapters.slack.forms.arguments import micros_of, whom, wrong
from adapters.slack.forms.setup_form import open_setup
from adapters.slack.platform.call import Call
from adapters.slack.rendering.markup import read
from bot.domain.asker import SLACK, Asker
from bot.domain.budgets import Window
from bot.domain.community_settings import CommunitySettings
from bot.errors import NotAllowed, NotFound
from bot.wording import short_model
from bot.wording.settings import commands as said

_GROUP = re.compile(r"<!subteam\^([A-Z0-9]+)(?:\|[^>]*)?>")
Act = Callable[[Context, Call, Asker, str], Awaitable[None]]


def _admins(act: Act) -> Callable[[Context, Call, str], Awaitable[None]]:
    async def run(here: Context, call: Call, text: str) -> None:
        await act(here, call, await here.admin(call), text)

    return run


# --- setting up -----------------------------------------------------------------------------------


async def _setup(here: Context, call: Call, text: str) -> None:
    """Open the setup form; a workspace that has to be claimed gives the terminal's code first."""
    claims = here.services.claims
    if text and not claims.allows(SLACK, call.team):
        await _claim(here, call, read(text))
    await open_setup(here, call)


async def _claim(here: Context, call: Call, code: str) -> None:
    """Raises NotAllowed."""
    client = await here.clients.client_for(call.team)
    known = await here.members.person(client, call.team, call.person, fresh=True)
    if not known.is_admin:
        raise NotAllowed("admins_only")
    await here.services.claims.claim(SLACK, call.team, code, call.person)


# --- money ----------------------------------------------------------------------------------------


async def _budget(here: Context, call: Call, asker: Asker, text: str) -> None:
    """`[member | @group] [day DOLLARS] [month DOLLARS]`; without words it shows the budgets."""
    changes = partial(_budget_changes, text)
    known = await here.services.administration.change(asker, changes if text else {})
    await answer(here, call, said.budgets(known, SLACK))


def _budget_changes(text: str, known: CommunitySettings) -> dict[str, Any]:
    group = _GROUP.search(text)
    words = _GROUP.sub("", text).lower().split()
    whose = words.pop(0) if words and words[0] in ("member", "workspace") else "workspace"
    spans = {f"{span}_micros": _amount(amount, span) for span, amount in _pairs(words)}
    if group is None:
        prefix = "person_" if whose == "member" else ""
        return {f"{prefix}{name}": value for name, value in spans.items()}
    changes: dict[str, Any] = {}
    for name, value in spans.items():
        rest = {g: v for g, v in getattr(known, f"role_{name}").items() if g != group[1]}
        changes[f"role_{name}"] = rest if value is None else {**rest, group[1]: value}
    return changes


def _amount(text: str, name: str) -> int | None:
    """None means what the bot's owner set, for a group what members have. Raises BadRequest."""
    return None if text == "default" else micros_of(text, name)


def _pairs(words: Sequence[str]) -> list[tuple[str, str]]:
    """`day 5 month 50` as pairs. Raises BadRequest."""
    if len(words) % 2 or set(words[::2]) - {"day", "month"}:
        raise wrong("", "extra_words", got=" ".join(words)[:40], usage=said.BUDGET_USAGE)
    return list(zip(words[::2], words[1::2], strict=True))


async def _grant(here: Context, call: Call, asker: Asker, text: str) -> None:
    """`@person DOLLARS [day | month]`."""
    who, words = whom(text)
    micros = micros_of(words[0] if words else "", "amount")
    window: Window = "month" if words[1:2] == ["month"] else "day"
    await here.services.administration.grant(asker, who, window, micros, call.event)
    await answer(here, call, said.granted(who, micros, window))


async def _spend(here: Context, call: Call, asker: Asker, _: str) -> None:
    found = await here.services.administration.spend(asker)
    await answer(here, call, said.spent(found, SLACK))


# --- people and models ----------------------------------------------------------------------------


async def _block(here: Context, call: Call, asker: Asker, text: str) -> None:
    """`@person [DAYS] [REASON …]`."""
    who, words = whom(text)
    days = int(words.pop(0)) if words and words[0].isdecimal() else 0
    if days > BLOCK_MAX_DAYS:
        raise wrong("days", "out_of_range", minimum=1, maximum=BLOCK_MAX_DAYS, got=days)
    reason = read(" ".join(words))[:BLOCK_REASON_MAX_CHARS]
    until = here.services.clock.now() + timedelta(days=days) if days else None
    await here.services.administration.block(asker, who, reason=reason, until=until)
    await answer(here, call, said.blocked(who, days))


async def _undo(here: Context, call: Call, asker: Asker, _: str) -> None:
    await answer(here, call, said.UNDONE[await here.services.administration.undo(asker)])


async def _allow(here: Context, call: Call, asker: Asker, text: str) -> None:
    """`MODEL` adds a model to those that members may use, or removes it; `all` allows all."""
    administration, name = here.services.administration, read(text).strip()
    known = await administration.settings(asker)
    if name == "all":
        known = await administration.change(asker, {"models": ()})
    elif name:
        model = _full_name(here, name)
        known = await administration.change(
            asker, lambda known: {"models": toggled(known.models, model)}
        )
    await answer(here, call, said.models(known))


def _full_name(here: Context, name: str) -> str:
    """Raises NotFound."""
    for model in here.services.studio.offered():
        if name in (model.name, short_model(model.name)):
            return model.name
    raise NotFound("model", name)


async def _pause(here: Context, call: Call, asker: Asker, _: str) -> None:
    await here.services.administration.pause(asker, paused=True)
    await answer(here, call, said.PAUSED)


async def _resume(here: Context, call: Call, asker: Asker, _: str) -> None:
    await here.services.administration.pause(asker, paused=False)
    await answer(here, call, said.RESUMED)


async def _workspace(here: Context, call: Call, asker: Asker, _: str) -> None:
    known = await here.services.administration.settings(asker)
    hearing = await here.moderators.hearing(call.team)
    await answer(here, call, said.shown(known, SLACK, hearing))


COMMANDS: Mapping[str, Callable[[Context, Call, str], Awaitable[None]]] = {
    "setup": _setup,
    "workspace": _admins(_workspace),
    "budget": _admins(_budget),
    "grant": _admins(_grant),
    "block": _admins(_block),
    "undo": _admins(_undo),
    "spend": _admins(_spend),
    "allow": _admins(_allow),
    "pause": _admins(_pause),
    "resume": _admins(_resume),
}
