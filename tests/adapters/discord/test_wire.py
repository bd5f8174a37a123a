"""The whole bot on the wire: whatever Discord answers, one message with the pictures per job."""

import asyncio
import io
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from bot.app.composition import App
from bot.domain.asker import Asker
from bot.domain.job import Job
from tests.adapters.discord.fake.people import Upload
from tests.adapters.discord.fake.server import (
    Behaviour,
    FakeDiscord,
    acts,
    acts_and_cuts,
    answers,
    cuts,
    limits,
)
from tests.adapters.discord.fake.world import Channel, Interaction, Message, Permission, Role, walk
from tests.adapters.discord.test_first_answer import busy
from tests.adapters.discord.whole_bot import environ_of, on_discord, set_up
from tests.support.clock import FakeClock
from tests.support.fake_deepinfra import FakeDeepInfra, data_url, draws
from tests.support.fake_deepinfra import waits as drawing_waits
from tests.support.whole_bot import alive, sketching

DEAD = timedelta(minutes=16)
AUTOMOD = answers(400, 200000, "Message was blocked by automatic moderation")
# An edit of the reply that brings the pictures; how far a job is may be shown before, or not.
RESULT = "edit original with files"
DEAD_TOKEN = answers(401, 50027, "Invalid Webhook Token")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(runs=True)


@pytest.fixture
def fake(clock: FakeClock) -> Iterator[FakeDiscord]:
    with FakeDiscord(now=clock.now) as fake:
        yield fake
        assert fake.unknown == []


@pytest.fixture
def drawing() -> Iterator[FakeDeepInfra]:
    with FakeDeepInfra() as drawing:
        yield drawing


@pytest.fixture
def environ(fake: FakeDiscord, drawing: FakeDeepInfra, tmp_path: Path) -> dict[str, str]:
    return environ_of(fake, drawing, tmp_path)


@pytest.fixture
async def app(fake: FakeDiscord, environ: dict[str, str], clock: FakeClock) -> AsyncIterator[App]:
    async with alive(environ, clock) as (app, _):
        await fake.until(lambda: fake.connected and fake.commands)
        await set_up(fake)
        yield app


@pytest.fixture
def gate(drawing: FakeDeepInfra) -> threading.Event:
    """Holds the first drawing until it is set."""
    event = threading.Event()
    drawing.will(drawing_waits(event))
    return event


def imagine(fake: FakeDiscord, prompt: str = "a cat", **options: object) -> Interaction:
    return fake.command("imagine", {"prompt": prompt, "images": 4, **options})


def noise(side_px: int) -> bytes:
    """A picture that no format makes small without a loss."""
    file = io.BytesIO()
    Image.effect_noise((side_px, side_px), 60).convert("RGB").save(file, "PNG")
    return file.getvalue()


def with_pictures(fake: FakeDiscord) -> list[Message]:
    return [m for m in fake.messages if m.pictures and not m.deleted]


async def delivered(fake: FakeDiscord, app: App, clock: FakeClock) -> Message:
    """The one message with the pictures, once nothing is left to do."""
    await worked_off(fake, app, clock)
    [message] = with_pictures(fake)
    assert [picture.media_type for picture in message.pictures] == ["image/png"] * 4
    return message


async def worked_off(fake: FakeDiscord, app: App, clock: FakeClock) -> None:
    """Until no card is due any more; a retry is not waited for but reached by the clock."""
    async with asyncio.timeout(40):
        while await waits_for_discord(fake, app, clock):
            clock.advance(timedelta(seconds=1))
            app.outbox.wake()
            await asyncio.sleep(0.05)


async def waits_for_discord(fake: FakeDiscord, app: App, clock: FakeClock) -> bool:
    known = await jobs(fake, app)
    if not known or any(job.state.is_open or not job.judged for job in known):
        return True
    return bool(await app.store.cards.due(clock.now() + timedelta(days=1), 10))


async def jobs(fake: FakeDiscord, app: App) -> list[Job]:
    community, person = str(fake.server.id), str(fake.ann.id)
    ann = Asker(platform="discord", community=community, channel="", person=person)
    return list(await app.store.jobs.jobs_of(ann, None, 100))


# --- the gateway ---


