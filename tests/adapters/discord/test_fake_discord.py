"""The fake is held to what is known of Discord, through the real discord.py."""

import asyncio
import io
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from discord import ui
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.adapters.discord.baseline_bot import BaselineBot
from tests.adapters.discord.fake.people import Upload
from tests.adapters.discord.fake.server import (
    FakeDiscord,
    acts_and_cuts,
    answers,
    cuts,
    limits,
    waits,
)
from tests.adapters.discord.fake.world import Interaction, Permission
from tests.support.clock import FakeClock
from tests.support.fake_deepinfra import png

CATS = [png(16, 16, seed) for seed in range(4)]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(runs=True)


@pytest.fixture
def fake(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeDiscord]:
    with FakeDiscord(now=clock.now) as fake:
        monkeypatch.setattr(Route, "BASE", fake.urls["DISCORD_API_URL"])
        gateway = yarl.URL(fake.urls["DISCORD_GATEWAY_URL"])
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
        yield fake
        assert fake.unknown == []


@asynccontextmanager
async def at_work(client: discord.Client, fake: FakeDiscord) -> AsyncIterator[None]:
    async with client:
        running = asyncio.create_task(client.start(fake.token))
        await fake.until(lambda: fake.connected)
        yield
    await running


async def draw(prompt: str) -> list[bytes]:
    return CATS


@pytest.fixture
async def bot(fake: FakeDiscord) -> AsyncIterator[BaselineBot]:
    bot = BaselineBot(draw)
    async with at_work(bot, fake):
        yield bot


class Asking(BaselineBot):
    """Hands every interaction to the test, unanswered."""

    def __init__(self) -> None:
        super().__init__(draw)
        self.came: asyncio.Queue[discord.Interaction] = asyncio.Queue()

    async def imagine(self, interaction: discord.Interaction, prompt: str) -> None:
        await self.came.put(interaction)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if interaction.type is not discord.InteractionType.application_command:
            await self.came.put(interaction)


@pytest.fixture
async def asking(fake: FakeDiscord) -> AsyncIterator[Asking]:
    bot = Asking()
    async with at_work(bot, fake):
        yield bot


async def asked(fake: FakeDiscord, bot: Asking) -> tuple[Interaction, discord.Interaction]:
    typed = fake.command("imagine", {"prompt": "a cat"})
    return typed, await asyncio.wait_for(bot.came.get(), 5)


def gallery(prompt: str, files: list[discord.File]) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None).add_item(ui.TextDisplay(prompt))
    row: ui.ActionRow[Any] = ui.ActionRow(ui.Button(label="Again", custom_id="again:1"))
    items = [discord.MediaGalleryItem(file, description="a cat") for file in files]
    return view.add_item(ui.MediaGallery(*items)).add_item(row)


def files(data: list[bytes] = CATS) -> list[discord.File]:
    return [discord.File(io.BytesIO(each), f"{n}.png") for n, each in enumerate(data)]


async def test_a_small_bot_logs_in_syncs_defers_and_posts_four_pictures(
    fake: FakeDiscord, bot: BaselineBot
) -> None:
    typed = fake.command("imagine", {"prompt": "a cat"}, by=fake.bob)
    await fake.until(lambda: fake.showing(fake.art))
    [message] = fake.showing(fake.art)
    assert typed.original is message
    assert typed.answer is not None
    assert typed.answer["type"] == 5
    assert message.text == "a cat"
    assert [file.data for file in message.pictures] == CATS
    assert [edit.pictures for edit in message.edits] == [4]
    assert fake.world.syncs == 1
    assert [call.operation for call in fake.calls] == [
        "login",
        "application",
        "sync",
        "gateway",
        "callback",
        "edit original",
    ]


async def test_what_happens_while_the_line_is_cut_is_told_at_the_resume(
    fake: FakeDiscord, bot: BaselineBot
) -> None:
    fake.cut()
    fake.command("imagine", {"prompt": "a cat"})
    await fake.until(lambda: fake.showing(fake.art))
    [session] = fake.gateway.sessions.values()
    assert session.resumes == 1
    assert len(fake.gateway.identifies) == 1


