"""Somebody who used everything is erased, and nothing of them is found anywhere.

Their marks are searched in every column of every table, in the bytes of every file of DATA_DIR
(free pages, the write-ahead log, pictures, thumbnails), in what hangs on the surface, and in what
the bot keeps in memory. Then an older backup is restored, and it is searched again.
"""

import gc
import hashlib
import io
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from bot.cleanup import retire
from bot.domain.asker import Asker
from bot.domain.case import GRACE, Case, Category, Decision
from bot.domain.community_settings import CommunitySettings
from bot.domain.job_view import JobView, Phase
from bot.errors import BackendFailed, PromptRefused
from bot.jobs.drafts import Vary
from storage.backup import back_up, restore
from storage.integrity import problems
from storage.sqlite_store import open_for_reading
from storage.tables import audit
from tests.storage.make_database import Seer
from tests.support.bot_harness import ANN, BOB, BotHarness, bot_harness, prompted
from tests.support.clock import NOON, FakeClock

# Each is found nowhere else, so that whatever holds it holds it because of them.
PERSON = "zq-person-7391"
MARKED = replace(
    ANN,
    person=PERSON,
    name="Zq Name Brightwater",
    channel="zq-private-channel",
    locale="zq-locale",
    roles=frozenset({"zq-role"}),
    account_created_at=NOON - timedelta(days=321, seconds=7),
    is_admin=True,
    is_moderator=True,
)
MOD = replace(ANN, person="mod", name="Mo", is_moderator=True)
ADMIN = replace(ANN, person="adm", name="Ada", is_admin=True)
WEBHOOK = "https://example.org/zq-webhook"
LATER = NOON + timedelta(days=1)


@dataclass
class Marks:
    """What must be found nowhere: words, and pictures by their bytes and names."""

    words: list[str] = field(
        default_factory=lambda: [
            PERSON,
            "Brightwater",
            "zq-private-channel",
            "zq-locale",
            "zq-role",
            (NOON - timedelta(days=321, seconds=7)).isoformat(),
            "zq-webhook",
        ]
    )
    pictures: list[bytes] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)  # of how they look

    def new(self, what: str) -> str:
        """Words of theirs, or about them."""
        word = f"zq{len(self.words)}-{what.replace(' ', '-')}"
        self.words.append(word)
        return word

    def take_in(self, data_dir: Path) -> None:
        """The pictures that are in the store now: all are theirs."""
        self.pictures += [each.read_bytes() for each in files(data_dir / "pictures")]
        self.pictures += [each.read_bytes() for each in files(data_dir / "thumbnails")]
        self.words += [each.parent.name + each.stem for each in files(data_dir / "pictures")]
        with closing(open_for_reading(data_dir / "limner.db")) as con:
            rows = con.execute(
                "SELECT pdq FROM look JOIN job ON job.key = job_key JOIN principal who"
                " ON who.id = person_id WHERE person = ? AND pdq IS NOT NULL",
                (PERSON,),
            )
            self.hashes += [pdq for (pdq,) in rows]

    def found_in(self, data: bytes) -> list[str]:
        found = [word for word in self.words if word.encode() in data]
        found += [word for word in self.words if bytes_of(word) and bytes_of(word) in data]
        found += ["a picture" for picture in self.pictures if picture in data]
        return found + ["a look" for pdq in self.hashes if pdq in data]


def bytes_of(word: str) -> bytes:
    try:
        return bytes.fromhex(word)
    except ValueError:
        return b""


def files(folder: Path) -> Iterator[Path]:
    return (each for each in folder.rglob("*") if each.is_file())


def left_on_disk(data_dir: Path, marks: Marks) -> list[tuple[str, str]]:
    """(file, mark): in its bytes or in its name."""
    return [
        (str(each.relative_to(data_dir)), mark)
        for each in files(data_dir)
        for mark in marks.found_in(each.read_bytes() + b"\0" + str(each).encode())
    ]


def left_in_tables(data_dir: Path, marks: Marks) -> list[tuple[str, str, str]]:
    """(table, column, mark) for every value of every row."""
    found = []
    with closing(open_for_reading(data_dir / "limner.db")) as con:
        names = con.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        for (table,) in names:
            rows = con.execute(f"SELECT * FROM {table}")  # noqa: S608  (our own tables)
            columns = [each[0] for each in rows.description]
            for row in rows:
                for column, value in zip(columns, row, strict=True):
                    data = value if isinstance(value, bytes) else str(value).encode()
                    found += [(table, column, mark) for mark in marks.found_in(data)]
    return found


