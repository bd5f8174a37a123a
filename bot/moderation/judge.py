"""From the pictures of a job to their verdicts, by what is seen in them and the rules there."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain import moderation_policy
from bot.domain.asker import Asker
from bot.domain.community_settings import CommunitySettings
from bot.domain.job import Action, Job, KeptPicture, Verdict
from bot.domain.moderation_policy import Finding, Flagged, Look, Rating, policy_for, with_finding
from bot.errors import BadRequest, BotError, Problem, PromptRefused
from bot.images.result import PictureType
from bot.moderation.screen.prompt_screen import tier_of
from bot.ports import Classifier, HashMatcher, Moderation, Pictures
from bot.request.image_request import ImageRequest
from bot.store import Store

log = logging.getLogger(__name__)


class Judge:
    """`classifier` is None without the extra; pictures without a flag are unknown then."""

    def __init__(
        self,
        store: Store,
        pictures: Pictures,
        classifier: Classifier | None = None,
        matcher: HashMatcher | None = None,
        moderation: Moderation | None = None,
    ) -> None:
        self._store = store
        self._pictures = pictures
        self._classifier = classifier
        self._matcher = matcher
        self._moderation = moderation

    async def verdicts(self, job: Job) -> tuple[list[Verdict], list[Look]]:
        """A verdict and a look for every picture. Raises BotError."""
        settings = await self._store.people.community(job.asker.platform, job.asker.community)
        policy = policy_for(job.asker, settings)
        words = await tier_of(job.request, settings)
        safe = await self._is_safe_sketch(job)
        looks = await asyncio.gather(*(self._looks(job, p, safe=safe) for p in job.pictures))
        begun_from = await self._begun_from(job)
        judged = [moderation_policy.verdict_of(look, policy, words=words) for look in looks]
        if begun_from in (Rating.FLAGGED, Rating.UNSURE, Rating.REPEAT):
            least = moderation_policy.judge(begun_from, policy)
            judged = [moderation_policy.harder(verdict, least) for verdict in judged]
        return judged, list(looks)

    async def check_words(self, request: ImageRequest) -> None:
        """Ask the moderation service about a prompt. Raises PromptRefused where it is blocked.

        What is milder, or unknown, counts with the pictures, which are sent together with it.
        """
        if self._moderation is None:
            return
        finding = await self._moderation.words(request.prompt)
        if finding.least is Verdict.BLOCK:
            raise PromptRefused(hard=finding.is_hard)

    async def check_starting_image(
        self, asker: Asker, data: bytes, settings: CommunitySettings
    ) -> Look:
        """Raises BadRequest for an image that was removed here, or flagged and so blocked."""
        look = await self._seen(asker, data, scored=True)
        blocked = policy_for(asker, settings).flagged is Flagged.BLOCK
        finding = await self._moderation.picture(data) if self._moderation else Finding()
        refused = look.rating is Rating.REPEAT or finding.least is Verdict.BLOCK
        if refused or (blocked and with_finding(look, finding).rating is Rating.FLAGGED):
            raise BadRequest((Problem("image", "image_refused", {}),))
        return look

    async def _looks(self, job: Job, picture: KeptPicture, *, safe: bool) -> Look:
        """What is known on this machine and, unless that is enough, by the moderation service."""
        look = await self._look(job, picture, safe=safe)
        if self._moderation is None or look.source == "sketch" or look.repeat:
            return look
        try:
            data = await self._pictures.read(picture.sha256, picture.type)
        except BotError:
            return replace(look, in_doubt=True)
        return with_finding(look, await self._moderation.picture(data, job.request.prompt))

    async def _look(self, job: Job, picture: KeptPicture, *, safe: bool) -> Look:
        """The service's own flag and the classifier's look, of which the harder counts.

        What is flagged or safe by construction needs no score.
        """
        source, flagged = job.backend, picture.flagged
        # A sketch's own word is no guess: what it draws is safe by construction.
        safe = safe or (source == "sketch" and flagged is False)
        if safe:
            source, flagged = "sketch", False
        scored = not safe and not flagged and self._classifier is not None
        found = Look()
        if scored or await self._may_be_a_repeat(job.asker):
            found = await self._seen_of(job, picture, scored=scored)
        found = replace(found, in_doubt=scored and found.rating is Rating.UNKNOWN)
        if flagged is None:
            return found
        return replace(found, source=found.source or source, flagged=flagged)

    async def hashes_of(self, data: bytes) -> bytes:
        """The PDQ hashes of a picture, as in `Look`; b"" without the extra."""
        if self._classifier is None:
            return b""
        return (await self._classifier.look(data, scored=False)).pdq

    async def keep_hashes(self, job: Job, numbers: Sequence[int], now: datetime) -> None:
        """Store hashes of pictures, to recognise them once removed; `numbers` are from 1.

        Only then, because hashing every drawn picture would delay all for the few.
        """
        for picture in job.pictures:
            if picture.index + 1 in numbers and picture.sha256:
                look = await self._seen_of(job, picture, scored=False)
                await self._store.jobs.keep_look(job.key, picture.index, look, now)

    async def _may_be_a_repeat(self, asker: Asker) -> bool:
        if self._classifier is None or self._matcher is None:
            return False
        return await self._matcher.knows_any(asker.platform, asker.community)

    async def _seen_of(self, job: Job, picture: KeptPicture, *, scored: bool) -> Look:
        if self._classifier is None:
            return Look()
        try:
            data = await self._pictures.read(picture.sha256, picture.type)
        except BotError:
            log.exception("picture %d of job %s can't be read", picture.index + 1, job.key)
            return Look()
        return await self._seen(job.asker, data, scored=scored)

    async def _seen(self, asker: Asker, data: bytes, *, scored: bool) -> Look:
        if self._classifier is None:
            return Look()
        look = await self._classifier.look(data, scored=scored)
        if self._matcher is None or not look.pdq:
            return look
        repeat = await self._matcher.matches(look.pdq, asker.platform, asker.community)
        return replace(look, repeat=repeat)

    async def _begun_from(self, job: Job) -> Rating:
        """The rating of the starting image."""
        if job.image is None or self._classifier is None:
            return Rating.UNKNOWN
        kind: PictureType = job.image.type
        try:
            data = await self._pictures.read(job.image.sha256, kind)
        except BotError:  # damaged, say: without an end the job would wait for its verdict
            log.exception("the starting image of job %s can't be read", job.key)
            return Rating.UNKNOWN
        return (await self._seen(job.asker, data, scored=True)).rating

    async def _is_safe_sketch(self, job: Job) -> bool:
        """Whether it is a sketch over a safe picture of our own, so that it is safe as well."""
        if job.backend != "sketch" or job.action is not Action.VARY or job.parent is None:
            return False
        parent = await self._store.jobs.job(job.parent)
        return any(
            p.index + 1 == job.parent_picture and p.flagged is False for p in parent.pictures
        )