async def test_commands_are_synced_once_and_again_only_when_they_changed(
    fake: FakeDiscord, environ: dict[str, str], clock: FakeClock
) -> None:
    for _ in range(2):
        async with alive(environ, clock):
            await fake.until(lambda: fake.connected and fake.commands)
    assert fake.world.syncs == 1


async def test_a_command_typed_while_the_line_is_cut_is_answered_after_the_resume(
    fake: FakeDiscord, app: App, clock: FakeClock
) -> None:
    fake.cut()
    imagine(fake)
    await fake.until(lambda: with_pictures(fake))
    await delivered(fake, app, clock)
    [session] = fake.gateway.sessions.values()
    assert session.resumes == 1


async def test_a_reconnect_in_the_middle_of_a_job_loses_nothing(
    fake: FakeDiscord, app: App, clock: FakeClock, gate: threading.Event
) -> None:
    imagine(fake)
    await fake.until(lambda: fake.operations("callback"))
    fake.ask_reconnect()
    [session] = fake.gateway.sessions.values()
    await fake.until(lambda: session.resumes == 1)
    gate.set()
    await delivered(fake, app, clock)


@pytest.mark.slow
async def test_a_session_that_is_begun_anew_loses_nothing(
    fake: FakeDiscord, app: App, clock: FakeClock, gate: threading.Event
) -> None:
    imagine(fake)
    await fake.until(lambda: fake.operations("callback"))
    fake.invalidate()
    gate.set()
    await delivered(fake, app, clock)
    # discord.py waits five seconds before it identifies again.
    await fake.until(lambda: len(fake.gateway.identifies) == 2 and fake.connected, 20)
    imagine(fake, "a dog")
    await fake.until(lambda: len(with_pictures(fake)) == 2)


@pytest.mark.usefixtures("app")
async def test_a_server_that_is_not_the_owners_is_told_and_left(fake: FakeDiscord) -> None:
    long_ago = fake.server.members[fake.ann.id].joined_at
    others = fake.add_server("Others", owner=fake.bob, created_at=long_ago, has_bot=False)
    lobby = fake.add_channel("lobby", others)
    fake.invite(others)
    await fake.until(lambda: others in fake.world.left)
    [goodbye] = [message for message in fake.messages if message.channel is lobby]
    assert goodbye.text.startswith("This bot is private and works only where its owner chose.")


# --- the reply, while its token lives ---


async def test_a_result_takes_the_place_of_the_deferral(
    fake: FakeDiscord, app: App, clock: FakeClock
) -> None:
    asked = imagine(fake)
    message = await delivered(fake, app, clock)
    assert message is asked.original
    assert "a cat" in message.text
    assert not message.ephemeral
    assert len(fake.operations(RESULT)) == 1


async def test_a_private_result_never_reaches_the_channel(
    fake: FakeDiscord, app: App, clock: FakeClock
) -> None:
    asked = imagine(fake, private=True)
    message = await delivered(fake, app, clock)
    assert message is asked.original
    assert message.ephemeral


LIMITED = {"bucket": limits(0.2), "global": limits(0.2, everywhere=True)}


@pytest.mark.parametrize("kind", LIMITED)
async def test_a_limited_edit_is_made_again_after_the_time_that_was_named(
    fake: FakeDiscord, app: App, clock: FakeClock, kind: str
) -> None:
    fake.will(RESULT, LIMITED[kind])
    imagine(fake)
    await delivered(fake, app, clock)
    first, second = fake.operations(RESULT)
    assert [first.status, second.status] == [429, 200]
    assert second.at_s - first.at_s >= 0.2


async def test_a_fault_of_discords_is_outlived(
    fake: FakeDiscord, app: App, clock: FakeClock
) -> None:
    fake.will(RESULT, answers(500), answers(502))
    imagine(fake)
    await delivered(fake, app, clock)


@pytest.mark.parametrize("breaks", [cuts, acts_and_cuts])
async def test_an_edit_whose_answer_was_lost_is_made_again_and_changes_nothing(
    fake: FakeDiscord, app: App, clock: FakeClock, breaks: Callable[[], object]
) -> None:
    fake.will(RESULT, cuts() if breaks is cuts else acts_and_cuts())
    asked = imagine(fake)
    assert await delivered(fake, app, clock) is asked.original