async def test_a_reconnect_is_a_resume_and_a_resumable_invalid_session_as_well(
    fake: FakeDiscord, bot: BaselineBot
) -> None:
    fake.ask_reconnect()
    [session] = fake.gateway.sessions.values()
    await fake.until(lambda: session.resumes == 1 and fake.connected)
    fake.invalidate(resumable=True)
    await fake.until(lambda: session.resumes == 2 and fake.connected)


@pytest.mark.slow
async def test_an_invalid_session_is_begun_anew(fake: FakeDiscord, bot: BaselineBot) -> None:
    fake.invalidate()
    # discord.py waits five seconds before it identifies again.
    await fake.until(lambda: len(fake.gateway.identifies) == 2, 20)


@pytest.mark.slow
async def test_two_shards_get_each_their_own_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeDiscord(shards=2) as fake:
        monkeypatch.setattr(Route, "BASE", fake.urls["DISCORD_API_URL"])
        bot = BaselineBot(draw)
        async with bot:
            running = asyncio.create_task(bot.start(fake.token))
            await fake.until(lambda: fake.connected, 20)
            assert [data["shard"] for data in fake.gateway.identifies] == [[0, 2], [1, 2]]
            fake.command("imagine", {"prompt": "a cat"})
            await fake.until(lambda: fake.showing(fake.art))
        await running


async def test_a_wrong_token_is_refused(fake: FakeDiscord) -> None:
    async with BaselineBot(draw) as bot:
        with pytest.raises(discord.LoginFailure):
            await bot.login("wrong")


async def test_privileged_intents_are_refused(fake: FakeDiscord) -> None:
    client = discord.AutoShardedClient(intents=discord.Intents(guilds=True, members=True))
    async with client:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await client.start(fake.token)


async def test_heartbeats_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeDiscord(heartbeat_ms=50) as fake:
        monkeypatch.setattr(Route, "BASE", fake.urls["DISCORD_API_URL"])
        async with at_work(BaselineBot(draw), fake):
            await fake.until(lambda: len(fake.gateway.connections[0].beats_s) >= 5)
            assert 0.04 < fake.longest_heartbeat_gap_s < 20


async def test_a_first_answer_is_given_once_and_within_three_seconds(
    fake: FakeDiscord, asking: Asking, clock: FakeClock
) -> None:
    _, came = await asked(fake, asking)
    await came.response.defer()
    url = f"{Route.BASE}/interactions/{came.id}/{came.token}/callback"
    async with aiohttp.ClientSession() as session:
        again = await session.post(url, json={"type": 5})
        assert (again.status, (await again.json())["code"]) == (400, 40060)
    _, late = await asked(fake, asking)
    clock.advance(timedelta(seconds=4))
    with pytest.raises(discord.NotFound) as caught:
        await late.response.defer()
    assert caught.value.code == 10062


async def test_a_token_is_good_for_fifteen_minutes_and_the_message_for_ever(
    fake: FakeDiscord, asking: Asking, clock: FakeClock
) -> None:
    typed, came = await asked(fake, asking)
    answer = await came.response.defer()
    assert answer is not None
    clock.advance(timedelta(minutes=16))
    with pytest.raises(discord.HTTPException) as caught:
        await came.edit_original_response(view=gallery("a cat", files()))
    assert (caught.value.status, caught.value.code) == (401, 50027)
    assert isinstance(came.channel, discord.TextChannel)
    partial = came.channel.get_partial_message(answer.message_id or 0)
    mine = files()
    await partial.edit(view=gallery("a cat", mine), attachments=mine)
    assert typed.original is not None
    assert len(typed.original.pictures) == 4
    assert fake.showing(fake.art) == [typed.original]


async def test_a_private_answer_is_out_of_reach_of_the_bots_own_token(
    fake: FakeDiscord, asking: Asking
) -> None:
    typed, came = await asked(fake, asking)
    answer = await came.response.defer(ephemeral=True)
    assert answer is not None
    assert typed.original is not None
    assert typed.original.ephemeral
    assert isinstance(came.channel, discord.TextChannel)
    with pytest.raises(discord.NotFound) as caught:
        await came.channel.fetch_message(answer.message_id or 0)
    assert caught.value.code == 10008
    assert [message async for message in came.channel.history()] == []


