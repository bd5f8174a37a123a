"""The form of /limner setup, with all settings of a workspace."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.admin_input import DOLLARS_MAX
from adapters.slack.actions.replies import answer
from adapters.slack.context import Context
from adapters.slack.forms import fields
from adapters.slack.forms.arguments import micros_of
from adapters.slack.forms.form_errors import Refusal, checked
from adapters.slack.forms.modals import Origin, View, opened
from adapters.slack.forms.policy_fields import policy_changes, policy_fields, setup_field
from adapters.slack.platform.call import Call
from adapters.slack.rendering import blocks
from adapters.slack.rendering.blocks import Block, Element
from bot.domain.asker import SLACK, Asker
from bot.domain.community_settings import CommunitySettings
from bot.domain.pricing import MICROS_PER_DOLLAR
from bot.wording.labels import KEEP
from bot.wording.settings.commands import set_up, waiting
from bot.wording.settings.setup_form import GUESTS_DRAW, OWN_POSTS, SET_UP_LIMNER

_MONEY_FIELDS = ("day_micros", "month_micros", "person_day_micros", "person_month_micros")


async def open_setup(here: Context, call: Call) -> None:
    async def build() -> View:
        asker = await here.admin(call)
        known = await here.services.administration.settings(asker)
        client = await here.clients.client_for(call.team)
        made = setup_fields(known, await _groups(client))
        origin = str(Origin(channel=call.channel))
        return blocks.modal("setup", SET_UP_LIMNER, made, submit=KEEP, metadata=origin)

    await opened(here, call, build, SET_UP_LIMNER)


def setup_fields(known: CommunitySettings, groups: Sequence[tuple[str, str]]) -> list[Block]:
    """`groups` are names and ids. Chosen ones come first, as a menu holds a hundred at most."""
    chosen = {known.moderator_role, *known.trusted_roles}
    groups = sorted(groups, key=lambda group: group[1] not in chosen)
    channels: Element = blocks.picker("multi_conversations_select", "channels", known.channels)
    told: Element = blocks.picker(
        "conversations_select", "moderator_channel", known.moderator_channel
    )
    told["filter"]["include"] = ["private"]
    people: Element = blocks.picker("multi_users_select", "moderators", known.moderators)
    made = [
        setup_field("channels", channels),
        setup_field("moderator_channel", told),
        setup_field("moderators", people),
        *policy_fields(known, groups),
        setup_field("outsiders", _checkbox("outsiders", GUESTS_DRAW, checked=known.outsiders)),
        setup_field("own_posts", _checkbox("own_posts", OWN_POSTS, checked=known.own_posts)),
        *(_money_field(name, getattr(known, name)) for name in _MONEY_FIELDS),
    ]
    if groups:
        offered = [blocks.option(f"@{name}", group) for name, group in groups]
        menu = blocks.select("moderator_role", offered, initial=known.moderator_role)
        made.insert(3, setup_field("moderator_role", menu))
    return made


def _checkbox(name: str, words: str, *, checked: bool) -> Element:
    on = blocks.option(words, "on")
    made: Element = {"type": "checkboxes", "action_id": name, "options": [on]}
    return {**made, "initial_options": [on]} if checked else made


def _money_field(name: str, micros: int | None) -> Block:
    dollars = "" if micros is None else f"{(Decimal(micros) / MICROS_PER_DOLLAR).normalize():f}"
    most = f"{DOLLARS_MAX:.0f}"
    return setup_field(name, blocks.number_input(name, dollars, most=most, decimal=True))


async def _groups(client: AsyncWebClient) -> list[tuple[str, str]]:
    """Names and ids of the workspace's user groups; [] on plans that have none."""
    try:
        got = await client.usergroups_list()
    except SlackApiError:
        return []
    return [(str(g.get("handle") or g["name"]), str(g["id"])) for g in got["usergroups"]]


async def on_setup(
    here: Context, call: Call, view: Mapping[str, Any]
) -> tuple[Refusal, Callable[[], Awaitable[None]] | None]:
    """What is wrong with the form; or nothing, and what to do after the acknowledgement."""

    async def check() -> Callable[[], Awaitable[None]]:
        changes = _changes(fields.values_of(view), view)
        asker = await here.admin(call)
        changes["set_up_by"] = asker.person
        kept = await here.services.administration.change(asker, changes)
        return lambda: _confirm(here, call, asker, kept)

    return await checked(view, check())


async def _confirm(here: Context, call: Call, asker: Asker, kept: CommunitySettings) -> None:
    hearing = await here.moderators.hearing(call.team)
    news = waiting(len(await here.services.reviews.queue(asker)), SLACK)
    await answer(here, call, set_up(kept, SLACK, hearing, [news]))


def _changes(values: Mapping[str, Any], view: Mapping[str, Any]) -> dict[str, Any]:
    """The changed settings; an empty amount means the bot owner's. Raises BadRequest."""
    changes: dict[str, Any] = {
        "set_up": True,
        "channels": tuple(values.get("channels", ())),
        "moderator_channel": values.get("moderator_channel", ""),
        "moderators": tuple(values.get("moderators", ())),
        "outsiders": bool(values.get("outsiders", False)),
        "own_posts": bool(values.get("own_posts", False)),
        **policy_changes(values, view),
    }
    if fields.block_for("moderator_role", view):
        changes["moderator_role"] = values.get("moderator_role", "")
    for name in _MONEY_FIELDS:
        changes[name] = micros_of(str(values[name]), name) if name in values else None
    return changes
