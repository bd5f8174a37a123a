"""Fills a DATA_DIR with a row of everything that the code can write.

    python -m tests.storage.make_database FOLDER

FOLDER gets the three files that test_older_database.py begins with: the database as SQL, the files
beside it, and what the code that wrote them reads in them. The same code writes the same again,
as far as Pillow writes the same pictures.
"""

import asyncio
import base64
import hashlib
import io
import json
import sqlite3
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from adapters.discord.delivery.card_address import Attempt as DiscordAttempt
from adapters.discord.delivery.card_address import CardAddress as DiscordAddress
from adapters.slack.delivery.card_address import Attempt as SlackAttempt
from adapters.slack.delivery.card_address import CardAddress as SlackAddress
from bot import errors
from bot.accounts.community_claims import CommunityClaims
from bot.cleanup import drop_unused_files
from bot.domain.asker import DISCORD, Asker
from bot.domain.budgets import Budgets, Gate, gates
from bot.domain.case import Case, CaseState, Category, Decision
from bot.domain.community_settings import CommunitySettings, Hearing, Withheld
from bot.domain.installation import Installation
from bot.domain.job import Action, Job, KeptBlob, NewJob, Verdict, job_key, seed_of
from bot.domain.job_view import JobView
from bot.domain.model import BUILT_IN, SD21
from bot.domain.moderation_policy import Flagged, Look
from bot.domain.pending_card import PendingCard
from bot.domain.remote_file import RemoteFile, SeenBy
from bot.domain.retention import Retention
from bot.errors import BotError, Problem
from bot.images.result import ImageResult, Picture, PictureType
from bot.jobs.drafts import Again, Edit, Plan, Upscale, Vary
from bot.jobs.runner import WAITING_MAX
from bot.platforms import Platform
from bot.ports import Address, Checkpoint, Unreachable
from bot.wording import Sentence
from storage.database.database import open_for_writing
from storage.sqlite_store import SqliteStore
from tests.storage.reading import rendering
from tests.support.bot_harness import ANN, BOB, BotHarness, FakeSurface, bot_harness, prompted
from tests.support.clock import NOON, FakeClock

SPRING = datetime(2026, 4, 1, 12, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=2, hours=2)
BUDGETS = Budgets(person_day=60_000, person_month=200_000, community_day=90_000)
MOD = replace(ANN, person="mod", name="Mo", is_moderator=True)
MAX = replace(MOD, person="max", name="Max")
ADMIN = replace(ANN, person="adm", name="Ada", is_admin=True)
CLEO = replace(
    ANN,
    community="c2",
    channel="studio",
    person="cleo",
    name="Cléo ☂",
    roles=frozenset({"r2", "r1"}),
    locale="fr",
    age_restricted=True,
    account_created_at=datetime(2020, 2, 29, 23, 59, 59, 123456, tzinfo=UTC),
    joined_at=datetime(2021, 1, 1, tzinfo=UTC),
)
ERASED = replace(ANN, person="erased", name="Erased")
SAM = Asker(platform="slack", community="T1", channel="C1", person="U1", name="Sam")
OWNER = Asker(
    platform="web", community="local", channel="page", person="owner", name="Owner", is_owner=True
)
MIDNIGHT = datetime(2026, 12, 1, tzinfo=UTC)
SEALING_KEY, SLACK_TOKEN = "a key of the owner", "xoxb-1-the-token-of-T1"
SEALED = (
    b"gAAAAABrC_EE5RMYWiBkeAtkwwG3KljxF18hgMQ78kXiMfYBUsp21xCQOAjNiKApG4527NgUFp1gq9xtGYMIgw7D"
    b"-UjytBiX-QbWlcDn2ak9lK8vFH19cso="
)