async def test_a_gallery_in_the_follow_up_of_a_deferral_is_refused_and_later_ones_are_not(
    fake: FakeDiscord, asking: Asking
) -> None:
    typed, came = await asked(fake, asking)
    await came.response.defer()
    mine = files()
    with pytest.raises(discord.HTTPException) as caught:
        await came.followup.send(view=gallery("a cat", mine), files=mine)
    assert (caught.value.status, caught.value.code) == (400, 50035)
    await came.edit_original_response(content="a moment")
    mine = files()
    await came.followup.send(view=gallery("a cat", mine), files=mine)
    assert [len(message.pictures) for message in typed.followups] == [4]


async def test_the_first_follow_up_of_a_public_deferral_is_public(
    fake: FakeDiscord, asking: Asking
) -> None:
    typed, came = await asked(fake, asking)
    await came.response.defer()
    await came.followup.send("only for you", ephemeral=True)
    assert typed.original is not None
    assert (typed.original.text, typed.original.ephemeral) == ("only for you", False)
    await came.followup.send("only for you", ephemeral=True)
    assert [message.ephemeral for message in typed.followups] == [True]


async def test_after_a_deleted_deferral_no_follow_up_arrives(
    fake: FakeDiscord, asking: Asking
) -> None:
    _, came = await asked(fake, asking)
    await came.response.defer()
    await came.delete_original_response()
    with pytest.raises(discord.NotFound):
        await came.followup.send("hello")


async def test_a_nonce_makes_one_message_of_two_for_a_few_minutes(
    fake: FakeDiscord, asking: Asking, clock: FakeClock
) -> None:
    _, came = await asked(fake, asking)
    assert isinstance(came.channel, discord.TextChannel)
    first = await came.channel.send("once", nonce="job")
    second = await came.channel.send("once", nonce="job")
    assert first.id == second.id
    await came.channel.send("twice")
    clock.advance(timedelta(minutes=6))
    assert (await came.channel.send("again", nonce="job")).id != first.id
    assert [m.text for m in fake.messages if not m.interaction] == ["once", "twice", "again"]


async def test_missing_permissions_have_their_codes(fake: FakeDiscord, asking: Asking) -> None:
    _, came = await asked(fake, asking)
    assert isinstance(came.channel, discord.TextChannel)
    fake.forbid(fake.art, Permission.ATTACH_FILES)
    with pytest.raises(discord.Forbidden) as caught:
        await came.channel.send(files=files())
    assert caught.value.code == 50013
    fake.forbid(fake.art, Permission.VIEW_CHANNEL)
    with pytest.raises(discord.Forbidden) as caught:
        await came.channel.send("hello")
    assert caught.value.code == 50001
    _, came = await asked(fake, asking)
    assert not came.app_permissions.view_channel


async def test_a_person_may_take_no_direct_messages(fake: FakeDiscord, asking: Asking) -> None:
    fake.refuse_dms(fake.bob)
    for person, refused in ((fake.ann, False), (fake.bob, True)):
        user = await asking.fetch_user(person.id)
        if refused:
            with pytest.raises(discord.Forbidden) as caught:
                await user.send("hello")
            assert caught.value.code == 50007
        else:
            await user.send("hello")
    assert [(m.channel.recipient, m.text) for m in fake.messages] == [(fake.ann, "hello")]


@pytest.mark.parametrize("sizes_mib", [[11], [9, 9, 9]])
async def test_files_over_the_limits_are_too_large(
    fake: FakeDiscord, asking: Asking, sizes_mib: list[int]
) -> None:
    _, came = await asked(fake, asking)
    await came.response.defer()
    mine = files([bytes(size * 1024 * 1024) for size in sizes_mib])
    with pytest.raises(discord.HTTPException) as caught:
        await came.edit_original_response(attachments=mine)
    assert (caught.value.status, caught.value.code) == (413, 40005)


async def test_an_eleventh_attachment_and_a_forty_first_component_are_refused(
    fake: FakeDiscord, asking: Asking
) -> None:
    _, came = await asked(fake, asking)
    await came.response.defer()
    with pytest.raises(discord.HTTPException) as caught:
        await came.edit_original_response(attachments=files([CATS[0]] * 11))
    assert caught.value.code == 50035
    # discord.py counts by itself, so the request goes out by hand.
    text = {"type": 10, "content": "x"}
    status, body = await by_hand(came, {"flags": 1 << 15, "components": [text] * 41})
    assert (status, body["code"]) == (400, 50035)