async def test_pictures_that_are_too_large_are_made_lighter_and_it_is_said(
    fake: FakeDiscord, app: App, clock: FakeClock, drawing: FakeDeepInfra
) -> None:
    drawing.will(draws(images=[data_url(noise(512))] * 4))
    fake.will(RESULT, answers(413, 40005, "Request entity too large"))
    asked = imagine(fake)
    await worked_off(fake, app, clock)
    [message] = with_pictures(fake)
    assert message is asked.original
    assert "lighter" in message.text
    refused, taken = fake.operations(RESULT)
    sizes_bytes = [max(len(data) for _, data in call.files.values()) for call in (refused, taken)]
    assert sizes_bytes[1] < sizes_bytes[0] / 2


@pytest.mark.parametrize("wish", [{"prompt": "a cat"}, {"prompt": "a dog", "no": "cats"}])
async def test_words_that_automod_blocks_are_not_shown_and_the_pictures_are(
    fake: FakeDiscord, app: App, clock: FakeClock, wish: dict[str, str]
) -> None:
    fake.block_word("cat")
    asked = fake.command("imagine", {"images": 4, **wish})
    message = await delivered(fake, app, clock)
    assert message is asked.original
    assert "cat" not in message.text
    assert "AutoMod" in message.text


# --- the bot's own token, when the other one is dead ---


async def test_after_fifteen_minutes_the_same_message_is_edited_by_the_bots_own_token(
    fake: FakeDiscord, app: App, clock: FakeClock, gate: threading.Event
) -> None:
    asked = imagine(fake)
    await fake.until(lambda: asked.original)
    clock.advance(DEAD)
    gate.set()
    message = await delivered(fake, app, clock)
    assert message is asked.original
    assert fake.operations(RESULT) == []
    assert [call.status for call in fake.operations("edit with files")] == [200]


async def test_a_token_that_is_dead_before_its_time_costs_one_call(
    fake: FakeDiscord, app: App, clock: FakeClock
) -> None:
    fake.always(RESULT, DEAD_TOKEN)
    asked = imagine(fake)
    assert await delivered(fake, app, clock) is asked.original
    assert [call.status for call in fake.operations(RESULT)] == [401]


async def test_a_token_may_die_between_two_edits(
    fake: FakeDiscord, app: App, clock: FakeClock, gate: threading.Event
) -> None:
    fake.will(RESULT, DEAD_TOKEN)
    asked = imagine(fake)
    # The first edit is that of the progress.
    await fake.until(lambda: fake.operations("edit original"))
    gate.set()
    message = await delivered(fake, app, clock)
    assert message is asked.original
    assert [call.status for call in fake.operations(RESULT)] == [401]
    assert {edit.pictures for edit in message.edits[:-1]} == {0}
    assert message.edits[-1].pictures == 4


# --- a new message, where the thread of the first is archived ---


@pytest.mark.parametrize("breaks", ["never", "before", "after"])
async def test_in_an_archived_thread_the_result_is_a_new_message_and_once(
    fake: FakeDiscord, app: App, clock: FakeClock, gate: threading.Event, breaks: str
) -> None:
    await waits_in_an_archived_thread(fake, clock)
    if breaks != "never":
        fake.will("send", cuts() if breaks == "before" else acts_and_cuts())
    gate.set()
    message = await delivered(fake, app, clock)
    assert message.channel is fake.thread
    [job] = await jobs(fake, app)
    assert message.nonce == job.key


async def test_a_new_message_that_arrived_unheard_is_found_long_after_its_nonce_is_forgotten(
    fake: FakeDiscord, app: App, clock: FakeClock, gate: threading.Event
) -> None:
    await waits_in_an_archived_thread(fake, clock)
    fake.will("send", acts_and_cuts())
    fake.will("history", acts(), answers(503), answers(503))
    gate.set()
    await fake.until(lambda: with_pictures(fake))
    clock.advance(timedelta(minutes=30))
    await delivered(fake, app, clock)
    assert len(fake.operations("send")) == 1


async def test_a_new_message_whose_fate_cannot_be_known_is_not_sent_twice(
    fake: FakeDiscord, app: App, clock: FakeClock, gate: threading.Event
) -> None:
    """Without Read Message History a channel looks empty."""
    await waits_in_an_archived_thread(fake, clock)
    fake.forbid(fake.thread, Permission.READ_MESSAGE_HISTORY)
    fake.will("send", acts_and_cuts())
    gate.set()
    await fake.until(lambda: with_pictures(fake))
    clock.advance(timedelta(minutes=30))
    await worked_off(fake, app, clock)
    assert len(with_pictures(fake)) == 1


