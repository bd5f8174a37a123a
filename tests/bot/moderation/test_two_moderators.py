"""Two moderators, one case, two faces of one bot: a button on Discord against the page.

Everything goes over the wire: discord.py on a gateway, the page over HTTP with the session that
`/mod review` gave. Who wins, what the other is told, and what follows is read off the wire as well.
"""

import asyncio
import re
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from bot.app.composition import App
from bot.domain.case import GRACE
from storage.integrity import problems
from storage.sqlite_store import open_for_reading
from tests.adapters.discord.fake.server import FakeDiscord
from tests.adapters.discord.fake.world import (
    USUAL,
    Channel,
    Interaction,
    Message,
    Permission,
    Person,
    Role,
    walk,
)
from tests.adapters.discord.whole_bot import environ_of
from tests.support.clock import FakeClock
from tests.support.fake_deepinfra import FakeDeepInfra, draws
from tests.support.whole_bot import alive

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ROUNDS = 500
# Whoever won begins so much later next time, so that each round is as close as can be.
STEP_S = 0.001
AT_ONCE = 8
# Nobody waits as long but for what hangs.
PATIENCE_S = 120.0
LATE = "Another moderator has decided this already."


@dataclass
class Faces:
    """Mia on Discord, Max on the page."""

    fake: FakeDiscord
    app: App
    clock: FakeClock
    mods: Channel
    mia: Person
    page: httpx.AsyncClient
    form_token: str
    data_dir: Path

    @property
    def headers(self) -> dict[str, str]:
        """As the page's script sends them."""
        mark = {"HX-Request": "true", "Sec-Fetch-Site": "same-origin"}
        return {"X-Form-Token": self.form_token, **mark}

    async def withheld(self) -> None:
        """Bob asks for what is flagged, and every case stands in the moderators' channel."""
        asked = 0
        while len(self.cards()) < ROUNDS:
            wish = {"prompt": "a bather", "seed": asked, "width": 128, "height": 128}
            await asyncio.to_thread(self.fake.command, "imagine", wish, by=self.fake.bob)
            asked += 1
            await self.fake.until(lambda asked=asked: self.keeps_up(asked), PATIENCE_S)  # type: ignore[misc]

    def keeps_up(self, asked: int) -> bool:
        """Whether the next one may ask; a machine that is too busy refuses some."""
        taken = asked - sum("Too many people ask" in m.text for m in self.fake.messages)
        return len(self.cards()) >= taken - (AT_ONCE if taken < ROUNDS else 0)

    def cards(self) -> list[Message]:
        return [m for m in self.fake.messages if m.channel is self.mods and not m.ephemeral]

    async def race(self, card: Message, lead_s: float) -> tuple[Interaction, httpx.Response]:
        """The button and the page at once; the page goes first by `lead_s`."""
        seen = card.control("Blur")

        async def press() -> Interaction:
            await asyncio.sleep(max(0.0, lead_s))
            return await asyncio.to_thread(self.fake.press, card, "", by=self.mia, seen=seen)

        async def post() -> httpx.Response:
            await asyncio.sleep(max(0.0, -lead_s))
            return await self.page.post(
                f"/review/cases/{case_of(card)}/decide",
                data={"decision": "approve", "reason": "fine"},
                headers=self.headers,
            )

        pressed, posted = await asyncio.gather(press(), post())
        page_won = has_won(posted)

        def told() -> bool:
            return bool(pressed.followups) if page_won else "**Shown behind" in card.text

        try:
            await self.fake.until(lambda: pressed.failed or told())
        except AssertionError as late:
            late.add_note(f"page won: {page_won}; the press got {pressed.answer}; {card.text}")
            raise
        return pressed, posted

    async def settled(self) -> None:
        """Every decision has taken effect, and everybody heard of it."""
        self.clock.advance(GRACE)
        async with asyncio.timeout(60):
            while not await self._is_quiet():
                self.app.enforcement.wake()
                await asyncio.sleep(0.02)

    async def _is_quiet(self) -> bool:
        cases = self.app.store.cases
        due = await cases.due_notices(self.clock.now(), 1)
        return not due and await cases.next_effect_at() is None


def has_won(posted: httpx.Response) -> bool:
    """A refusal is an ordinary answer to the page's script, with a mark."""
    assert posted.status_code == httpx.codes.OK, posted.text
    return "X-Refused" not in posted.headers


def case_of(card: Message) -> str:
    return str(card.control("case:")["custom_id"]).split(":")[2]