async def test_with_components_v2_there_is_no_content_and_no_way_back(
    fake: FakeDiscord, asking: Asking
) -> None:
    _, came = await asked(fake, asking)
    await came.response.defer()
    text = {"type": 10, "content": "x"}
    v2 = {"flags": 1 << 15, "components": [text]}
    assert (await by_hand(came, {**v2, "content": "words"}))[0] == 400
    assert (await by_hand(came, {"components": [text]}))[0] == 400
    assert (await by_hand(came, v2))[0] == 200
    assert (await by_hand(came, {"content": "words"}))[0] == 400
    broken = {"type": 12, "items": [{"media": {"url": "attachment://nothing.png"}}]}
    assert (await by_hand(came, {"components": [broken]}))[0] == 400
    long = {"type": 12, "items": [{"media": {"url": "http://x/y"}, "description": "x" * 1_025}]}
    assert (await by_hand(came, {"components": [long]}))[0] == 400


async def by_hand(came: discord.Interaction, payload: Any) -> tuple[int, Any]:
    url = f"{Route.BASE}/webhooks/{came.application_id}/{came.token}/messages/@original"
    async with aiohttp.ClientSession() as session, session.patch(url, json=payload) as response:
        assert response.headers["Content-Type"] == "application/json"
        return response.status, await response.json()


async def test_files_that_an_edit_does_not_list_are_gone(fake: FakeDiscord, asking: Asking) -> None:
    typed, came = await asked(fake, asking)
    await came.response.defer()
    mine = files()
    await came.edit_original_response(view=gallery("a cat", mine), attachments=mine)
    assert typed.original is not None
    await by_hand(came, {"components": typed.original.components})
    assert len(typed.original.pictures) == 4
    keep = [{"id": str(typed.original.files[0].id)}]
    first = {"media": {"url": typed.original.files[0].url}}
    gallery_of_one = {"type": 12, "items": [first]}
    await by_hand(came, {"components": [gallery_of_one], "attachments": keep})
    assert [file.name for file in typed.original.pictures] == ["0.png"]
    assert [edit.pictures for edit in typed.original.edits] == [4, 4, 1]


async def test_the_files_of_a_gallery_are_in_the_gallery_only(
    fake: FakeDiscord, asking: Asking
) -> None:
    _, came = await asked(fake, asking)
    await came.response.defer()
    mine = files()
    shown = await came.edit_original_response(view=gallery("a cat", mine), attachments=mine)
    assert shown.attachments == []
    found = [part for part in shown.components if isinstance(part, discord.MediaGalleryComponent)]
    assert [item.media.attachment_id is not None for item in found[0].items] == [True] * 4


async def test_automod_refuses_a_text_and_nothing_else(fake: FakeDiscord, asking: Asking) -> None:
    fake.block_word("cat")
    typed, came = await asked(fake, asking)
    await came.response.defer()
    with pytest.raises(discord.HTTPException) as caught:
        await came.edit_original_response(content="A CAT")
    assert (caught.value.status, caught.value.code) == (400, 200000)
    await came.edit_original_response(content="a dog")
    assert typed.original is not None
    assert typed.original.text == "a dog"


async def test_a_limited_call_is_made_again_after_the_time_that_was_named(
    fake: FakeDiscord, asking: Asking
) -> None:
    _, came = await asked(fake, asking)
    assert isinstance(came.channel, discord.TextChannel)
    fake.will("send", limits(0.05), limits(0.05, everywhere=True))
    await came.channel.send("hello")
    first, second, third = fake.operations("send")
    assert [call.status for call in (first, second, third)] == [429, 429, 200]
    assert third.at_s - first.at_s > 0.1


async def test_a_line_that_breaks_before_and_after_the_deed(
    fake: FakeDiscord, asking: Asking
) -> None:
    _, came = await asked(fake, asking)
    assert isinstance(came.channel, discord.TextChannel)
    fake.will("send", cuts(), acts_and_cuts())
    for _ in range(2):
        with pytest.raises((aiohttp.ClientError, OSError)):
            await came.channel.send("hello")
    assert [message.text for message in fake.messages] == ["hello"]