async def waits_in_an_archived_thread(fake: FakeDiscord, clock: FakeClock) -> None:
    asked = fake.command("imagine", {"prompt": "a cat", "images": 4}, at=fake.thread)
    await fake.until(lambda: asked.original)
    fake.archive(fake.thread)
    clock.advance(DEAD)


# --- a direct message, when the channel is closed ---


async def test_a_channel_that_was_closed_meanwhile_is_not_the_end(
    fake: FakeDiscord, app: App, clock: FakeClock, gate: threading.Event
) -> None:
    asked = imagine(fake)
    await fake.until(lambda: asked.original)
    fake.forbid(fake.art, Permission.VIEW_CHANNEL)
    clock.advance(DEAD)
    gate.set()
    message = await delivered(fake, app, clock)
    assert message.channel.recipient is fake.ann


async def test_an_archived_thread_that_was_closed_meanwhile_is_not_the_end(
    fake: FakeDiscord, app: App, clock: FakeClock, gate: threading.Event
) -> None:
    await waits_in_an_archived_thread(fake, clock)
    fake.forbid(fake.thread, Permission.SEND_MESSAGES_IN_THREADS)
    gate.set()
    message = await delivered(fake, app, clock)
    assert message.channel.recipient is fake.ann


@pytest.mark.parametrize("breaks", ["never", "before", "after"])
async def test_a_private_result_goes_to_the_person_when_its_token_is_dead(
    fake: FakeDiscord, app: App, clock: FakeClock, gate: threading.Event, breaks: str
) -> None:
    asked = imagine(fake, private=True)
    await fake.until(lambda: asked.original)
    clock.advance(DEAD)
    if breaks != "never":
        fake.will("send", cuts() if breaks == "before" else acts_and_cuts())
    gate.set()
    message = await delivered(fake, app, clock)
    assert message.channel.recipient is fake.ann
    assert fake.showing(fake.art) == []


async def test_who_takes_no_direct_messages_finds_the_result_under_show(
    fake: FakeDiscord, missed: str
) -> None:
    assert with_pictures(fake) == []
    shown = fake.command("show", {"id": missed})
    await fake.until(lambda: with_pictures(fake))
    assert shown.original is not None
    assert len(shown.original.pictures) == 4


async def test_what_a_result_cost_is_told_under_show_to_who_asked_and_to_nobody_else(
    fake: FakeDiscord, app: App, clock: FakeClock
) -> None:
    imagine(fake)
    card = await delivered(fake, app, clock)
    [job] = await jobs(fake, app)
    own, others = (
        fake.command("show", {"id": job.public_id}, by=person) for person in (fake.ann, fake.bob)
    )
    await fake.until(lambda: own.original and own.original.pictures)
    await fake.until(lambda: others.original and others.original.pictures)
    assert own.original is not None
    assert others.original is not None
    assert "It cost $" in own.original.text
    assert "cost" not in others.original.text + card.text


# --- a line that breaks ---


async def test_progress_is_shown_again_after_a_line_broke(
    fake: FakeDiscord, app: App, gate: threading.Event
) -> None:
    fake.will("edit original", *[cuts()] * 2)
    asked = imagine(fake)
    await fake.until(lambda: asked.original and "Drawing" in asked.original.text)
    assert len(fake.operations("edit original")) == 3
    gate.set()


async def test_who_could_not_be_answered_at_all_gets_their_words_back(
    fake: FakeDiscord, app: App
) -> None:
    fake.always("callback", cuts())
    asked = imagine(fake, "a lighthouse")
    await fake.until(lambda: any("a lighthouse" in m.text for m in fake.messages))
    assert asked.answer is None
    [message] = [m for m in fake.messages if m.channel.recipient is fake.ann]
    assert message.text.startswith("I was stopped before I could take this up.")