LENT = RemoteFile(
    platform="slack",
    community="T1",
    file="F1",
    holder="view:V1",
    seen_by=SeenBy.MODERATOR,
    at=NOON,
    until=MIDNIGHT,
)
SLACK_CARD = SlackAddress(
    team="T1",
    person="U1",
    channel="C1",
    ts="1795348800.000100",
    attempt=SlackAttempt.NEW,
    attempted_at=NOON,
    files={"1": "F1"},
    shared={"1": "F2"},
)
DISCORD_CARD = DiscordAddress(
    application_id=7,
    person=8,
    token="a-token",
    token_expires_at=NOON + timedelta(minutes=15),
    guild=9,
    channel=10,
    message=11,
    dm=12,
    private=True,
    file_limit_bytes=1_000,
    attempt=DiscordAttempt.DM,
    attempted_at=NOON,
)

# Every error that a row can keep, by the name that it has there. Conflict is in no row: a job that
# meets one is somebody else's business. Nor are Busy and what a platform refuses, which are said
# before there is a row.
ERRORS: Mapping[str, BotError] = {
    "BadRequest": errors.BadRequest(
        (
            Problem("width", "not_listed", {"choices": [512, 768], "got": 600, "nearest": 512}),
            Problem("", "image_refused", {}),
        )
    ),
    "NotFound": errors.NotFound("picture", "c0ffee"),
    "NotAllowed": errors.NotAllowed("admins_only"),
    "Blocked": errors.Blocked("spam", until=MIDNIGHT),
    "Paused": errors.Paused(everywhere=True),
    "PromptRefused": errors.PromptRefused("words", hard=True),
    "NotYours": errors.NotYours("about_you"),
    "CantPost": errors.CantPost(missing=("View Channel", "Attach Files")),
    "SignInNeeded": errors.SignInNeeded("page"),
    "TooNew": errors.TooNew("account", open_at=MIDNIGHT),
    "TooManyRefused": errors.TooManyRefused(open_at=MIDNIGHT),
    "QuotaExceeded": errors.QuotaExceeded("person", "day", 3, 5, MIDNIGHT),
    "TooManyWaiting": errors.TooManyWaiting(3),
    "QueueFull": errors.QueueFull(),
    "NoSpace": errors.NoSpace(),
    "WaitedTooLong": errors.WaitedTooLong(),
    "Cancelled": errors.Cancelled(),
    "Interrupted": errors.Interrupted(),
    "ShuttingDown": errors.ShuttingDown(),
    "Broken": errors.Broken(),
    "BackendFailed": errors.BackendFailed(detail="HTTP 418"),
    "BackendBusy": errors.BackendBusy(detail="HTTP 429"),
    "BackendUnreachable": errors.BackendUnreachable(detail="ConnectError"),
    "BackendResting": errors.BackendResting(),
    "BackendTimedOut": errors.BackendTimedOut(detail="HTTP 504"),
    "BackendCutOff": errors.BackendCutOff(billed_micros=300, detail="ReadError"),
    "BackendKeyRefused": errors.BackendKeyRefused(detail="HTTP 401"),
    "BackendNeedsMoney": errors.BackendNeedsMoney(detail="HTTP 402"),
    "BackendModelMissing": errors.BackendModelMissing(detail="HTTP 404"),
    "BackendLocked": errors.BackendLocked(detail="HTTP 423"),
    "BackendRejected": errors.BackendRejected(detail="HTTP 422: “too wide”"),
    "BackendModerated": errors.BackendModerated(billed_micros=400, detail="nsfw"),
    "BackendBroken": errors.BackendBroken(detail="HTTP 500"),
    "BackendGarbled": errors.BackendGarbled(billed_micros=500, detail="not JSON"),
    "BackendUnkept": errors.BackendUnkept(billed_micros=600, detail="NoSpace"),
    "BackendEmpty": errors.BackendEmpty(billed_micros=700),
}


class Seer:
    """Implements ports.Classifier: one score for everything, and a hash of the bytes."""

    score = 0.9

    async def look(self, data: bytes, *, scored: bool) -> Look:
        return Look(
            source="classifier",
            score=self.score if scored else None,
            model="opennsfw",
            version="1",
            threshold=0.8,
            pdq=hashlib.sha256(data).digest() * 8,
        )


