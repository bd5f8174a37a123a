"""A DATA_DIR that an older Limner wrote: everything in it is read as it was, and goes on.

`data/0006` was made by make_database.py with the code as it was after migration 0006. Rows last
longer than names in the code: whatever is called otherwise since, these files stay as they are.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from operator import itemgetter
from pathlib import Path
from types import NoneType
from typing import Any

import pytest

from adapters.discord.delivery.card_address import CardAddress as DiscordAddress
from adapters.slack.connection.token_encryption import TokenCipher
from adapters.slack.delivery.card_address import CardAddress as SlackAddress
from bot.accounts.community_claims import CommunityClaims
from bot.domain.asker import DISCORD, SLACK
from bot.domain.case import Case
from bot.domain.community_settings import Hearing
from bot.domain.job import job_key
from bot.domain.job_view import JobView, Phase
from bot.errors import (
    BackendBlank,
    Blocked,
    BotError,
    Busy,
    Conflict,
    Interrupted,
    PlatformAway,
    PlatformRefuses,
)
from bot.images.result import PictureType
from bot.images.worker_pool import PictureWorker
from bot.platforms import Platform
from bot.ports import Address, Checkpoint
from bot.wording import Sentence
from storage.database.database import migrations, open_for_writing
from storage.integrity import problems
from storage.picture_files import PictureFiles
from storage.sqlite_store import SqliteStore, open_for_reading
from tests.storage.builders import check_standing
from tests.storage.make_database import (
    BUDGETS,
    DISCORD_CARD,
    ERASED,
    ERRORS,
    MIDNIGHT,
    SEALING_KEY,
    SLACK_CARD,
    SLACK_TOKEN,
)
from tests.storage.reading import rendering, restore
from tests.support.bot_harness import BotHarness, FakeSurface, bot_harness
from tests.support.clock import NOON, FakeClock

STORED = Path(__file__).parent / "data" / "0006"
LATER = NOON + timedelta(minutes=1)
NOTICES = (
    "opened second_look reported budget frozen approve blur remove strike words_approve"
    " words_remove words_strike kept_removed expired struck suspended"
)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    restore(STORED, tmp_path)
    return tmp_path


def rows(data_dir: Path, sql: str, *values: Any) -> list[Any]:
    with closing(open_for_reading(data_dir / "limner.db")) as con:
        return con.execute(sql, values).fetchall()


def column(data_dir: Path, sql: str, *values: Any) -> list[Any]:
    return [value for (value,) in rows(data_dir, sql, *values)]


# --- what is in it -----------------------------------------------------------------------------


def test_every_table_has_a_row(data_dir: Path) -> None:
    tables = column(data_dir, "SELECT name FROM sqlite_schema WHERE type = 'table'")
    assert len(tables) == 32
    assert [t for t in tables if not rows(data_dir, f"SELECT 1 FROM {t} LIMIT 1")] == []  # noqa: S608


@pytest.mark.parametrize(
    ("where", "values"),
    [
        ("principal.kind", "person community operator house"),
        ("job.state", "reserved submitted produced failed cancelled lost refunded"),
        ("job.action", "imagine again vary edit upscale"),
        ("entry.kind", "grant hold post void refund adjust"),
        ("blob.type", "image/png image/jpeg image/webp"),
        ("picture.verdict", "show spoiler review block removed"),
        ("card.state", "live withdrawing withdrawn dead"),
        ("review_case.kind", "pictures report words"),
        ("review_case.state", "open decided expired frozen closed"),
        ("review_case.decision", "approve blur remove strike escalate"),
        ("case_picture.before", "show spoiler review block"),
        ("report.category", "other indecent hate violence real_person minors"),
        ("look.source", " api classifier sketch"),
        ("notice.place", "person moderators owner"),
        ("notice.code", NOTICES),
    ],
)
def test_every_value_that_a_column_can_have_is_there(
    data_dir: Path, where: str, values: str
) -> None:
    table, _, name = where.partition(".")
    sql = f"SELECT DISTINCT {name} FROM {table} WHERE {name} IS NOT NULL"  # noqa: S608
    assert set(column(data_dir, sql)) == set(values.split(" "))


def test_every_error_that_a_row_can_keep_is_there(data_dir: Path) -> None:
    sql = "SELECT DISTINCT failure ->> 'kind' FROM job WHERE failure IS NOT NULL"
    assert set(column(data_dir, sql)) == set(ERRORS)
    assert {type(error) for error in ERRORS.values()} == every_kind() - NOT_KEPT - NEWER


# Nobody raises BotError itself. A job that meets a Conflict is somebody else's business. Busy and
# PlatformAway are said before there is a job, PlatformRefuses before it or once it is drawn.
NOT_KEPT = {BotError, Busy, Conflict, PlatformAway, PlatformRefuses}
# No older Limner wrote these.
NEWER = {BackendBlank}


def every_kind() -> set[type[BotError]]:
    found: set[type[BotError]] = {BotError}
    while more := {each for kind in found for each in kind.__subclasses__()} - found:
        found |= more
    return {kind for kind in found if not kind.__module__.startswith("tests.")}


# --- how it is read ----------------------------------------------------------------------------


def test_it_opens_and_nothing_is_wrong_with_it(data_dir: Path) -> None:
    open_for_writing(data_dir / "limner.db", LATER).close()
    with closing(open_for_reading(data_dir / "limner.db")) as con:
        assert problems(con) == []
        (latest,) = con.execute("SELECT max(version) FROM migration").fetchone()
    assert latest == migrations()[-1][0]


async def test_everything_is_read_as_it_was(data_dir: Path) -> None:
    was = json.loads((STORED / "read.json").read_text("utf-8"))
    now = json.loads(json.dumps(await rendering(data_dir, NOON)))
    assert was["notes"].pop("slack_lent")[0][2] == now.pop("files elsewhere")[0]["file"]
    assert now.keys() == was.keys()
    assert was["notes"].pop("claimed") == ["slack:T1"]  # a row since, read below
    for outbox in ("cards", "notices"):  # in which order they are sent is no matter of rows
        was[outbox].sort(key=itemgetter("id"))
        now[outbox].sort(key=itemgetter("id"))
    for name, things in was.items():
        assert now[name] == things, name


async def test_every_error_comes_back_as_it_was(data_dir: Path) -> None:
    store = SqliteStore.open(data_dir / "limner.db", LATER)
    try:
        for name, error in ERRORS.items():
            job = await store.jobs.job(job_key("discord", "c1", name))
            assert type(job.failure) is type(error)
            assert vars(job.failure) == vars(error)
    finally:
        await store.close()


async def test_what_was_noted_is_known(data_dir: Path) -> None:
    store = SqliteStore.open(data_dir / "limner.db", LATER)
    try:
        claims = CommunityClaims(store.communities, FakeClock(LATER))
        await claims.load()
        assert [claims.allows("slack", team) for team in ("T1", "T2")] == [True, False]
    finally:
        await store.close()


async def test_files_on_slack_are_deleted_in_time(data_dir: Path) -> None:
    """What a moderator was shown when its time is over, and a card's with its pictures."""
    store = SqliteStore.open(data_dir / "limner.db", LATER)
    try:
        assert await store.remote_files.due(SLACK, MIDNIGHT - timedelta(seconds=1), 9) == []
        (shown,) = await store.remote_files.due(SLACK, MIDNIGHT, 9)
        assert (shown.community, shown.holder, shown.file) == ("T1", "view:V1", "F1")
    finally:
        await store.close()
    sql = "SELECT positions, due_at FROM remote_file JOIN job ON key = job_key WHERE file = 'F2'"
    assert rows(data_dir, sql) == [("[0]", None)]