@pytest.mark.parametrize(
    ("name", "options", "first", "charged"),
    [("quota", {}, 4, ""), ("imagine", {"prompt": "a cat"}, 5, " You weren't charged.")],
)
async def test_what_breaks_says_of_money_only_where_some_could_be_charged(
    fake: FakeDiscord, app: App, name: str, options: dict[str, object], first: int, charged: str
) -> None:
    fake.will(f"callback {first}", answers(400))
    asked = fake.command(name, options)
    await fake.until(lambda: asked.original)
    assert asked.original is not None
    assert asked.original.text.startswith(f"Something broke on my side.{charged} Please try again")


async def test_where_pictures_are_free_nothing_is_said_of_money(
    fake: FakeDiscord, clock: FakeClock, tmp_path: Path
) -> None:
    async with alive(sketching(tmp_path, **on_discord(fake)), clock):
        await fake.until(lambda: fake.connected and fake.commands)
        await set_up(fake)
        fake.will("callback", acts_and_cuts())
        asked = imagine(fake)
        await fake.until(lambda: asked.original and not asked.original.loading)
    assert asked.original is not None
    assert asked.original.text.startswith(
        "I was stopped before I could take this up. Please ask once more."
    )


# --- a server that Discord can't reach ---


async def test_who_moderates_by_role_does_so_while_discord_cannot_tell_of_the_server(
    fake: FakeDiscord, app: App
) -> None:
    role = Role(fake.world.new_id(), "mods")
    fake.server.roles.append(role)
    fake.join(fake.bob, fake.server, roles=(role,))
    done = fake.command("limner setup", {"role": role})
    await fake.until(lambda: done.original)
    fake.server.is_down = True
    fake.invalidate()
    await fake.until(lambda: len(fake.gateway.identifies) == 2 and fake.connected, 60)
    listed = fake.command("mod review", by=fake.bob)
    await fake.until(lambda: listed.original)
    assert listed.original is not None
    assert listed.original.text.startswith("### Waiting for a moderator")


@pytest.mark.parametrize("private", [True, False])
async def test_who_could_not_be_shown_a_result_is_told_when_they_come_by_once(
    fake: FakeDiscord, app: App, clock: FakeClock, gate: threading.Event, *, private: bool
) -> None:
    fake.refuse_dms(fake.ann)
    asked = imagine(fake, private=private)
    await fake.until(lambda: asked.original)
    clock.advance(DEAD)
    if not private:
        fake.remove_channel(fake.art)
    gate.set()
    await worked_off(fake, app, clock)
    [job] = await jobs(fake, app)
    others = fake.command("quota", by=fake.bob, at=fake.adults)
    told = fake.command("quota", at=fake.adults)
    await fake.until(lambda: told.followups)
    words = f"I had no way to show you how `{job.public_id}` ended. `/show ID` does it now."
    assert [each.text for each in told.followups] == [words]
    assert told.followups[0].ephemeral
    who = ("discord", str(fake.ann.id), 9)
    async with asyncio.timeout(10):
        while await app.store.communities.undelivered(*who):  # noqa: ASYNC110  (it reads)
            await asyncio.sleep(0.01)
    again = fake.command("quota", at=fake.adults)
    last = fake.command("quota", at=fake.adults)
    await fake.until(lambda: again.original and others.original and last.original)
    assert again.followups == others.followups == []


@pytest.fixture
async def missed(fake: FakeDiscord, app: App, clock: FakeClock, gate: threading.Event) -> str:
    """The id of a private result of Ann's that had no way to her."""
    fake.refuse_dms(fake.ann)
    asked = imagine(fake, private=True)
    await fake.until(lambda: asked.original)
    clock.advance(DEAD)
    gate.set()
    await worked_off(fake, app, clock)
    return (await jobs(fake, app))[0].public_id


def beside(asked: Interaction) -> str:
    assert all(each.ephemeral for each in asked.followups)
    return "\n".join(each.text for each in asked.followups)


NEXT: dict[str, tuple[str, dict[str, object], str]] = {
    "an answer with files": ("show", {"id": ""}, "drew"),
    "a refusal": ("cancel", {"id": "00000000"}, "There is no result with this id"),
}


@pytest.mark.parametrize("what", NEXT)
async def test_who_missed_a_result_is_told_beside_whatever_comes_next(
    fake: FakeDiscord, app: App, missed: str, what: str
) -> None:
    name, options, words = NEXT[what]
    told = fake.command(name, {**options, **({"id": missed} if name == "show" else {})})
    await fake.until(lambda: missed in beside(told))
    assert told.original is not None
    assert words in told.original.text