class Herald(FakeSurface):
    """Implements ports.Surface and ports.Announcer; nothing arrives while it is `mute`."""

    def __init__(self, *, mute: bool) -> None:
        super().__init__()
        self.mute = mute
        self.keys: list[str] = []

    async def announce(
        self, community: str, notice: Sentence, *, case: str = "", job: str = "", key: str = ""
    ) -> None:
        await self.tell(community, notice, key=key)

    async def hearing(self, community: str) -> Hearing:
        return Hearing.HEARD

    def case_changed(self, case: Case) -> None:
        """It shows no cases."""

    async def tell(
        self, person: str, notice: Sentence, *, key: str = "", community: str = ""
    ) -> None:
        self.keys.append(key)
        if self.mute:
            raise ConnectionError
        await super().tell(person, notice)


class Letterbox(FakeSurface):
    """Implements ports.Surface for cards that look the same for ever."""

    async def show(self, address: Address, view: JobView, checkpoint: Checkpoint) -> None: ...


async def fill(data_dir: Path) -> None:
    """From one spring to one noon; the bot is away at the end, in the middle of everything."""
    with closing(open_for_writing(data_dir / "limner.db", SPRING)) as con:
        con.execute("INSERT INTO note VALUES ('erasure_key', ?)", ("5e" * 32,))
    async with running(data_dir, SPRING) as core:
        await in_spring(core)
    async with running(data_dir, LONG_AGO) as core:
        await two_days_before(core)
    async with running(data_dir, NOON - timedelta(hours=2), mute=True) as core:
        await decide(core)
    async with running(data_dir, NOON - timedelta(hours=1), mute=True, looks=False) as core:
        await rule(core)
        await remember(core)
        await go_wrong(core)
    store = SqliteStore.open(data_dir / "limner.db", NOON)
    try:
        await leave(store, data_dir)
    finally:
        await store.close()


@asynccontextmanager
async def running(
    data_dir: Path, now: datetime, *, mute: bool = False, looks: bool = True
) -> AsyncIterator[BotHarness]:
    async with bot_harness(
        data_dir,
        BUDGETS,
        clock=FakeClock(now),
        classifier=Seer() if looks else None,
        allowed_communities=("c1", "c2", "T1"),
    ) as core:
        herald = Herald(mute=mute)
        core.platforms.add(Platform(name=DISCORD, surface=herald, announcer=herald))
        core.platforms.add(Platform(name="webhook", surface=Letterbox()))
        yield core
        await settled(core)


# --- months ago --------------------------------------------------------------------------------


async def in_spring(core: BotHarness) -> None:
    """What has been forgotten since, but for its sums and its outcome."""
    removed = await draw(core, "spring", num_images=2)
    await core.reactions.report(BOB, removed.public_id, "forgotten words", Category.INDECENT)
    await core.reviews.decide(MOD, (await case_of(core, removed)).id, Decision.REMOVE, "a reason")
    await take_effect(core)
    frozen = await in_review(core, "spring, frozen")
    await core.reviews.decide(MOD, frozen.id, Decision.ESCALATE, "for the owner")
    await take_effect(core)
    await core.privacy.close_case(frozen.id, unlock=True, drop=True)
    await core.store.cases.refuse_prompt(BOB, "forgotten words", core.clock.now())
    gone = replace(ANN, person="gone", name="Gone")
    await draw(core, "gone", gone)
    await core.studio.set_defaults(gone, {"num_inference_steps": 9})
    await core.privacy.erase("discord", "gone")


async def two_days_before(core: BotHarness) -> None:
    """Retention has come by; a case opens that nobody decides in time."""
    now = core.clock.now()
    await core.store.people.retire(now - timedelta(days=90), 100, now)
    keep = Retention(audit=timedelta(days=100), cases=timedelta(days=100))
    await core.store.cases.keep_to_retention(keep, 4, now)
    await drop_unused_files(core.store, core.pictures)
    await in_review(core, "undecided")


