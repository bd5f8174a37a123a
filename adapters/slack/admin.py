"""/limner for admins: what those who run a workspace decide. Checked afresh at every call."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import blocks, fields, modals
from adapters.slack.blocks import Block, Element
from adapters.slack.call import Call
from adapters.slack.context import Context
from adapters.slack.markup import escaped, person, read, sentence
from adapters.slack.modals import Origin
from adapters.slack.policy_fields import policy_changes, policy_fields
from adapters.slack.refusals import Refusal, checked
from adapters.slack.replies import answer
from adapters.slack.settings_lines import budget_lines, settings_lines
from bot.asker import Asker
from bot.budgets import Window
from bot.communities import CommunitySettings
from bot.errors import BadRequest, NotAllowed, NotFound, Problem
from bot.wording import money, short_model, window_line

MICROS_PER_DOLLAR = 1_000_000
DOLLARS_MAX = 100_000.0
BLOCK_MAX_DAYS = 3_650
REASON_MAX_CHARS = 200
_UNDONE = {"block": "The last block is lifted.", "settings": "The settings are as before."}
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_GROUP = re.compile(r"<!subteam\^([A-Z0-9]+)(?:\|[^>]*)?>")
_DOLLARS = re.compile(r"\$?([0-9]{1,6}(?:[.,][0-9]{1,6})?)")
_MONEY_FIELDS = {
    "day_micros": ("The workspace, dollars a day", "What everybody together may spend a day."),
    "month_micros": ("The workspace, dollars a month", "And in a month."),
    "person_day_micros": ("Each member, dollars a day", "What one person may spend a day."),
    "person_month_micros": ("Each member, dollars a month", "And in a month."),
}
_BUDGET_USAGE = "/limner budget [member | @group] day 5 month 50"
HELP = (
    "*For admins*",
    "*/limner setup* the form with everything that can be chosen here",
    "*/limner workspace* what holds here",
    "*/limner budget* [member | @group] [day DOLLARS] [month DOLLARS] see or change budgets",
    "*/limner grant* @person DOLLARS [day | month] add to the budget of somebody, once",
    "*/limner block* @person [DAYS] [REASON] keep somebody from drawing",
    "*/limner undo* take back the last change, or the last block",
    "*/limner spend* what was spent, and by whom",
    "*/limner allow* [MODEL | all] the models that members may use: add one, or take it out",
    "*/limner pause*, */limner resume* stop drawing, and go on",
)
Act = Callable[[Context, Call, Asker, str], Awaitable[None]]


async def admin_asker(here: Context, call: Call) -> Asker:
    """Asked of Slack anew. Raises NotAllowed."""
    asker = await here.asker(call, fresh=True)
    if not asker.is_admin:
        raise NotAllowed("admins_only")
    return asker


def _admins(act: Act) -> Callable[[Context, Call, str], Awaitable[None]]:
    async def run(here: Context, call: Call, text: str) -> None:
        await act(here, call, await admin_asker(here, call), text)

    return run


# --- setting up -----------------------------------------------------------------------------------


async def _setup(here: Context, call: Call, text: str) -> None:
    """The form with everything; the code from the terminal comes first where one is needed."""
    claims = here.rooms.claims
    if text and not claims.allows("slack", call.team):
        await _claim(here, call, read(text))
    await open_setup(here, call)


async def _claim(here: Context, call: Call, code: str) -> None:
    """Raises NotAllowed."""
    client = await here.clients.client_for(call.team)
    known = await here.people.person(client, call.team, call.person, fresh=True)
    if not known.is_admin:
        raise NotAllowed("admins_only")
    await here.rooms.claims.claim("slack", call.team, code)


async def open_setup(here: Context, call: Call) -> None:
    async def build() -> modals.View:
        asker = await admin_asker(here, call)
        known = await here.rooms.administration.settings(asker)
        client = await here.clients.client_for(call.team)
        made = setup_fields(known, await _groups(client))
        origin = str(Origin(channel=call.channel))
        return blocks.modal("setup", "Set up Limner", made, submit="Keep", metadata=origin)

    await modals.opened(here, call, build, "Set up Limner")


def setup_fields(known: CommunitySettings, groups: Sequence[tuple[str, str]]) -> list[Block]:
    """`groups` are name and id. A menu holds a hundred: those that are chosen come first."""
    chosen = {known.moderator_role, *known.trusted_roles}
    groups = sorted(groups, key=lambda group: group[1] not in chosen)
    channels: Element = blocks.picker("multi_conversations_select", "channels", known.channels)
    told: Element = blocks.picker(
        "conversations_select", "moderator_channel", known.moderator_channel
    )
    told["filter"]["include"] = ["private"]
    people: Element = blocks.picker("multi_users_select", "moderators", known.moderators)
    guests = blocks.option("Guests and people from outside may draw", "on")
    checkbox: Element = {"type": "checkboxes", "action_id": "outsiders", "options": [guests]}
    if known.outsiders:
        checkbox["initial_options"] = [guests]
    made = [
        blocks.field("channels", "Where to draw", channels, hint="Empty is everywhere that I am."),
        blocks.field(
            "moderator_channel",
            "Reports and warnings go to",
            told,
            hint="A private channel for moderators. Invite me there, so that I can post.",
        ),
        blocks.field("moderators", "Moderators", people, hint="Admins are moderators anyway."),
        *policy_fields(known, groups),
        blocks.field("outsiders", "Guests", checkbox),
        *(_money_field(name, getattr(known, name)) for name in _MONEY_FIELDS),
    ]
    if groups:
        offered = [blocks.option(f"@{name}", group) for name, group in groups]
        menu = blocks.select("moderator_role", offered, initial=known.moderator_role)
        made.insert(3, blocks.field("moderator_role", "Or a user group", menu))
    return made


def _money_field(name: str, micros: int | None) -> Block:
    label, hint = _MONEY_FIELDS[name]
    element: Element = {
        "type": "number_input",
        "action_id": name,
        "is_decimal_allowed": True,
        "min_value": "0",
        "max_value": f"{DOLLARS_MAX:.0f}",
    }
    if micros is not None:
        element["initial_value"] = f"{micros / MICROS_PER_DOLLAR:g}"
    return blocks.field(name, label, element, hint=f"{hint} Empty is as the bot owner set it.")


async def _groups(client: AsyncWebClient) -> list[tuple[str, str]]:
    """Name and id of the workspace's user groups; plans without them have none."""
    try:
        got = await client.usergroups_list()
    except SlackApiError:
        return []
    return [(str(g.get("handle") or g["name"]), str(g["id"])) for g in got["usergroups"]]