def test_addresses_of_cards_are_read_as_they_were(data_dir: Path) -> None:
    sql = "SELECT address FROM card WHERE surface = ? AND state = 'live'"
    (discord,) = column(data_dir, sql, "discord")
    assert DiscordAddress.read(json.loads(discord)) == DISCORD_CARD
    (slack,) = column(data_dir, sql, "slack")
    assert SlackAddress.read(json.loads(slack)) == SLACK_CARD


def test_every_file_lies_where_the_store_looks_for_it(data_dir: Path) -> None:
    files = PictureFiles(data_dir, PictureWorker())
    blobs = rows(data_dir, "SELECT sha256, type, size_bytes FROM blob")
    sizes = [files.path(sha256, PictureType(kind)).stat().st_size for sha256, kind, _ in blobs]
    assert sizes == [size for _, _, size in blobs]


async def test_a_sealed_token_is_opened(data_dir: Path) -> None:
    (sealed,) = column(data_dir, "SELECT sealed_token FROM installation")
    assert TokenCipher([SEALING_KEY]).decrypt(sealed) == SLACK_TOKEN


async def test_what_is_good_once_is_good_once(data_dir: Path) -> None:
    store = SqliteStore.open(data_dir / "limner.db", LATER)
    try:
        assert await store.installations.use_ticket("7a" * 32, LATER)
        assert not await store.installations.use_ticket("7a" * 32, LATER)
        assert not await store.installations.take_delivery("slack:Ev1", LATER)
        topic = "budget:discord:c2:day:2026-11-22@UTC:50"
        assert not await store.chat.tell_once(topic, LATER)
        # Whoever was erased is back with their block.
        await store.people.set_defaults(ERASED, {})
        with pytest.raises(Blocked):
            await check_standing(store, ERASED, LATER)
    finally:
        await store.close()


async def test_what_was_decided_last_can_be_taken_back(data_dir: Path) -> None:
    store = SqliteStore.open(data_dir / "limner.db", LATER)
    try:
        assert await store.chat.undo("discord", "c1", "test", LATER) == "block"
        assert await store.chat.undo("discord", "c2", "test", LATER) == "settings"
        settings = await store.people.community("discord", "c2")
        assert (settings.flagged, settings.strike_days) == ("block", 90)
    finally:
        await store.close()


# --- how it goes on ----------------------------------------------------------------------------