# --- today -------------------------------------------------------------------------------------


async def decide(core: BotHarness) -> None:
    """Cases of every kind, in every state, with every decision."""
    await core.enforcement.look()  # what nobody decided expires
    for decision in (Decision.APPROVE, Decision.BLUR, Decision.REMOVE, Decision.STRIKE):
        case = await in_review(core, f"case, {decision}")
        await core.reviews.decide(MOD, case.id, decision, f"{decision} it")
        await take_effect(core)
        if decision is Decision.BLUR:
            await core.reactions.report(BOB, case.job_id or "", "still", Category.OTHER)
    await in_review(core, "seen by the classifier", flagged=None)
    twice = await in_review(core, "looked at twice")
    for moderator in (MOD, MAX):
        await core.reviews.decide(moderator, twice.id, Decision.REMOVE, "no")
        await take_effect(core)
        if moderator is MOD:
            await core.studio.second_look(ANN, twice.job_id or "")
    waiting = await in_review(core, "waits for another moderator")
    await core.reviews.decide(MOD, waiting.id, Decision.REMOVE, "no")
    await take_effect(core)
    await core.studio.second_look(ANN, waiting.job_id or "")
    # Frozen with its starting image, while its requester's erasure waits.
    dan = replace(ANN, person="dan", name="Dan")
    frozen = await in_review(core, "frozen", dan, image=encoded("JPEG", 16))
    await core.reviews.decide(MOD, frozen.id, Decision.ESCALATE, "for the owner")
    await take_effect(core)
    await core.privacy.erase("discord", "dan")
    await report(core)
    await refuse_words(core)
    claimed = await in_review(core, "claimed", private=True)
    await core.reviews.claim(MAX, claimed.id)
    await core.reviews.release(MAX, claimed.id)
    await core.reviews.claim(MOD, claimed.id)
    await core.reviews.prompt(MOD, claimed.id)
    await core.reviews.reveal(MOD, claimed.id, 1)
    back = await in_review(core, "taken back")
    await core.reviews.decide(MOD, back.id, Decision.REMOVE, "a slip")
    await core.reviews.take_back(MOD, back.id)
    number = await core.sanctions.strike(MOD, "bob", "by hand")
    await core.sanctions.lift_strike(MOD, number)
    await core.sanctions.strike(MOD, "bob", "by hand, again")
    await settled(core)


async def report(core: BotHarness) -> None:
    """One report of each category; the gravest hides, and one comes from somebody too new."""
    reported = await draw(core, "reported")
    for category in list(Category)[:-1]:
        new = category is Category.OTHER
        reporter = replace(BOB, person=f"r-{category}", joined_at=core.clock.now() if new else None)
        await core.reactions.report(reporter, reported.public_id, f"it is {category}", category)
    for decision in (Decision.REMOVE, Decision.APPROVE):
        hidden = await draw(core, f"hidden at once, {decision}")
        await core.reactions.report(BOB, hidden.public_id, "look", Category.MINORS)
        await core.reviews.decide(MOD, (await case_of(core, hidden)).id, decision, "seen")
        await take_effect(core)
    hidden = await draw(core, "hidden at once")
    await core.reactions.report(BOB, hidden.public_id, "look", Category.MINORS)


async def refuse_words(core: BotHarness) -> None:
    decisions = {
        "eve": Decision.STRIKE,
        "gil": Decision.APPROVE,
        "hal": Decision.REMOVE,
        "fay": None,
    }
    for person, decision in decisions.items():
        who = replace(ANN, person=person, name=person.title())
        for number in range(3):
            words = f"words {number}\n--no others"
            await core.store.cases.refuse_prompt(who, words, core.clock.now())
        await settled(core)
        (case,) = [each for each in await core.reviews.queue(MOD) if each.subject == person]
        if decision is not None:
            await core.reviews.decide(MOD, case.id, decision, "words")
            await take_effect(core)