async def test_a_slow_answer_keeps_its_place_beside_what_was_missed(
    fake: FakeDiscord, app: App, missed: str
) -> None:
    with busy(app):
        asked = imagine(fake, "a dog", private=True)
        await fake.until(lambda: asked.answer)
    await fake.until(lambda: asked.original and asked.original.pictures)
    await fake.until(lambda: missed in beside(asked))
    assert asked.original is not None
    assert missed not in "".join(each.text for each in asked.original.edits)


@pytest.mark.parametrize("trouble", [answers(400), cuts()])
async def test_what_cannot_be_told_beside_an_answer_is_no_fault_of_it_and_told_later(
    fake: FakeDiscord, app: App, missed: str, trouble: Behaviour
) -> None:
    fake.will("follow up", trouble)
    asked = fake.command("quota")
    await fake.until(lambda: len(fake.operations("follow up")) == 1)
    later = fake.command("quota")
    await fake.until(lambda: missed in beside(later))
    assert asked.followups == []


async def test_who_only_draws_is_told_beside_the_next_result(
    fake: FakeDiscord, app: App, clock: FakeClock, gate: threading.Event
) -> None:
    fake.refuse_dms(fake.ann)
    asked = imagine(fake, private=True)
    await fake.until(lambda: asked.original)
    clock.advance(DEAD)
    gate.set()
    await worked_off(fake, app, clock)
    [job] = await jobs(fake, app)
    nothing = imagine(fake, "a dog")
    await fake.until(lambda: job.public_id in "".join(each.text for each in nothing.followups))
    assert all(each.ephemeral for each in nothing.followups)
    assert len(with_pictures(fake)) == 1


async def test_a_server_is_offered_by_its_id_while_discord_cannot_tell_its_name(
    fake: FakeDiscord, environ: dict[str, str], clock: FakeClock
) -> None:
    other = fake.add_server(
        "Other", owner=fake.ann, created_at=fake.server.members[fake.ann.id].joined_at
    )
    lobby = fake.add_channel("lobby", other)
    environ["ALLOWED_COMMUNITIES"] += f",{other.id}"
    async with alive(environ, clock):
        await fake.until(lambda: fake.connected and fake.commands)
        for place in (fake.art, lobby):
            done = fake.command("limner setup", at=place)
            await fake.until(lambda done=done: done.original)  # type: ignore[misc]
        other.is_down = True
        fake.invalidate()
        await fake.until(lambda: len(fake.gateway.identifies) == 2 and fake.connected, 60)
        asked = fake.command("imagine", {"prompt": "a cat"}, at=fake.direct(fake.ann))
        await fake.until(lambda: asked.original)
    assert asked.original is not None
    (menu,) = asked.original.controls
    assert {each["label"] for each in menu["options"]} == {"Studio", str(other.id)}


# --- a starting image ---


@pytest.mark.parametrize("known", [None, ""])
async def test_a_picture_of_ones_own_is_started_from_also_where_its_type_is_unknown(
    fake: FakeDiscord, app: App, clock: FakeClock, known: str | None
) -> None:
    photo = fake.post(Upload("me.PNG", noise(64), known))
    form = fake.use_on(photo, "Use as starting image")
    await fake.until(lambda: form.modal)
    asked = fake.submit(form, {"prompt": "as a king"})
    await worked_off(fake, app, clock)
    assert asked.original is not None
    assert len(asked.original.pictures) == 1
    assert "from a picture" in asked.original.text


async def test_what_is_no_picture_is_no_start(fake: FakeDiscord, app: App) -> None:
    note = fake.post(Upload("me.txt", b"hello", ""))
    asked = fake.use_on(note, "Use as starting image")
    await fake.until(lambda: asked.original)
    assert asked.original is not None
    assert asked.original.text.startswith("There is no PNG, JPEG or WebP picture in this message.")
    assert await jobs(fake, app) == []


# --- threads and age-restricted channels ---


PLACES: dict[str, tuple[Callable[[FakeDiscord], Channel], bool]] = {
    "a channel": (lambda fake: fake.art, False),
    "its thread": (lambda fake: fake.thread, False),
    "an age-restricted channel": (lambda fake: fake.adults, True),
    "its thread, too": (lambda fake: fake.add_thread("nudes", fake.adults), True),
    "a private conversation": (lambda fake: fake.direct(fake.ann), False),
}