async def test_a_call_can_be_held_and_refused(fake: FakeDiscord, asking: Asking) -> None:
    _, came = await asked(fake, asking)
    go = threading.Event()
    fake.will("callback", waits(go, answers(404, 10062, "Unknown interaction")))
    answering = asyncio.create_task(came.response.defer())
    await fake.until(lambda: fake.operations("callback"))
    assert not answering.done()
    go.set()
    with pytest.raises(discord.NotFound):
        await answering


async def test_buttons_modals_and_choices_come_back_as_they_were_sent(
    fake: FakeDiscord, asking: Asking
) -> None:
    typed, came = await asked(fake, asking)
    await came.response.defer()
    mine = files()
    await came.edit_original_response(view=gallery("a cat", mine), attachments=mine)
    assert typed.original is not None
    pressed = fake.press(typed.original, "Again", by=fake.bob)
    press = await asyncio.wait_for(asking.came.get(), 5)
    assert press.data is not None
    assert press.data.get("custom_id") == "again:1"
    assert (press.user.id, press.message and press.message.id) == (
        fake.bob.id,
        typed.original.id,
    )
    modal = ui.Modal(title="Edit", custom_id="edit:1")
    modal.add_item(ui.TextInput(label="Prompt", custom_id="prompt", default="a cat"))
    await press.response.send_modal(modal)
    await fake.until(lambda: pressed.modal)
    fake.submit(pressed, {"prompt": "a dog"})
    filled = await asyncio.wait_for(asking.came.get(), 5)
    data: Any = filled.data
    assert data["components"][0]["components"][0]["value"] == "a dog"


async def test_only_what_is_registered_can_be_typed(fake: FakeDiscord, bot: BaselineBot) -> None:
    with pytest.raises(AssertionError, match="not registered"):
        fake.command("draw")
    with pytest.raises(AssertionError, match="must be given"):
        fake.command("imagine")
    with pytest.raises(AssertionError, match="are not in"):
        fake.command("imagine", {"prompt": "a cat", "colour": "red"})


async def test_a_command_whose_payload_is_wrong_is_refused(fake: FakeDiscord) -> None:
    bot = BaselineBot(draw)

    @bot.tree.command(name="other", description="-")
    async def other(interaction: discord.Interaction, one: int, two: int = 1) -> None: ...

    async with bot:
        await bot.login(fake.token)
        payload = [command.to_dict(bot.tree) for command in bot.tree.get_commands()]
        payload[1]["options"].reverse()
        with pytest.raises(discord.HTTPException):
            await bot.http.bulk_upsert_global_commands(bot.application_id or 0, payload)
        assert fake.commands[0]["name"] == "imagine"


class Reading(BaselineBot):
    """Reads an attached picture."""

    read: list[bytes]

    def __init__(self) -> None:
        super().__init__(draw)
        self.read = []
        self.tree.command(name="look", description="Look")(self.look)

    async def look(self, interaction: discord.Interaction, image: discord.Attachment) -> None:
        self.read.append(await image.read())
        await interaction.response.send_message("seen", ephemeral=True)


async def test_an_attached_picture_can_be_read_for_a_day(
    fake: FakeDiscord, clock: FakeClock
) -> None:
    bot = Reading()
    async with at_work(bot, fake):
        typed = fake.command("look", {"image": Upload("cat.png", CATS[1])})
        await fake.until(lambda: typed.original)
        assert bot.read == [CATS[1]]
        assert typed.original is not None
        assert (typed.original.text, typed.original.ephemeral) == ("seen", True)
        [upload] = [file for file in fake.files() if file.data == CATS[1]]
        clock.advance(timedelta(days=2))
        with pytest.raises(discord.NotFound):
            await bot.http.get_from_cdn(upload.url)


async def test_the_bot_leaves_a_server_and_comes_back(fake: FakeDiscord, bot: BaselineBot) -> None:
    await fake.until(lambda: bot.guilds)
    await bot.guilds[0].leave()
    assert fake.world.left == [fake.server]
    await fake.until(lambda: not bot.guilds)
    fake.invite(fake.server)
    await fake.until(lambda: bot.guilds)