async def rule(core: BotHarness) -> None:
    """Settings with every value, blocks, grants and what was taken back of them."""
    await core.administration.change(ADMIN, {"flagged": Flagged.REVIEW, "day_micros": 80_000})
    await core.administration.change(ADMIN, {"flagged": Flagged.BLOCK})
    core.backend.flagged = True
    withheld = await draw(core, "withheld by itself", BOB)
    core.backend.flagged = False
    await core.studio.second_look(BOB, withheld.public_id)
    await core.administration.undo(ADMIN)
    await core.words.add(MOD, "teapot")
    there = replace(ADMIN, community="c2")
    await core.administration.change(there, {"flagged": Flagged.BLOCK})
    await core.administration.change(there, EVERY_SETTING)
    slack = replace(SAM, person="U0", is_admin=True)
    await core.administration.change(slack, {"withheld_cost": Withheld.ALWAYS, "outsiders": True})
    await core.administration.grant(ADMIN, "bob", "day", 5_000, "g1")
    life = Gate(
        level="person",
        platform="discord",
        community="c1",
        person="bob",
        window="life",
        limit_micros=1_000,
    )
    await core.store.people.grant(life, 500, "grant:life", "terminal:local:owner", NOON)
    await core.sanctions.block(MOD, "bad", "spam", MIDNIGHT)
    await core.sanctions.block(MOD, "worse", "more spam", None)
    await core.sanctions.block(MOD, "good", "a mistake", None)
    await core.administration.undo(ADMIN)
    await core.sanctions.block(MOD, "mended", "for a while", None)
    await core.sanctions.unblock(MOD, "mended")
    await core.administration.pause(OWNER, paused=True)
    await core.administration.pause(OWNER, paused=False)
    # Half of what the community may spend: its admins hear of it.
    await draw(core, "half", CLEO)
    await core.until(lambda: was_warned(core))


async def remember(core: BotHarness) -> None:
    """What people keep, and what belongs to the installation."""
    now = core.clock.now()
    first = await draw(core, "kept", num_images=2, **EVERY_OPTION)
    await core.reactions.favour(ANN, first.public_id)
    await core.studio.set_defaults(ANN, {"num_inference_steps": 30, "use_compel": True})
    await core.presets.save(ANN, "Noir", {"negative_prompt": "colour", "guidance_scale": 9.5})
    for action in (Action.AGAIN, Action.VARY, Action.UPSCALE, Action.EDIT):
        await derived(core, first, action)
    half = await draw(core, "half deleted", num_images=2)
    await core.studio.delete(ANN, half.public_id, 1)
    purged = replace(ANN, person="raider", name="Raider")
    await draw(core, "purged", purged)
    await core.sanctions.purge(MOD, "raider", now - timedelta(hours=1))
    await core.studio.thumbnail(ANN, first.public_id, 1, 128)
    await draw(core, "erased", ERASED)
    await core.sanctions.block(MOD, "erased", "spam", None)
    await core.privacy.erase("discord", "erased")
    await core.store.owner.keep_models(
        [*BUILT_IN, replace(SD21, name="a/free", price=replace(SD21.price, kind="free", micros=0))],
        now,
    )
    claims = CommunityClaims(core.store.communities, core.clock)
    await claims.claim("slack", "T1", claims.code)
    await core.store.remote_files.note([LENT])
    await core.store.owner.write_note("discord_commands:7", "c0ffee")
    await core.store.cases.block_hash(b"\x07" * 32, "the owner's list", now)
    await core.store.installations.save(
        Installation(
            platform="slack",
            community="T1",
            name="Harbour & Söhne",
            sealed_token=SEALED,
            bot_user="UBOT",
            bot="BBOT",
            scopes=("chat:write", "files:write"),
            at=now,
        )
    )
    await core.store.installations.issue_ticket("7a" * 32, NOON + timedelta(minutes=10), now)
    await core.store.installations.take_delivery("slack:Ev1", now)