@asynccontextmanager
async def faces(data_dir: Path) -> AsyncIterator[Faces]:
    clock = FakeClock(runs=True)
    with FakeDiscord(now=clock.now) as fake, FakeDeepInfra() as drawing:
        drawing.always(draws(nsfw_content_detected=[True]))
        mods = fake.add_channel("mods", fake.server)
        mia, max_ = (fake.add_person(name, created_at=clock.now()) for name in ("Mia", "Max"))
        role = Role(fake.world.new_id(), "moderators", permissions=Permission.MODERATE_MEMBERS)
        fake.server.roles.append(role)
        for person in (mia, max_):
            fake.join(person, fake.server, USUAL | role.permissions, roles=(role,))
        port = free_port()
        environ = environ_of(fake, drawing, data_dir)
        environ |= {"PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}"}
        environ |= {"RUNNING_PER_PERSON": str(AT_ONCE)}
        async with alive(environ, clock) as (app, _):
            await fake.until(lambda: fake.connected and fake.commands)
            done = fake.command("limner setup", {"moderators": mods})
            await fake.until(lambda: done.original)
            link = await page_link(fake, max_)
            async with httpx.AsyncClient(base_url=environ["PUBLIC_URL"]) as page:
                form_token = await enter(page, link)
                yield Faces(fake, app, clock, mods, mia, page, form_token, data_dir)
        assert fake.unknown == []


def free_port() -> int:
    """The links that moderators get have to name it before the bot listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def page_link(fake: FakeDiscord, who: Person) -> str:
    """What /mod review gives a moderator, and nobody else."""
    asked = fake.command("mod review", by=who)
    await fake.until(lambda: asked.original)
    assert asked.original is not None
    assert asked.original.ephemeral
    found = re.search(r"http[^'\"]+/review/enter#[\w-]+", str(asked.original.components))
    assert found
    return found[0]


async def enter(page: httpx.AsyncClient, link: str) -> str:
    """Behind "Continue"; the token of the page's forms."""
    token = link.partition("#")[2]
    await page.post(
        "/review/enter", data={"token": token}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    found = re.search(r'data-form-token="([^"]+)"', (await page.get("/review")).text)
    assert found
    return found[1]


async def test_the_button_and_the_page_at_once_five_hundred_times(tmp_path: Path) -> None:
    async with faces(tmp_path) as here:
        await here.withheld()
        outcomes, contested, lead_s = dict[str, str](), 0, 0.0
        for card in here.cards():
            pressed, posted = await here.race(card, lead_s)
            contested += not pressed.failed
            if has_won(posted):
                outcomes[case_of(card)] = "approve"
                told_on_discord(pressed, card)
                lead_s -= STEP_S
            else:
                outcomes[case_of(card)] = "blur"
                told_on_the_page(pressed, posted)
                lead_s += STEP_S
        counts = Counter(outcomes.values())
        assert counts.total() == ROUNDS
        assert contested > ROUNDS * 0.95
        assert min(counts["approve"], counts["blur"]) > ROUNDS * 0.2
        await here.settled()
        await here.fake.until(lambda: len(here.fake.showing(here.fake.art)) == ROUNDS, 30)
    seen_by_bob(here, counts)
    in_the_books(here, outcomes)


def told_on_discord(pressed: Interaction, card: Message) -> None:
    """Mia was late: she alone reads who was first, and the card shows it to everybody."""
    assert "**Shown** by <@" in card.text
    if not pressed.failed:
        [said] = pressed.followups
        assert said.ephemeral
        assert said.text.startswith(LATE)
        assert "**Shown** by <@" in said.text


def told_on_the_page(pressed: Interaction, posted: httpx.Response) -> None:
    """Max was late: the page refuses and says why."""
    assert LATE in posted.text
    assert pressed.followups == []
    assert pressed.original is not None
    assert "**Shown behind a blur** by <@" in pressed.original.text


def seen_by_bob(here: Faces, counts: Counter[str]) -> None:
    """He heard of each outcome once, and each picture was posted once, as it was decided."""
    heard = Counter(
        re.sub(r"`[0-9a-z]{8}`", "JOB", message.text)
        for message in here.fake.messages
        if message.channel.recipient is here.fake.bob
    )
    assert heard == {
        "A moderator looked at JOB: it is shown now. They say: fine": counts["approve"],
        "A moderator looked at JOB: it is shown behind a blur.": counts["blur"],
    }
    art = here.fake.art
    posted = [m for m in here.fake.messages if m.channel is art and not m.ephemeral]
    assert Counter(map(uploads_of, posted)) == {1: ROUNDS}
    assert Counter(map(is_blurred, posted)) == {True: counts["blur"], False: counts["approve"]}


def uploads_of(message: Message) -> int:
    """How often pictures came to a message that had none before."""
    counts = [0, *(edit.pictures for edit in message.edits)]
    return sum(now > was for was, now in pairwise(counts))


def is_blurred(message: Message) -> bool:
    [item] = [item for part in walk(message.components) for item in part.get("items", ())]
    return bool(item.get("spoiler"))


def in_the_books(here: Faces, outcomes: dict[str, str]) -> None:
    with open_for_reading(here.data_dir / "limner.db") as con:
        cases = con.execute("SELECT public_id, decision FROM review_case").fetchall()
        states = con.execute("SELECT DISTINCT state FROM review_case").fetchall()
        acts = con.execute(
            "SELECT action, count(*), count(DISTINCT subject) FROM audit"
            " WHERE subject LIKE 'case:%' GROUP BY 1 ORDER BY 1"
        ).fetchall()
        assert problems(con) == []
    assert (dict(cases), states) == (outcomes, [("decided",)])
    assert acts == [("decide", ROUNDS, ROUNDS), ("effect", ROUNDS, ROUNDS)]