class Everywhere(FakeSurface):
    """Implements ports.Surface and ports.Announcer for messages at any address."""

    async def show(self, address: Address, view: JobView, checkpoint: Checkpoint) -> None:
        await super().show({**address, "nail": view.public_id}, view, checkpoint)

    async def withdraw(self, address: Address) -> None:
        self.withdrawn.append(json.dumps(address))

    async def announce(
        self, community: str, notice: Sentence, *, case: str = "", job: str = "", key: str = ""
    ) -> None:
        await self.tell(community, notice)

    async def hearing(self, community: str) -> Hearing:
        return Hearing.HEARD

    def case_changed(self, case: Case) -> None:
        """It shows no cases."""


@asynccontextmanager
async def taken_up(data_dir: Path) -> AsyncIterator[tuple[BotHarness, Everywhere]]:
    """A bot at work on what was left."""
    chat = Everywhere()

    @asynccontextmanager
    async def adapter(core: BotHarness) -> AsyncIterator[None]:
        for platform in (DISCORD, SLACK):
            core.platforms.add(Platform(name=platform, surface=chat, announcer=chat))
        yield

    async with bot_harness(data_dir, BUDGETS, clock=FakeClock(LATER), adapter=adapter) as core:
        await core.enforcement.look()
        core.outbox.wake()
        await core.until(lambda: not due(data_dir))
        yield core, chat


def due(data_dir: Path) -> list[Any]:
    return rows(
        data_dir,
        "SELECT key FROM job WHERE state IN ('reserved', 'submitted') UNION ALL"
        " SELECT job_key FROM picture JOIN job ON key = job_key"
        " WHERE verdict IS NULL AND state = 'produced'"
        " UNION ALL SELECT id FROM card WHERE due_at IS NOT NULL"
        " UNION ALL SELECT id FROM notice WHERE due_at IS NOT NULL"
        " UNION ALL SELECT case_id FROM evidence WHERE secured_at IS NULL",
    )


async def test_a_bot_goes_on_where_the_older_one_was_killed(data_dir: Path) -> None:
    async with taken_up(data_dir) as (core, chat):
        drawn = sorted(request.prompt for request in core.backend.drawn)
        assert drawn == ["queued", "queued in Slack", "submitted, free"]
        assert core.surface.shows("q", Phase.DONE)
        assert core.surface.shown["behind"][-1].pictures[0].spoiler
        last = sorted(views[-1].phase for views in chat.shown.values())
        assert last == [Phase.DONE, Phase.LOST]  # in Slack, and in Discord
        assert chat.withdrawn == ['{"person": 1}']

        async def ended(event: str, community: str = "c1", platform: str = "discord") -> Any:
            job = await core.store.jobs.job(job_key(platform, community, event))
            verdicts = [picture.verdict for picture in job.pictures]
            return job.state, type(job.failure), job.cost_micros, verdicts

        shown = ("produced", NoneType, 1_000, ["show"])
        assert await ended("queued") == shown
        assert await ended("queued in Slack", "T1", "slack") == shown
        assert await ended("submitted, free") == shown
        assert await ended("submitted") == ("lost", Interrupted, 0, [])
        assert await ended("billed") == ("lost", Interrupted, 0, [])
        for kind in ("PNG", "JPEG", "WEBP"):
            assert await ended(f"drawn, {kind}") == ("produced", NoneType, 900, ["review"])
        assert await ended("withheld", "c2") == ("produced", NoneType, 900, ["block"])
        assert [topic for topic, _ in core.alerts.heard] == ["frozen:84yxwpy7"]
        assert len(chat.told) == 54
        unknown = ("A moderator decided", "Something")
        assert [words for _, words in chat.told if words.startswith(unknown)] == []
    restricted = sorted(path.name for path in (data_dir / "restricted").iterdir())
    assert restricted == ["84yxwpy7-1.png", "gkvsdywt-0.jpg", "gkvsdywt-1.png"]
    assert bills(data_dir, "submitted") == (None, 1_000)  # the quote stands for it
    assert bills(data_dir, "billed") == (900, 900)
    assert sums(data_dir) == (53_900, 42_400, 11_500)
    with closing(open_for_reading(data_dir / "limner.db")) as con:
        assert problems(con) == []


def sums(data_dir: Path) -> tuple[int, int, int]:
    """What backends charged, and who paid it: people's budgets, and the house."""
    bill = "SELECT sum(coalesce(bill, quote)) FROM job"
    posted = (
        "SELECT sum(posted) FROM account JOIN principal who ON who.id = principal_id WHERE kind = ?"
    )
    (charged,) = column(data_dir, bill)
    (budgets,), (house_,) = (column(data_dir, posted, who) for who in ("operator", "house"))
    return charged, budgets, house_


def bills(data_dir: Path, event: str) -> tuple[int | None, int]:
    """What a job's backend charged, and what the house paid of it."""
    key = job_key("discord", "c1", event)
    (bill,) = column(data_dir, "SELECT bill FROM job WHERE key = ?", key)
    sql = "SELECT sum(amount) FROM entry WHERE job_key = ? AND kind = 'post'"
    return bill, column(data_dir, sql, key)[0]