async def go_wrong(core: BotHarness) -> None:
    """Every way in which a job can end without a picture."""
    unlucky = replace(ANN, person="unlucky", name="")
    now = core.clock.now()
    for name, error in ERRORS.items():
        billed = isinstance(error, errors.BackendFailed) and error.billed_micros
        if billed or name in ("Broken", "BackendTimedOut"):
            core.backend.trouble = [error]
            await draw(core, name, unlucky)
        elif name != "Cancelled":  # on no level, for the size of the file
            job = await reserve(core.store, name, unlucky, levels=())
            await core.store.jobs.fail(job.key, error, now)
    core.backend.bill_micros = 1_300  # more than was quoted: the house pays the rest
    await draw(core, "dearer", BOB)
    core.backend.bill_micros = None
    # Cancelled while it was drawn, and the bill came later.
    core.backend.may_finish.clear()
    view = await core.imagine(BOB, prompted("late"), event_id="Cancelled")
    await core.until(lambda: core.backend.busy)
    await core.studio.cancel(BOB, view.public_id)
    core.backend.may_finish.set()
    await core.store.jobs.report_cost(view.key, 800, core.clock.now())
    core.backend.may_finish.clear()
    view = await core.imagine(BOB, prompted("unknown"), event_id="cancelled, bill unknown")
    await core.until(lambda: core.backend.busy)
    await core.studio.cancel(BOB, view.public_id)
    core.backend.may_finish.set()
    await settled(core)
    # A message that is gone for good.
    core.surface.trouble = [Unreachable("gone")]
    await draw(core, "message gone", BOB)


# --- left in the middle ------------------------------------------------------------------------


async def leave(store: SqliteStore, data_dir: Path) -> None:
    """As a process leaves it that was killed: jobs, cards, cases, words."""
    folder = data_dir / "pictures"
    webp = encoded("WEBP", 16)
    image = kept(folder, webp, PictureType.WEBP)
    await reserve(store, "queued", replace(ANN, person="queued"), cards=(("wall", {"nail": "q"}),))
    await reserve(
        store, "queued in Slack", SAM, cards=(("slack", SLACK_CARD.to_record()),), image=image
    )
    await submit(store, "submitted", cards=(("discord", DISCORD_CARD.to_record()),))
    await submit(store, "submitted, free", repeatable=True)
    billed = await submit(store, "billed")
    await store.jobs.report_cost(billed.key, 900, NOON)
    for kind in PictureType:
        drawn = await submit(store, f"drawn, {kind.name}")
        data = encoded(kind.name, 16 + len(kind.name))
        await produce(store, drawn, kept(folder, data, kind))
    behind = await submit(store, "behind", cards=(("wall", {"nail": "behind"}),))
    data = encoded("PNG", 24)
    behind = await produce(store, behind, kept(folder, data, PictureType.PNG))
    await store.jobs.judge(
        behind.key, [Verdict.SPOILER], NOON, [Look(source="sketch", flagged=True)]
    )
    (card,) = [c for c in await store.cards.due(NOON, 100) if c.job == behind.key]
    await store.cards.failed(card.id, "HTTPException", NOON + timedelta(seconds=1))
    withheld = await submit(store, "withheld", replace(CLEO, age_restricted=False))
    data = encoded("PNG", 25)
    withheld = await produce(store, withheld, kept(folder, data, PictureType.PNG))
    await store.jobs.judge(withheld.key, [Verdict.REVIEW], NOON, [Look()])
    (case,) = await store.cases.queue("discord", "c2", [CaseState.OPEN], NOON)
    await store.cases.decide(
        case.id, Decision.REMOVE, "not yet in effect", replace(MOD, community="c2"), NOON
    )
    # Frozen, and its file still in the store.
    drawn = await submit(store, "escalated", replace(CLEO, person="kim", name="Kim"))
    data = encoded("PNG", 26)
    drawn = await produce(store, drawn, kept(folder, data, PictureType.PNG))
    await store.jobs.judge(drawn.key, [Verdict.REVIEW], NOON, [Look()])
    (case,) = await store.cases.queue("discord", "c2", [CaseState.OPEN], NOON)
    await store.cases.decide(case.id, Decision.ESCALATE, "at once", OWNER, NOON)
    # A message to be taken down.
    await submit(
        store, "leaving", replace(ANN, person="leaving"), cards=(("discord", {"person": 1}),)
    )
    await store.jobs.cancel(job_key("discord", "c1", "leaving"), errors.Cancelled(), NOON)
    await store.people.erase("discord", "c1", "leaving", NOON)
    late = PendingCard(
        key=job_key("slack", "T1", "opening"),
        platform="slack",
        community="T1",
        channel="C1",
        at=NOON,
    )
    await store.pending_cards.announce(late, NOON + timedelta(seconds=5))
    again = replace(late, key=job_key("slack", "T1", "another"), channel="C2")
    await store.pending_cards.announce(again, NOON)
    await store.pending_cards.postpone(again.key, NOON + timedelta(seconds=10))