def in_memory(core: BotHarness, marks: Marks) -> list[str]:
    """What is reached from the bot's objects; the test's own and the fakes outside are not."""
    outside = {id(each) for each in (core.surface, core.backend, core.alerts, marks)}
    todo: list[Any] = [core]
    seen, found = set(), []
    while todo:
        each = todo.pop()
        if id(each) in seen or id(each) in outside:
            continue
        seen.add(id(each))
        if isinstance(each, str | bytes):
            found += marks.found_in(each if isinstance(each, bytes) else each.encode())
        elif (
            isinstance(each, dict | list | tuple | set | frozenset)
            or type(each).__module__.partition(".")[0] in ("bot", "storage", "adapters", "tests")
            or type(each).__name__ in ("OrderedDict", "deque", "Counter", "defaultdict", "method")
        ):
            todo += gc.get_referents(each)
    return found


# --- what they did -------------------------------------------------------------------------------


async def draw(core: BotHarness, asker: Asker, prompt: str, **how: Any) -> JobView:
    options = how.pop("options", {})
    return await core.finished(await core.imagine(asker, prompted(prompt, **options), **how))


async def use_everything(core: BotHarness, marks: Marks) -> None:
    await draw_every_way(core, marks)
    await core.studio.set_defaults(MARKED, {"negative_prompt": marks.new("default")})
    await core.presets.save(
        MARKED, marks.new("preset"), {"negative_prompt": marks.new("in preset")}
    )
    await meet_moderators(core, marks)
    await moderate(core, marks)


async def draw_every_way(core: BotHarness, marks: Marks) -> None:
    upload = io.BytesIO()
    Image.effect_noise((64, 64), 90).convert("RGB").save(upload, "PNG")
    marks.pictures.append(upload.getvalue())
    request = {
        "negative_prompt": marks.new("negative"),
        "lora": f"someone/{marks.new('lora')}",
        "webhook": WEBHOOK,
        "image": upload.getvalue(),
    }
    first = await draw(core, MARKED, marks.new("prompt"), options=request)
    varied = await core.finished(await core.redraw(MARKED, Vary(first.public_id, 1)))
    private = await draw(core, MARKED, marks.new("private"), private=True)
    core.backend.trouble.append(BackendFailed(detail=marks.new("backend said")))
    await draw(core, MARKED, marks.new("failing"))
    for view in (first, varied, private):
        assert view.phase is Phase.DONE
        job = await core.job(view)
        await core.pictures.thumbnail(job.pictures[0].sha256, job.pictures[0].type, 256)
    await core.reactions.favour(MARKED, first.public_id)
    await core.reactions.favour(BOB, first.public_id)
    await core.studio.delete(MARKED, varied.public_id)


async def meet_moderators(core: BotHarness, marks: Marks) -> None:
    """Reports of theirs and about them, cases, a strike, a block, refused words."""
    other = await draw(core, BOB, "a boat")
    await core.reactions.report(MARKED, other.public_id, marks.new("their report"), Category.HATE)
    await decide_all(core, Decision.APPROVE, "fine")
    mine = await draw(core, MARKED, marks.new("reported"))
    await core.reactions.report(BOB, mine.public_id, marks.new("about them"), Category.HATE)
    await decide_all(core, Decision.STRIKE, marks.new("why a strike"))
    core.backend.flagged = True
    await draw(core, MARKED, marks.new("reviewed"))
    await decide_all(core, Decision.REMOVE, marks.new("why removed"))
    core.backend.flagged = False
    for number in range(2):
        try:
            await draw(core, MARKED, f"nude child {marks.new(f'refused {number}')}")
        except PromptRefused:
            continue
        raise AssertionError("not refused")
    await core.sanctions.strike(MOD, PERSON, marks.new("strike by hand"))
    await core.administration.block(ADMIN, PERSON, reason=marks.new("block"), until=LATER)


async def decide_all(core: BotHarness, decision: Decision, reason: str) -> None:
    cases: tuple[Case, ...] = await core.reviews.queue(MOD)
    assert cases
    for case in cases:
        await core.reviews.decide(MOD, case.id, decision, reason)
    core.clock.advance(GRACE)
    await core.enforcement.look()


async def moderate(core: BotHarness, marks: Marks) -> None:
    """What they did to others, as admin and as moderator."""
    now = core.clock.now()
    settings = CommunitySettings(moderators=(PERSON, "mod"), strike_days=9)
    await core.store.people.change_community(
        "discord", "c1", lambda _: settings, "discord:c1:adm", now
    )
    await core.administration.change(MARKED, {"strike_days": 10})
    await core.administration.grant(MARKED, "bob", "day", 1_000, "e1")
    await core.sanctions.block(MARKED, "cleo", "spam", None)
    await core.sanctions.unblock(MARKED, "cleo")
    lifted = await core.sanctions.strike(MARKED, "cleo", "spam")
    await core.sanctions.lift_strike(MARKED, lifted)
    core.backend.flagged = True
    await draw(core, BOB, "a case")
    core.backend.flagged = False
    (case,) = await core.reviews.queue(MARKED)
    await core.reviews.claim(MARKED, case.id)
    await core.reviews.reveal(MARKED, case.id, 1)
    await core.reviews.decide(MARKED, case.id, Decision.REMOVE, "a reason")
    core.clock.advance(GRACE)
    await core.enforcement.look()


