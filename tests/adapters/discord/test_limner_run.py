"""A real `limner run`: set up from its terminal, killed, told to stop, and started again."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

import httpx
import pytest

from tests.adapters.discord.fake.people import Upload
from tests.adapters.discord.fake.server import FakeDiscord, answers
from tests.adapters.discord.fake.world import (
    USUAL,
    Channel,
    Interaction,
    Message,
    Permission,
    Person,
)
from tests.adapters.discord.harness import png
from tests.adapters.discord.whole_bot import environ_of
from tests.support.control import url_of
from tests.support.fake_deepinfra import FakeDeepInfra, draws
from tests.support.fake_deepinfra import waits as drawing_waits

ROOT = Path(__file__).parents[3]
START_S = 40.0
END_S = 40.0
pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


class Life:
    """One process, from its start to its end."""

    def __init__(self, fake: FakeDiscord, environ: Mapping[str, str]) -> None:
        self._fake = fake
        self._terminal = Path(environ["DATA_DIR"], "terminal.txt")
        whole = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environ}
        with self._terminal.open("w", encoding="utf-8") as terminal:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                env=whole,
                cwd=environ["DATA_DIR"],
                stdin=subprocess.DEVNULL,
                stdout=terminal,
                stderr=terminal,
            )

    @property
    def said(self) -> str:
        """What stands in the terminal."""
        return self._terminal.read_text("utf-8")

    def __enter__(self) -> Self:
        self._fake.wait_for(lambda: self._fake.connected and self._fake.commands, START_S)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self.end(signal.SIGKILL)

    def tell(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def end(self, number: signal.Signals) -> int:
        self.tell(number)
        return self.ended()

    def ended(self) -> int:
        code = self._process.wait(END_S)
        self._fake.wait_for(lambda: not self._fake.connected)
        return code


@pytest.fixture
def fake() -> Iterator[FakeDiscord]:
    with FakeDiscord() as fake:
        yield fake
        assert fake.unknown == []


@pytest.fixture
def drawing() -> Iterator[FakeDeepInfra]:
    with FakeDeepInfra() as drawing:
        yield drawing


@pytest.fixture
def environ(fake: FakeDiscord, drawing: FakeDeepInfra, tmp_path: Path) -> dict[str, str]:
    return environ_of(fake, drawing, tmp_path)


def set_up(fake: FakeDiscord, **options: object) -> None:
    answered(fake, fake.command("limner setup", options))


def answered(fake: FakeDiscord, said: Interaction) -> Message:
    fake.wait_for(lambda: said.original and not said.original.loading)
    assert said.original is not None
    return said.original


def opened(fake: FakeDiscord, said: Interaction) -> Interaction:
    """A form, once it is open."""
    fake.wait_for(lambda: said.modal)
    return said


def drawn(fake: FakeDiscord, said: Interaction) -> Message:
    fake.wait_for(lambda: said.original and said.original.pictures)
    assert said.original is not None
    return said.original


def test_the_terminal_leads_to_a_bot_that_draws_on_ones_own_server_alone(
    fake: FakeDiscord, environ: dict[str, str]
) -> None:
    del environ["ALLOWED_COMMUNITIES"]
    long_ago = fake.server.members[fake.ann.id].joined_at
    others = fake.add_server("Others", owner=fake.bob, created_at=long_ago)
    lobby = fake.add_channel("lobby", others)
    with Life(fake, environ) as life:
        fake.wait_for(lambda: "Then type there: /limner setup code:" in life.said)
        link = f"https://discord.com/oauth2/authorize?client_id={fake.world.bot.id}&"
        assert f"Add it to your Discord server: {link}" in life.said
        nobodys = answered(fake, fake.command("imagine", {"prompt": "a cat"}))
        assert nobodys.text.startswith("I don't belong to anybody yet, so I draw for nobody.")
        found = re.search(r"/limner setup code:(\w+)", life.said)
        assert found is not None
        done = answered(fake, fake.command("limner setup", {"code": found[1]}))
        assert done.text.startswith("### Limner is set up here")
        drawn(fake, fake.command("imagine", {"prompt": "a cat"}))
        fake.wait_for(lambda: others in fake.world.left)
        [goodbye] = in_channel(fake, lobby)
        assert goodbye.text.startswith("This bot is private and works only where its owner chose.")


def limner(environ: Mapping[str, str], *words: str) -> tuple[int, str, str]:
    """A command beside the bot."""
    done = subprocess.run(  # noqa: S603  (our own code)
        [sys.executable, "-m", "bot", *words],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environ},
        cwd=environ["DATA_DIR"],
        capture_output=True,
        text=True,
        check=False,
        timeout=END_S,
    )
    return done.returncode, done.stdout, done.stderr


def test_the_owner_lets_servers_in_and_out_beside_the_running_bot(
    fake: FakeDiscord, environ: dict[str, str]
) -> None:
    long_ago = fake.server.members[fake.ann.id].joined_at
    others = fake.add_server("Others", owner=fake.bob, created_at=long_ago, has_bot=False)
    lobby = fake.add_channel("lobby", others)
    own, theirs = f"discord:{fake.server.id}", f"discord:{others.id}"
    with Life(fake, environ):
        set_up(fake)
        code, said, _ = limner(environ, "community", "allow", "discord", str(others.id))
        assert (code, said) == (0, f"{others.id} may use the bot.\n")
        fake.invite(others)
        done = answered(fake, fake.command("limner setup", by=fake.bob, at=lobby))
        assert done.text.startswith("### Limner is set up here")
        code, said, _ = limner(environ, "community", "list")
        assert f"{own}  let in by ALLOWED_COMMUNITIES" in said
        assert len(said.splitlines()) == 2
        assert f"{theirs}  let in by `limner community allow`" in said
        code, said, _ = limner(environ, "community", "forget", "discord", str(others.id))
        assert code == 0
        assert said.endswith("What is known of it is deleted in 30 days.\n")
        fake.wait_for(lambda: others in fake.world.left)
        code, _, wrong = limner(environ, "community", "allow", "discord", "Others")
        assert (code, wrong[:32]) == (2, "For community I need ids, and di")
    # Without a running bot it is written down, and holds from the next start on.
    assert limner(environ, "community", "forget", "discord", str(fake.server.id))[0] == 0
    with Life(fake, environ) as life:
        fake.wait_for(lambda: fake.server in fake.world.left)
        words = f"{own} is in ALLOWED_COMMUNITIES, but `limner community forget` shut it out."
        fake.wait_for(lambda: words in life.said)


def test_every_button_of_every_picture_works_after_a_restart(
    fake: FakeDiscord, environ: dict[str, str], drawing: FakeDeepInfra
) -> None:
    with Life(fake, environ) as first:
        set_up(fake)
        card = drawn(fake, fake.command("imagine", {"prompt": "a cat", "images": 4}))
        first.end(signal.SIGKILL)
    with Life(fake, environ):
        assert "drew again" in drawn(fake, fake.press(card, "Again", by=fake.bob)).text
        for number in (1, 2, 3, 4):
            assert " varied " in drawn(fake, fake.press(card, f"Vary {number}")).text
            larger = drawn(fake, fake.press(card, f"Enlarge {number}"))
            assert " enlarged " in larger.text
        assert len(answered(fake, fake.press(card, "Files")).files) == 4
        form = opened(fake, fake.press(card, "Edit"))
        assert " changed " in drawn(fake, fake.submit(form, {"prompt": "a dog"})).text
        for choice, words in (("favourite", "favourites now"), ("parameters", "Seed:")):
            assert words in answered(fake, fake.choose(card, "More", choice)).text
        assert opened(fake, fake.choose(card, "More", "report")).modal
        for number in (4, 3, 2):
            said = answered(fake, fake.choose(card, "More", f"delete:{number}"))
            assert said.text == f"Picture {number} of `{job_of(card)}` is deleted."
            fake.wait_for(lambda left=number - 1: len(card.pictures) == left)  # type: ignore[misc]
        answered(fake, fake.choose(card, "More", "delete"))
        fake.wait_for(lambda: "Deleted." in card.text)
    starts = {str(each.fields.get("image") or each.files.get("image")) for each in drawing.received}
    assert len(starts) == 1 + 4  # none, or one of the pictures


def job_of(card: Message) -> str:
    return str(card.control("again")["custom_id"]).split(":")[1]


@pytest.fixture
def mia(fake: FakeDiscord) -> Person:
    mia = fake.add_person("Mia", created_at=fake.world.now())
    fake.join(mia, fake.server, USUAL | Permission.MODERATE_MEMBERS)
    return mia


@pytest.fixture
def mods(fake: FakeDiscord) -> Channel:
    return fake.add_channel("mods", fake.server)


def test_forms_that_were_opened_before_a_restart_are_taken_after_it(
    fake: FakeDiscord, environ: dict[str, str], drawing: FakeDeepInfra, mods: Channel, mia: Person
) -> None:
    with Life(fake, environ) as first:
        set_up(fake, moderators=mods)
        card = drawn(fake, fake.command("imagine", {"prompt": "a cat", "images": 2}))
        photo = fake.post(Upload("me.png", png()), by=fake.bob)
        drawing.will(draws(nsfw_content_detected=[True]))
        fake.command("imagine", {"prompt": "a bather"}, by=fake.bob)
        fake.wait_for(lambda: in_channel(fake, mods))
        [case] = in_channel(fake, mods)
        forms = {
            "edit": fake.press(card, "Edit"),
            "start": fake.use_on(card, "Use as starting image", by=fake.bob),
            "upload": fake.use_on(photo, "Use as starting image", by=fake.bob),
            "report": fake.use_on(card, "Report image", by=fake.bob),
            "remove": fake.press(case, "Remove", by=mia),
        }
        for form in forms.values():
            opened(fake, form)
        first.end(signal.SIGKILL)
    with Life(fake, environ):
        changed = drawn(fake, fake.submit(forms["edit"], {"prompt": "a dog"}))
        assert f"changed `{job_of(card)}`\n> a dog" in changed.text
        wish = {"picture": "2", "prompt": "in the snow", "options": "--strength 0.5"}
        started = drawn(fake, fake.submit(forms["start"], wish))
        assert "> in the snow" in started.text
        assert "from a picture" in started.text
        lost = answered(fake, fake.submit(forms["upload"], {"prompt": "as a king"}))
        assert lost.ephemeral
        assert lost.text.startswith("I was restarted meanwhile and don't have the picture")
        assert lost.text.endswith("```\nas a king\n```")
        told = answered(fake, fake.submit(forms["report"], {"category": "hate"}))
        assert told.text == "Thank you. The moderators are told."
        fake.submit(forms["remove"], {"reason": "Not here."}, by=mia)
        fake.wait_for(lambda: "**Removed** by" in case.text)


def in_channel(fake: FakeDiscord, channel: Channel) -> list[Message]:
    return [m for m in fake.messages if m.channel is channel and not m.ephemeral]


def test_a_form_that_no_version_knows_and_a_forged_one_do_nothing(
    fake: FakeDiscord, environ: dict[str, str], drawing: FakeDeepInfra, mods: Channel
) -> None:
    with Life(fake, environ):
        set_up(fake, moderators=mods)
        drawing.will(draws(nsfw_content_detected=[True]))
        fake.command("imagine", {"prompt": "a bather"})
        fake.wait_for(lambda: in_channel(fake, mods))
        [case] = in_channel(fake, mods)
        card = drawn(fake, fake.command("imagine", {"prompt": "a cat"}, by=fake.bob))
        form = opened(fake, fake.press(card, "Edit", by=fake.bob))
        words = {"prompt": "a fox", "options": ""}
        unknown = answered(fake, fake.submit(form, words, forged_id="0123abcd"))
        assert unknown.ephemeral
        assert unknown.text == (
            "I don't know this form any more, so I did nothing. "
            "Please open it once more.\n-# This is what you had written:\n```\na fox\n```"
        )
        number = str(case.control("case:")["custom_id"]).split(":")[2]
        forged = fake.submit(form, {}, forged_id=f"form:escalate:{number}")
        fake.wait_for(lambda: forged.followups)
        assert forged.followups[0].ephemeral
        assert forged.followups[0].text.startswith("Only moderators can do that.")


def test_what_is_being_drawn_is_shown_before_the_bot_stops_and_what_waits_after_its_start(
    fake: FakeDiscord, environ: dict[str, str], drawing: FakeDeepInfra
) -> None:
    gate = threading.Event()
    drawing.will(drawing_waits(gate))
    environ |= {"DRAIN_S": "30", "MAX_RUNNING": "1"}
    with Life(fake, environ) as first:
        set_up(fake)
        asked = [fake.command("imagine", {"prompt": p}) for p in ("a cat", "a dog")]
        drawing.wait_for(1)
        fake.wait_for(lambda: all(each.original for each in asked))
        first.tell(signal.SIGTERM)
        gate.set()
        assert first.ended() == 0
        shown = [each for each in asked if each.original and each.original.pictures]
        assert len(shown) == 1
        assert len(drawing.received) == 1
    with Life(fake, environ):
        for each in asked:
            assert len(drawn(fake, each).pictures) == 1
    assert len(drawing.received) == 2


def health(environ: Mapping[str, str]) -> httpx.Response:
    return httpx.get(f"{url_of(Path(environ['DATA_DIR']))}/health", trust_env=False)


def test_whatever_discord_does_the_process_goes_on_and_its_log_says_what_to_do(
    fake: FakeDiscord, environ: dict[str, str]
) -> None:
    fake.will("login", answers(503))
    fake.will("gateway", answers(503))
    with Life(fake, environ) as life:
        set_up(fake)
        fake.tell("CHANNEL_CREATE", {"id": "77", "type": 2, "guild_id": str(fake.server.id)})
        answered(fake, fake.command("help"))
        assert "an event of Discord can't be read: CHANNEL_CREATE (KeyError at " in life.said
        assert len(fake.gateway.identifies) == 1

        fake.close_lines(4011)
        fake.wait_for(lambda: len(fake.gateway.identifies) == 2 and fake.connected, START_S)
        drawn(fake, fake.command("imagine", {"prompt": "a cat"}))
        assert "broke (Discord wants the servers spread over more shards (4011)." in life.said

        fake.close_lines(4004, for_good=True)
        fake.wait_for(lambda: "It is tried again in 15 min." in life.said)
        assert "CRITICAL bot.connection: Discord refuses DISCORD_TOKEN. Copy the bot's" in life.said
        told = health(environ)
        assert (told.status_code, told.json()["platforms"]["discord"]["state"]) == (
            200,
            "connecting",
        )
        assert life.end(signal.SIGTERM) == 0
        assert fake.token not in life.said