async def reserve(store: SqliteStore, event: str, who: Asker, **also: Any) -> Job:
    key = job_key(who.platform, who.community, event)
    new = NewJob(
        key=key,
        asker=who,
        request=prompted(event).fitted({"model": SD21.name, "seed": seed_of(key)}),
        asked_model=SD21.name,
        image=also.get("image"),
        private=False,
        action=Action.IMAGINE,
        parent=None,
        parent_picture=None,
        quote_micros=1_000,
        backend="api",
        waits_until=NOON + WAITING_MAX,
        cards=also.get("cards", ()),
    )
    levels = also.get("levels", gates(who, BUDGETS, "UTC"))
    return await store.jobs.reserve(new, levels, NOON, open_per_person=9, open_at_all=99)


async def submit(
    store: SqliteStore,
    event: str,
    who: Asker = BOB,
    *,
    repeatable: bool = False,
    cards: tuple[tuple[str, Mapping[str, Any]], ...] = (),
) -> Job:
    job = await reserve(store, event, who, cards=cards)
    return await store.jobs.submit(
        job.key,
        backend="api",
        address="easel",
        repeatable=repeatable,
        deadline_at=NOON + timedelta(minutes=20),
        now=NOON,
    )


async def produce(store: SqliteStore, job: Job, blob: KeptBlob) -> Job:
    picture = Picture(
        path=Path("drawn"),
        sha256=blob.sha256,
        type=blob.type,
        size_bytes=blob.size_bytes,
        width_px=16,
        height_px=16,
        flagged=None,
    )
    result = ImageResult(
        pictures=(picture,), seed=5, model=SD21.name, cost_micros=900, runtime_ms=1, request_id="R2"
    )
    return await store.jobs.produce(job.key, result, NOON)


# --- steps -------------------------------------------------------------------------------------


async def draw(core: BotHarness, event: str, who: Asker = ANN, **options: Any) -> JobView:
    """A job of which nothing is under way any more."""
    private = options.pop("private", False)
    view = await core.imagine(who, prompted(event, **options), event_id=event, private=private)
    view = await core.finished(view)
    await settled(core)
    return view


async def derived(core: BotHarness, first: JobView, action: Action) -> None:
    plans: dict[Action, Plan] = {
        Action.AGAIN: Again(first.public_id),
        Action.VARY: Vary(first.public_id, 1),
        Action.UPSCALE: Upscale(first.public_id, 2),
        Action.EDIT: Edit(first.public_id, {"prompt": "a dog"}),
    }
    view = await core.redraw(ANN, plans[action], action)
    await core.finished(view)
    await settled(core)


async def in_review(
    core: BotHarness, event: str, who: Asker = ANN, *, flagged: bool | None = True, **options: Any
) -> Case:
    core.backend.flagged = flagged
    view = await draw(core, event, who, **options)
    core.backend.flagged = False
    return await case_of(core, view)