# --- what is left --------------------------------------------------------------------------------

# What stays, and why. Nothing of it names anybody or says what they wrote or drew.
#   books                 sums and times by the number of a row among the principals
#   erased, principal     a keyed hash of platform, community and person, so that neither an
#                         erasure nor a restored backup changes who may draw how much
#   blocked_hash,         hashes of what moderators removed, so that it doesn't come back
#   blocked_file, derived
#   audit, cases, strikes who decided what and when, without reasons about them
HASHES = {("blocked_file", "sha256"), ("blocked_hash", "pdq")}


def held_against(data_dir: Path, marks: Marks) -> None:
    words = replace(marks, words=[each for each in marks.words if len(each) != 64], hashes=[])
    assert left_in_tables(data_dir, words) == []
    assert {found[:2] for found in left_in_tables(data_dir, marks)} <= HASHES
    assert left_on_disk(data_dir, words) == []
    with closing(open_for_reading(data_dir / "limner.db")) as con:
        assert problems(con) == []


@asynccontextmanager
async def a_bot(data_dir: Path, clock: FakeClock | None = None) -> AsyncIterator[BotHarness]:
    looker = Seer()
    looker.score = 0.1
    async with bot_harness(data_dir, clock=clock, classifier=looker) as core:
        yield core


async def test_nothing_is_left_of_who_was_erased_nor_comes_back(tmp_path: Path) -> None:
    data_dir, marks = tmp_path / "data", Marks()
    async with a_bot(data_dir) as core:
        await use_everything(core, marks)
        own = data_dir / "pictures"
        others = {each.sha256 for job in await every_job(core, BOB) for each in job.pictures}
        marks.take_in(data_dir)
        forget_others(marks, others, own)
        found = {mark for *_, mark in left_in_tables(data_dir, marks)}
        assert {*marks.words, "a look"} - found == set()  # the search itself finds
        back_up(data_dir / "limner.db", own, tmp_path / "backup")
        await core.privacy.erase("discord", PERSON)
        core.outbox.wake()
        await core.until(lambda: set(nails(core)) <= set(core.surface.withdrawn))
        await retire(core.store, core.pictures, core.clock, core.settings.retention)
        held_against(data_dir, marks)
        assert set(in_memory(core, marks)) == {PERSON}  # how often they were refused
    held_against(data_dir, marks)
    restore(tmp_path / "backup", data_dir / "limner.db", data_dir / "pictures", LATER)
    assert left_in_tables(data_dir, marks) != []
    async with a_bot(data_dir, FakeClock(LATER)) as core:
        core.outbox.wake()
        await core.until(lambda: not list(withdrawing(data_dir)))
        await retire(core.store, core.pictures, core.clock, core.settings.retention)
        held_against(data_dir, marks)
        assert in_memory(core, marks) == []


async def every_job(core: BotHarness, asker: Asker) -> list[Any]:
    return list(await core.store.jobs.jobs_of(asker, None, 1_000))


def forget_others(marks: Marks, others: set[str], folder: Path) -> None:
    """Other people's pictures are no marks."""
    marks.words = [each for each in marks.words if each not in others]
    known = {each.read_bytes() for each in files(folder) if each.parent.name + each.stem in others}
    marks.pictures = [each for each in marks.pictures if each not in known]


def nails(core: BotHarness) -> list[str]:
    return [nail for nail, views in core.surface.shown.items() if views[-1].person in ("", PERSON)]


def withdrawing(data_dir: Path) -> list[Any]:
    with closing(open_for_reading(data_dir / "limner.db")) as con:
        return con.execute("SELECT 1 FROM card WHERE state = 'withdrawing'").fetchall()


async def test_the_audit_still_holds_and_says_what_was_blanked(tmp_path: Path) -> None:
    marks = Marks()
    async with a_bot(tmp_path) as core:
        await use_everything(core, marks)
        await core.privacy.erase("discord", PERSON)
    with closing(open_for_reading(tmp_path / "limner.db")) as con:
        found = audit.verified(con)
        assert found.broken is None
        assert found.blanked > 5
        assert marks.found_in("\n".join(map(str, audit.rows(con))).encode()) == []
        assert hashlib.sha256(PERSON.encode()).hexdigest() not in str(list(audit.rows(con)))