async def on_setup(
    here: Context, call: Call, view: Mapping[str, Any]
) -> tuple[Refusal, Callable[[], Awaitable[None]] | None]:
    """What is wrong; or nothing, and the answer that follows."""

    async def check() -> Callable[[], Awaitable[None]]:
        changes = _changes(fields.values_of(view), view)
        asker = await admin_asker(here, call)
        kept = await here.rooms.administration.change(asker, changes)
        lines = ["*Limner is set up here*", *settings_lines(kept), "`/imagine` draws."]
        return lambda: answer(here, call, "\n".join(lines))

    return await checked(view, check())


def _changes(values: Mapping[str, Any], view: Mapping[str, Any]) -> dict[str, Any]:
    """What was left empty goes back to what the owner set. Raises BadRequest."""
    changes: dict[str, Any] = {
        "set_up": True,
        "channels": tuple(values.get("channels", ())),
        "moderator_channel": values.get("moderator_channel", ""),
        "moderators": tuple(values.get("moderators", ())),
        "outsiders": bool(values.get("outsiders", False)),
        **policy_changes(values, view),
    }
    if fields.block_for("moderator_role", view):
        changes["moderator_role"] = values.get("moderator_role", "")
    for name in _MONEY_FIELDS:
        changes[name] = _micros(str(values[name]), name) if name in values else None
    return changes


# --- money ----------------------------------------------------------------------------------------


async def _budget(here: Context, call: Call, asker: Asker, text: str) -> None:
    """`[member | @group] [day DOLLARS] [month DOLLARS]`; alone it shows what holds."""
    administration = here.rooms.administration
    known = await administration.settings(asker)
    if text:
        known = await administration.change(asker, _budget_changes(known, text))
    usage = f"Change it: `{_BUDGET_USAGE}`, or `default` in the place of a number."
    await answer(here, call, "\n".join(["*Budgets*", *budget_lines(known), usage]))


def _budget_changes(known: CommunitySettings, text: str) -> dict[str, Any]:
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
    """None is what the bot's owner set, or for a group what each member has. Raises BadRequest."""
    return None if text == "default" else _micros(text, name)


def _pairs(words: Sequence[str]) -> list[tuple[str, str]]:
    """`day 5 month 50` as pairs. Raises BadRequest."""
    if len(words) % 2 or set(words[::2]) - {"day", "month"}:
        raise wrong("", "extra_words", got=" ".join(words)[:40], usage=_BUDGET_USAGE)
    return list(zip(words[::2], words[1::2], strict=True))


