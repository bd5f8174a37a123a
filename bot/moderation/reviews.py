"""What moderators may do, and who may do it: the only thing that their surfaces call.

A moderator moderates one community, the bot's owner all of them. Whoever is neither learns not
even that a case exists. Rights are those that the platform vouches for at this very moment.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.asker import Asker
from bot.domain.case import (
    REASON_MAX_CHARS,
    Case,
    CaseKind,
    CaseState,
    Decision,
    Figures,
    Past,
    Purge,
    actor_of,
)
from bot.domain.community_settings import WORDS_MAX, CommunitySettings
from bot.domain.job import Job
from bot.domain.moderation_policy import Tier
from bot.errors import BadRequest, NotAllowed, NotFound, NotYours, Problem
from bot.images.result import PictureType
from bot.moderation.judge import Judge
from bot.moderation.prompt_screen import tier_of_text
from bot.platforms import Platforms
from bot.ports import Clock, Pictures
from bot.request.image_request import PROMPT_MAX_CHARS
from bot.store import Store

WORD_MAX_CHARS = 80
PURGE_MAX = timedelta(days=30)
# A moderator waits for hashes as long; a picture takes a fiftieth of it.
HASHING_TIMEOUT_S = 1.5
# Far above any picture that was drawn.
REVEAL_MAX_BYTES = 256 * 1024 * 1024

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """A picture as it is, for the eyes of one moderator. Not to be kept or passed on."""

    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class WordLists:
    added: tuple[str, ...]
    allowed: tuple[str, ...]


class Reviews:
    """Every method raises NotAllowed for whoever is no moderator, NotFound for other cases."""

    def __init__(
        self,
        *,
        store: Store,
        pictures: Pictures,
        platforms: Platforms,
        judge: Judge,
        clock: Clock,
        wake: Callable[[], None],
        changed: Callable[[Job], None],
    ) -> None:
        self._store = store
        self._pictures = pictures
        self._platforms = platforms
        self._judge = judge
        self._clock = clock
        self._wake = wake
        self._changed = changed

    # --- looking -----------------------------------------------------------------------------

    async def queue(self, asker: Asker, *, decided: bool = False) -> tuple[Case, ...]:
        """The cases to decide, the oldest first; or those decided before, the newest first."""
        _moderators_only(asker)
        states = _DONE if decided else (CaseState.OPEN,)
        return tuple(await self._store.cases.queue(*_place(asker), states, self._clock.now()))

    async def case(self, asker: Asker, case_id: str) -> Case:
        """One case of the asker's community. A frozen one is the owner's alone."""
        _moderators_only(asker)
        case = await self._store.cases.case(case_id, self._clock.now())
        if not asker.is_owner and (case.platform, case.community) != _place(asker):
            raise NotFound("case", case_id)
        return case

    async def figures(self, asker: Asker) -> Figures:
        _moderators_only(asker)
        return await self._store.cases.figures(*_place(asker), self._clock.now())

    async def past(self, asker: Asker, case_id: str) -> Past:
        """Everything by the person that a case is about."""
        case = await self.case(asker, case_id)
        return await self._store.cases.past(
            case.platform, case.community, case.subject, self._clock.now()
        )

    async def history(self, asker: Asker, person: str) -> Past:
        """The same of any member of the asker's community. Raises NotFound."""
        _moderators_only(asker)
        return await self._store.cases.past(
            asker.platform, asker.community, person, self._clock.now()
        )

    async def prompt(self, asker: Asker, case_id: str) -> str:
        """What was asked for. A private prompt is revealed, and that is remembered.

        Refused words of the hard tier are shown to nobody. Raises NotYours for one's own case.
        """
        case = await self._revealing(asker, case_id)
        if case.job is None:
            raise NotFound("prompt")
        job = await self._store.jobs.job(case.job)
        if case.private:
            await self._remember(asker, "reveal prompt", case)
        return job.request.prompt

    async def blurred(
        self, asker: Asker, case_id: str, number: int, made: PictureType = PictureType.WEBP
    ) -> bytes:
        """Picture `number` (from 1) small, grey and out of focus."""
        job, index = await self._picture(await self._revealing(asker, case_id), number)
        picture = job.pictures[index]
        return await self._pictures.blurred(picture.sha256, picture.type, made)

    async def reveal(
        self,
        asker: Asker,
        case_id: str,
        number: int,
        *,
        limit_bytes: int = REVEAL_MAX_BYTES,
        types: Sequence[PictureType] = tuple(PictureType),
    ) -> Revealed:
        """Picture `number` (from 1) as it is; who saw it is remembered first.

        It is re-encoded only where a platform takes no picture so heavy, or of such a type.
        """
        case = await self._revealing(asker, case_id)
        job, index = await self._picture(case, number)
        picture = job.pictures[index]
        await self._remember(asker, "reveal", case, number)
        data, kind = await self._pictures.fitted(picture.sha256, picture.type, limit_bytes, types)
        return Revealed(data=data, media_type=kind.value)

    # --- deciding ----------------------------------------------------------------------------

    async def claim(self, asker: Asker, case_id: str) -> Case:
        """Keep a case for oneself for ten minutes. Raises Conflict, NotYours."""
        case = await self.case(asker, case_id)
        return self._heard(await self._store.cases.claim(case.id, asker, self._clock.now()))

    async def release(self, asker: Asker, case_id: str) -> Case:
        case = await self.case(asker, case_id)
        return self._heard(await self._store.cases.release(case.id, asker, self._clock.now()))

    async def decide(
        self, asker: Asker, case_id: str, decision: Decision, reason: str = ""
    ) -> Case:
        """Decide a case, once; it takes effect after five seconds, an escalation at once.

        Raises Conflict when somebody else was faster, NotYours for one's own case, NotAllowed for
        a second look at one's own decision.
        """
        case = await self.case(asker, case_id)
        words = reason.strip()[:REASON_MAX_CHARS]
        now = self._clock.now()
        if decision.removes or decision is Decision.ESCALATE:
            await self._keep_hashes(case, now)
        decided, jobs = await self._store.cases.decide(case.id, decision, words, asker, now)
        for job in jobs:
            self._changed(job)
        self._wake()
        return self._heard(decided)

    async def _keep_hashes(self, case: Case, now: datetime) -> None:
        """As far as there is time: nothing stays to be seen because a classifier hangs."""
        if case.job is None:
            return
        job = await self._store.jobs.job(case.job)
        try:
            async with asyncio.timeout(HASHING_TIMEOUT_S):
                await self._judge.keep_hashes(job, [p.number for p in case.pictures], now)
        except TimeoutError:
            log.warning("case %s is decided without hashes: its repeats are not known", case.id)

    async def take_back(self, asker: Asker, case_id: str) -> Case:
        """Undo one's own decision before it takes effect. Raises Conflict.

        Raises NotAllowed for an escalation, which is the owner's alone.
        """
        case = await self.case(asker, case_id)
        return self._heard(await self._store.cases.take_back(case.id, asker, self._clock.now()))

    # --- people ------------------------------------------------------------------------------

    async def strike(self, asker: Asker, person: str, reason: str) -> int:
        """One strike by hand. Returns its id, with which it can be lifted."""
        _moderators_only(asker)
        member = _member(asker, person)
        _not_oneself(asker, person)
        lasts = timedelta(days=(await self._settings(asker)).strike_days)
        words = reason.strip()[:REASON_MAX_CHARS]
        number = await self._store.cases.strike(
            member, words, lasts, actor_of(asker), self._clock.now()
        )
        self._wake()
        return number

    async def lift_strike(self, asker: Asker, strike: int) -> None:
        """Take a strike back, and what it brought. Raises NotFound."""
        _moderators_only(asker)
        await self._store.cases.lift_strike(
            asker.platform, asker.community, strike, actor_of(asker), self._clock.now()
        )

    async def block(self, asker: Asker, person: str, reason: str, until: datetime | None) -> int:
        """Keep somebody from drawing; None is for good. Returns the block's id."""
        _moderators_only(asker)
        _not_oneself(asker, person)
        return await self._store.people.block(
            _member(asker, person),
            reason=reason.strip()[:REASON_MAX_CHARS],
            until=until,
            actor=actor_of(asker),
            now=self._clock.now(),
        )

    async def unblock(self, asker: Asker, person: str) -> int:
        """Lift every block of somebody, but no lock of the owner's. Returns how many."""
        _moderators_only(asker)
        _not_oneself(asker, person)
        return await self._store.people.lift(
            _member(asker, person), actor_of(asker), self._clock.now()
        )

    async def purgeable(self, asker: Asker, person: str, since: datetime) -> Purge:
        """What a purge would take down. Raises NotFound for somebody unknown here."""
        _moderators_only(asker)
        since = max(since, self._clock.now() - PURGE_MAX)
        return await self._store.cases.purgeable(asker.platform, asker.community, person, since)

    async def purge(self, asker: Asker, person: str, since: datetime) -> Purge:
        """Withhold everything of one person since then. Raises NotFound."""
        _moderators_only(asker)
        now = self._clock.now()
        since = max(since, now - PURGE_MAX)
        done, jobs = await self._store.cases.purge(asker, person, since, now)
        for job in jobs:
            self._changed(job)
        return done

    # --- words -------------------------------------------------------------------------------

    async def words(self, asker: Asker) -> WordLists:
        """The community's own lists."""
        _moderators_only(asker)
        settings = await self._settings(asker)
        return WordLists(settings.words_added, settings.words_allowed)

    async def add_word(self, asker: Asker, word: str) -> WordLists:
        """One more word, or phrase, of the soft tier; the same again takes it out."""
        return await self._change_words(asker, "words_added", word)

    async def allow_word(self, asker: Asker, word: str) -> WordLists:
        """One more word, or phrase, that passes; the same again takes it out."""
        return await self._change_words(asker, "words_allowed", word)

    async def test_words(self, asker: Asker, text: str) -> Tier:
        """What the screen here makes of a prompt. Nothing is remembered."""
        _moderators_only(asker)
        text = text.strip()
        if not text or len(text) > PROMPT_MAX_CHARS:
            raise _wrong_length("text", PROMPT_MAX_CHARS, len(text))
        return await tier_of_text(text, await self._settings(asker))

    async def _change_words(self, asker: Asker, name: str, word: str) -> WordLists:
        _moderators_only(asker)
        word = " ".join(word.split()).casefold()
        if not word or len(word) > WORD_MAX_CHARS:
            raise _wrong_length("word", WORD_MAX_CHARS, len(word))
        known = await self._settings(asker)
        words: tuple[str, ...] = getattr(known, name)
        changed = tuple(w for w in words if w != word) if word in words else (*words, word)
        if len(changed) > WORDS_MAX:
            raise BadRequest((Problem("word", "too_many_words", {"limit": WORDS_MAX}),))
        await self._store.people.set_community(
            asker.platform,
            asker.community,
            known.model_copy(update={name: changed}),
            actor_of(asker),
            self._clock.now(),
        )
        return await self.words(asker)

    # --- within ------------------------------------------------------------------------------

    def _heard(self, case: Case) -> Case:
        if announcer := self._platforms.announcer(case.platform):
            announcer.case_changed(case)
        return case

    async def _settings(self, asker: Asker) -> CommunitySettings:
        return await self._store.people.community(asker.platform, asker.community)

    async def _revealing(self, asker: Asker, case_id: str) -> Case:
        """A case whose contents `asker` may see: open ones, and not their own."""
        case = await self.case(asker, case_id)
        if case.is_about(asker):
            raise NotYours("about_you")
        if case.state is CaseState.FROZEN or case.decision is Decision.ESCALATE:
            raise NotAllowed("frozen")
        if case.kind is CaseKind.WORDS:
            raise NotAllowed("not_revealed")
        return case

    async def _picture(self, case: Case, number: int) -> tuple[Job, int]:
        """Raises NotFound for a picture that is none of the case's, or gone."""
        if case.job is None or number not in [p.number for p in case.pictures if p.there]:
            raise NotFound("picture", f"{case.id} {number}")
        job = await self._store.jobs.job(case.job)
        return job, number - 1

    async def _remember(self, asker: Asker, action: str, case: Case, number: int = 0) -> None:
        detail = {"picture": number} if number else {}
        await self._store.cases.record(
            actor_of(asker), action, f"case:{case.id}", detail, self._clock.now()
        )


_DONE: Sequence[CaseState] = (CaseState.DECIDED, CaseState.EXPIRED)


def _moderators_only(asker: Asker) -> None:
    if not (asker.is_moderator or asker.is_admin or asker.is_owner):
        raise NotAllowed("moderators_only")


def _not_oneself(asker: Asker, person: str) -> None:
    if person == asker.person:
        raise NotYours("about_you")


def _place(asker: Asker) -> tuple[str | None, str | None]:
    """The owner sees every community."""
    return (None, None) if asker.is_owner else (asker.platform, asker.community)


def _wrong_length(field: str, limit: int, got: int) -> BadRequest:
    data = {"limit": limit, "got": got}
    return BadRequest((Problem(field, "too_long" if got else "missing", data),))


def _member(asker: Asker, person: str) -> Asker:
    """Somebody in the moderator's own community."""
    return Asker(platform=asker.platform, community=asker.community, channel="", person=person)