async def case_of(core: BotHarness, view: JobView) -> Case:
    (case,) = [c for c in await core.reviews.queue(MOD) if c.job == view.key]
    return case


async def take_effect(core: BotHarness) -> None:
    core.clock.advance(timedelta(seconds=6))
    await settled(core)


async def settled(core: BotHarness) -> None:
    """Everything that is due was done, shown and said."""
    await core.enforcement.look()
    core.outbox.wake()
    while await core.store.cards.due(core.clock.now(), 1):  # noqa: ASYNC110
        await asyncio.sleep(0.001)


def was_warned(core: BotHarness) -> bool:
    herald = core.platforms.announcer(DISCORD)
    assert isinstance(herald, Herald)
    return any(key.startswith("budget:") for key in herald.keys)


def encoded(kind: str, side_px: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (side_px, side_px), (side_px, 90, 160)).save(file, kind)
    return file.getvalue()


def kept(folder: Path, data: bytes, kind: PictureType) -> KeptBlob:
    sha256 = hashlib.sha256(data).hexdigest()
    path = folder / sha256[:2] / f"{sha256[2:]}{kind.suffix}"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return KeptBlob(sha256, kind, len(data))


EVERY_OPTION: Mapping[str, Any] = {
    "negative_prompt": "fog",
    "num_inference_steps": 12,
    "guidance_scale": 6.5,
    "strength": 0.5,
    "width": 512,
    "height": 256,
    "seed": 11,
    "use_compel": True,
    "lora": "x/ink",
    "webhook": "https://example.org/hook",
    "model": SD21.name,
}
EVERY_SETTING = CommunitySettings(
    set_up=True,
    paused=False,
    person_day_micros=50_000,
    person_month_micros=100_000,
    day_micros=2_000,
    month_micros=500_000,
    role_day_micros={"r1": 40_000},
    role_month_micros={"r2": 90_000},
    models=(SD21.name,),
    flagged=Flagged.ALLOW,
    flagged_age_restricted=Flagged.SPOILER,
    flagged_channels={"studio": Flagged.BLOCK, "attic": Flagged.REVIEW},
    unknown=Flagged.REVIEW,
    soft_words=Flagged.BLOCK,
    words_added=("kettle",),
    words_allowed=("pot",),
    trusted_roles=("r3",),
    withheld_cost=Withheld.NEVER,
    strike_days=30,
    account_age_days=3,
    membership_days=2,
    channels=("studio", "attic"),
    moderator_channel="mods",
    moderator_role="r4",
    moderators=("mod",),
    outsiders=True,
    own_posts=True,
).model_dump()


# --- as files ----------------------------------------------------------------------------------


def pack(data_dir: Path, target: Path) -> None:
    with closing(sqlite3.connect(data_dir / "limner.db")) as con:
        text = "\n".join(con.iterdump()) + "\n"
    (target / "limner.sql").write_text(text, "utf-8")
    found = {
        str(path.relative_to(data_dir)): base64.b64encode(path.read_bytes()).decode()
        for path in sorted(data_dir.rglob("*/*"))
        if path.is_file()
    }
    (target / "files.json").write_text(json.dumps(found, indent=0) + "\n", "utf-8")


def written(read: Mapping[str, Any]) -> str:
    """JSON with a line for each thing."""
    lines = []
    for name, things in sorted(read.items()):
        if isinstance(things, list):
            each = ",\n ".join(map(_json, things))
            lines.append(f"{_json(name)}: [\n {each}\n]")
        elif isinstance(things, dict):
            each = ",\n ".join(f"{_json(key)}: {_json(value)}" for key, value in things.items())
            lines.append(f"{_json(name)}: {{\n {each}\n}}")
        else:
            lines.append(f"{_json(name)}: {_json(things)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def main(target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(fill(Path(folder)))
        pack(Path(folder), target)
        read = asyncio.run(rendering(Path(folder), NOON))
    (target / "read.json").write_text(written(read), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