def _micros(text: str, name: str) -> int:
    """Dollars as people write them. Raises BadRequest."""
    found = _DOLLARS.fullmatch(text.strip())
    if found is None:
        raise wrong(name, "not_a_number", got=text[:40])
    dollars = float(found[1].replace(",", "."))
    if dollars > DOLLARS_MAX:
        raise wrong(name, "out_of_range", minimum=0, maximum=DOLLARS_MAX, got=text[:40])
    return round(dollars * MICROS_PER_DOLLAR)


async def _grant(here: Context, call: Call, asker: Asker, text: str) -> None:
    """`@person DOLLARS [day | month]`."""
    who, words = whom(text)
    micros = _micros(words[0] if words else "", "amount")
    window: Window = "month" if words[1:2] == ["month"] else "day"
    await here.rooms.administration.grant(asker, who, window, micros, call.event)
    when = "this month" if window == "month" else "today"
    await answer(here, call, f"{person(who)} may spend {money(micros)} more {when}.")


async def _spend(here: Context, call: Call, asker: Asker, text: str) -> None:
    del text
    found = await here.rooms.administration.spend(asker)
    people = [f"{_spender(each.person)} {money(each.posted_micros)}" for each in found.people]
    lines = ["*Spent*", *(sentence(window_line(w, platform="slack")) for w in found.windows)]
    lines += ["*This month*", *(people or ["Nobody has spent anything yet."])]
    await answer(here, call, "\n".join(lines))


def _spender(who: str) -> str:
    return person(who) if who else "somebody who was erased"


# --- people and models ----------------------------------------------------------------------------


async def _block(here: Context, call: Call, asker: Asker, text: str) -> None:
    """`@person [DAYS] [REASON …]`."""
    who, words = whom(text)
    days = int(words.pop(0)) if words and words[0].isdecimal() else 0
    if days > BLOCK_MAX_DAYS:
        raise wrong("days", "out_of_range", minimum=1, maximum=BLOCK_MAX_DAYS, got=days)
    reason = read(" ".join(words))[:REASON_MAX_CHARS]
    until = here.rooms.clock.now() + timedelta(days=days) if days else None
    await here.rooms.administration.block(asker, who, reason=reason, until=until)
    span = f" for {days} days" if days else ""
    await answer(here, call, f"{person(who)} can't draw here{span}. `/limner undo` takes it back.")


async def _undo(here: Context, call: Call, asker: Asker, text: str) -> None:
    del text
    await answer(here, call, _UNDONE[await here.rooms.administration.undo(asker)])


async def _allow(here: Context, call: Call, asker: Asker, text: str) -> None:
    """`MODEL` adds it to those that members may use, or takes it out; `all` allows every one."""
    administration, name = here.rooms.administration, read(text).strip()
    known = await administration.settings(asker)
    if name == "all":
        known = await administration.change(asker, {"models": ()})
    elif name:
        full = _full_name(here, name)
        rest = tuple(each for each in known.models if each != full)
        models = rest if full in known.models else (*known.models, full)
        known = await administration.change(asker, {"models": models})
    listed = ", ".join(escaped(short_model(each)) for each in known.models)
    await answer(here, call, f"*Models*\n{listed or 'All that the bot owner offers.'}")


def _full_name(here: Context, name: str) -> str:
    """Raises NotFound."""
    for model in here.rooms.studio.offered():
        if name in (model.name, short_model(model.name)):
            return model.name
    raise NotFound("model", name)


async def _pause(here: Context, call: Call, asker: Asker, text: str) -> None:
    del text
    await here.rooms.administration.pause(asker, paused=True)
    await answer(here, call, "Paused. What is being drawn is finished.")


async def _resume(here: Context, call: Call, asker: Asker, text: str) -> None:
    del text
    await here.rooms.administration.pause(asker, paused=False)
    await answer(here, call, "Members can draw again.")


async def _workspace(here: Context, call: Call, asker: Asker, text: str) -> None:
    del text
    known = await here.rooms.administration.settings(asker)
    lines = ["*This workspace*", *settings_lines(known), "`/limner setup` changes it."]
    await answer(here, call, "\n".join(lines))


def whom(text: str) -> tuple[str, list[str]]:
    """The person that is named, and the words after. Raises BadRequest."""
    found = _PERSON.search(text)
    if found is None:
        raise wrong("", "no_person")
    return found[1], text[found.end() :].split()


def wrong(option: str, code: str, **data: Any) -> BadRequest:
    return BadRequest((Problem(option, code, data),))


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
