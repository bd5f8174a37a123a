"""What a person or a moderator had taken away is found nowhere on Slack any more.

Every message, form, Home and file that Slack holds is searched, whoever may see it; only what Slack
itself shows once and keeps from the bot, answers that one person sees, is left out.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from adapters.slack.delivery.pending_cards import LOOK_AFTER
from tests.adapters.slack.fake.server import FakeSlack, acts_and_cuts
from tests.adapters.slack.harness import SlackHarness, job_in, slack_harness
from tests.adapters.slack.test_remote_files import removed
from tests.support.clock import FakeClock

MARK = "zq-mark"
EXPORT = b"limner-export.zip"


def left(fake: FakeSlack, marks: list[bytes]) -> Iterator[str]:
    """Where any of `marks` is: words, or pictures by their bytes."""
    for message in fake.messages:
        if not message.deleted and not message.ephemeral:
            said = f"{message.text} {message.blocks} {message.metadata}".encode()
            yield from (f"message {message.ts}" for mark in marks if mark in said)
    for file in fake.files:
        if file.completed and not file.deleted:
            said = file.name.encode() + (file.data or b"")
            yield from (f"file {file.name}" for mark in marks if mark in said)
    for home in fake.workspace.homes.values():
        said = str(home.body).encode()
        yield from ("a Home" for mark in marks if mark in said)


async def use_everything(here: SlackHarness) -> list[bytes]:
    """Ann draws in every way, and everybody has her pictures brought; her marks."""
    fake = here.fake
    card = await here.draw(f"{MARK} in the channel")
    job = job_in(card)
    await here.does(lambda: fake.command("/imagine", f"{MARK} in private --private"))
    (private,) = await here.shown(at=fake.direct(fake.ann))
    await fake.until(lambda: not here.core.outbox._busy)
    await here.does(lambda: fake.press(private, "Share where I asked"))
    await here.shown(2)
    for who in (fake.ann, fake.bob):
        await here.does(lambda who=who: fake.press(card, "Files", by=who))  # type: ignore[misc]
    here.here.uploads.forget(card.pictures[0].id)
    await here.does(lambda: fake.command("/limner", f"show {job}", by=fake.bob))
    fake.will("files.completeUploadExternal", acts_and_cuts())
    await here.draw(f"{MARK} whose upload was not heard of")
    await here.does(lambda: fake.command("/limner", "privacy"))
    await here.does(lambda: fake.press(fake.seen_by(fake.ann)[-1], "Export"))
    fake.will("chat.postMessage", acts_and_cuts())
    await here.does(lambda: fake.command("/imagine", f"{MARK} whose card was not heard of"))
    await here.does(fake.open_home)
    found = [f.data for f in fake.files if f.data and f.name.startswith("limner-")]
    return [MARK.encode(), EXPORT, *found]


async def test_nothing_is_left_of_who_erased_themselves(tmp_path: Path) -> None:
    clock = FakeClock(runs=True)
    async with slack_harness(tmp_path, clock=clock) as here:
        marks = await use_everything(here)
        places = {each.partition(" ")[0] for each in left(here.fake, marks)}
        assert places == {"message", "file", "a"}  # the search itself finds
        await here.does(lambda: here.fake.command("/limner", "privacy"))
        card = here.fake.seen_by(here.fake.ann)[-1]
        await here.does(lambda: here.fake.press(card, "privacy:erase"))
        clock.advance(LOOK_AFTER)
        await here.here.pending_cards.look()
        await here.until(lambda: not [*left(here.fake, marks)])
        later = clock.now() + timedelta(days=9)
        assert await here.core.store.pending_cards.due("slack", later, 9) == []


async def test_no_file_is_left_of_what_a_moderator_removed(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, clock=FakeClock(runs=True)) as here:
        card = await here.draw(f"{MARK} in the channel")
        await here.does(lambda: here.fake.press(card, "Files", by=here.fake.bob))
        await here.does(lambda: here.fake.command("/limner", "privacy"))
        await here.does(lambda: here.fake.press(here.fake.seen_by(here.fake.ann)[-1], "Export"))
        pictures = [EXPORT, *(file.data for file in here.fake.files if file.data)]
        assert [*left(here.fake, pictures)]
        await removed(here, job_in(card))
        await here.until(lambda: not [*left(here.fake, pictures)])