@pytest.mark.parametrize("place", PLACES)
async def test_what_looks_indecent_is_blurred_behind_an_age_gate_and_nowhere_else(
    fake: FakeDiscord,
    environ: dict[str, str],
    clock: FakeClock,
    drawing: FakeDeepInfra,
    place: str,
) -> None:
    where, gated = PLACES[place]
    channel = where(fake)
    async with alive(environ, clock):
        await fake.until(lambda: fake.connected and fake.commands)
        await set_up(fake)
        changed = fake.command("limner settings", {"flagged_age_restricted": "spoiler"})
        await fake.until(lambda: changed.original)
        drawing.will(draws(nsfw_content_detected=[True]))
        asked = fake.command("imagine", {"prompt": "a bather"}, at=channel)
        await fake.until(lambda: asked.original and not asked.original.loading)
        await fake.until(lambda: shown_or_in_review(asked))
    assert asked.original is not None
    assert bool(asked.original.pictures) == gated
    items = [i for part in walk(asked.original.components) for i in part.get("items", ())]
    assert [item["spoiler"] for item in items] == [True] * gated


def shown_or_in_review(asked: Interaction) -> bool:
    assert asked.original is not None
    return bool(asked.original.pictures) or "In review" in asked.original.text


async def test_a_thread_where_the_bot_is_mute_costs_nothing(fake: FakeDiscord, app: App) -> None:
    fake.forbid(fake.thread, Permission.SEND_MESSAGES_IN_THREADS)
    asked = fake.command("imagine", {"prompt": "a cat"}, at=fake.thread)
    await fake.until(lambda: asked.original)
    assert asked.original is not None
    assert asked.original.ephemeral
    assert "Please ask an admin to allow me: Send Messages in Threads." in asked.original.text
    assert await jobs(fake, app) == []


# --- people who carry the bot into servers where it is no member ---


@pytest.fixture
async def carried(
    fake: FakeDiscord, environ: dict[str, str], clock: FakeClock
) -> AsyncIterator[App]:
    async with alive({**environ, "USER_INSTALLS": "yes"}, clock) as (app, _):
        await fake.until(lambda: fake.connected and fake.commands)
        await set_up(fake)
        yield app


@pytest.fixture
def elsewhere(fake: FakeDiscord) -> Channel:
    """A channel that Ann can write in, of a server that does not have the bot."""
    long_ago = fake.server.members[fake.ann.id].joined_at
    other = fake.add_server("Elsewhere", owner=fake.bob, created_at=long_ago, has_bot=False)
    fake.join(fake.ann, other)
    return fake.add_channel("chat", other)


async def test_a_member_draws_elsewhere_and_their_own_server_pays(
    fake: FakeDiscord, carried: App, clock: FakeClock, elsewhere: Channel
) -> None:
    asked = fake.command("imagine", {"prompt": "a cat", "images": 4}, at=elsewhere)
    message = await delivered(fake, carried, clock)
    assert message is asked.original
    [job] = await jobs(fake, carried)
    assert job.asker.community == str(fake.server.id)
    assert fake.operations("send", "edit", "history") == []


async def test_a_stranger_who_carries_the_bot_draws_nothing(
    fake: FakeDiscord, carried: App, elsewhere: Channel
) -> None:
    assert await jobs(fake, carried) == []
    eve = fake.add_person("Eve", created_at=fake.server.members[fake.ann.id].joined_at)
    assert elsewhere.server is not None
    fake.join(eve, elsewhere.server)
    asked = fake.command("imagine", {"prompt": "a cat"}, by=eve, at=elsewhere)
    await fake.until(lambda: asked.original)
    assert asked.original is not None
    assert asked.original.ephemeral
    assert asked.original.text.startswith("This bot is private")


async def test_a_result_that_comes_too_late_for_elsewhere_comes_in_private(
    fake: FakeDiscord,
    carried: App,
    clock: FakeClock,
    elsewhere: Channel,
    gate: threading.Event,
) -> None:
    asked = fake.command("imagine", {"prompt": "a cat", "images": 4}, at=elsewhere)
    await fake.until(lambda: asked.original)
    clock.advance(DEAD)
    gate.set()
    message = await delivered(fake, carried, clock)
    assert message.channel.recipient is fake.ann
