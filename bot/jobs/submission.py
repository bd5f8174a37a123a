"""From a request to a durable job: pre-flight, starting image, hold, queue."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.asker import Asker
from bot.domain.job import Job, KeptBlob, NewJob, job_key, seed_of
from bot.errors import BadRequest, InvalidValue, NotFound, Problem, PromptRefused
from bot.images.codec import PictureRefused, sha256_of
from bot.images.formats import is_animated
from bot.images.header import read_header
from bot.images.worker_pool import PictureWorker
from bot.jobs.admission import Admission, Quote
from bot.jobs.drafts import CardPlace, Draft, refuse_gone
from bot.jobs.refusals import Refusals
from bot.jobs.runner import WAITING_MAX, JobRunner
from bot.moderation.judge import Judge
from bot.ports import Clock, Pictures
from bot.request.image_request import ImageRequest
from bot.store import Store
from bot.tasks import to_the_end
from bot.urls import PinnedUrl


class JobSubmission:
    """Makes jobs of requests. Every method raises BotError; the asker's budgets pay."""

    def __init__(
        self,
        *,
        store: Store,
        admission: Admission,
        pictures: Pictures,
        worker: PictureWorker,
        runner: JobRunner,
        judge: Judge,
        clock: Clock,
        resolve: Callable[[str], Awaitable[PinnedUrl]],
    ) -> None:
        self._store = store
        self._admission = admission
        self._pictures = pictures
        self._worker = worker
        self._runner = runner
        self._judge = judge
        self._clock = clock
        self._resolve = resolve
        self._refusals = Refusals(clock)

    async def quote(self, asker: Asker, request: ImageRequest, *, typing: bool = False) -> Quote:
        """The price of `request`; raises whatever refuses it.

        Nothing is written but a refusal of the hard tier, and not even that while somebody is still
        `typing`.
        """
        if typing:
            return await self._admission.quote(asker, request)
        with self._refusals.bounded(asker):
            try:
                return await self._admission.quote(asker, request)
            except PromptRefused as refused:
                if refused.hard:
                    await self._remember_refusal(asker, request)
                raise

    async def _check_words(self, asker: Asker, request: ImageRequest) -> None:
        """Raises PromptRefused by the moderation service, which is asked once, not while typing."""
        with self._refusals.bounded(asker):
            try:
                await self._judge.check_words(request)
            except PromptRefused as refused:
                if refused.hard:
                    await self._remember_refusal(asker, request)
                raise

    async def _remember_refusal(self, asker: Asker, request: ImageRequest) -> None:
        names = (("no", request.negative_prompt), ("lora", request.lora), ("model", request.model))
        words = "\n".join(
            (request.prompt, *(f"--{name} {value}" for name, value in names if value))
        )
        now = self._clock.now()
        if await self._store.cases.refuse_prompt(asker, words, now) is not None:
            self._runner.wake()

    async def submit(
        self,
        asker: Asker,
        draft: Draft,
        event_id: str,
        card: CardPlace,
    ) -> Job:
        """Hold the money and queue the job; the same event again returns the same job."""
        key = job_key(asker.platform, asker.community, event_id)
        if (known := await self._replayed(key)) is not None:
            self._runner.take_up(known)
            return known
        parent = None
        if draft.origin.parent is not None:
            parent = await self._store.jobs.job(draft.origin.parent)
            refuse_gone(asker, draft.origin, parent)
        quote = await self.quote(asker, draft.request)
        await self._check_words(asker, quote.request)
        seed = seed_of(key) if quote.request.seed is None else quote.request.seed
        now = self._clock.now()
        new = NewJob(
            key=key,
            asker=asker,
            request=quote.request.fitted({"seed": seed}),
            takes=quote.takes,
            asked_model=quote.asked_model,
            image=None,
            private=draft.private,
            notes=draft.notes,
            action=draft.origin.action,
            parent=draft.origin.parent,
            parent_picture=draft.origin.picture,
            quote_micros=quote.micros,
            backend=quote.backend,
            waits_until=now + WAITING_MAX,
            cards=await self._cards(card, draft.request.webhook),
        )
        asked = draft.request.image
        image, pdq = await self._ready_image(asker, asked, parent)
        moves = asked is not None and is_animated(asked)
        return await to_the_end(self._begin(replace(new, image_pdq=pdq, first_frame=moves), image))

    async def _begin(self, new: NewJob, image: bytes | None) -> Job:
        """One step: what is reserved is started, although its asker has left meanwhile."""
        job = await self._reserve(new, image)
        self._runner.start(job)
        return job

    async def _reserve(self, new: NewJob, image: bytes | None) -> Job:
        """Hold and write the job; a starting image is in the store before its row."""
        self._runner.check()
        if image is None:
            return await self._admission.reserve(new, self._clock.now())
        sha256, kind = await asyncio.to_thread(sha256_of, image), read_header(image).type
        async with self._pictures.keeping([sha256]):
            blob = KeptBlob(await self._pictures.put_bytes(image, kind), kind, len(image))
            return await self._admission.reserve(replace(new, image=blob), self._clock.now())

    async def _replayed(self, key: str) -> Job | None:
        try:
            return await self._store.jobs.job(key)
        except NotFound:
            return None

    async def _cards(
        self, card: CardPlace, webhook: str
    ) -> tuple[tuple[str, Mapping[str, Any]], ...]:
        """The asker's card, and one for the webhook. Raises BadRequest for a forbidden address."""
        place = (card.surface, card.address)
        if not webhook:
            return (place,)
        try:
            await self._resolve(webhook)
        except InvalidValue as wrong:
            raise BadRequest((wrong.problem("webhook"),)) from None
        return (place, ("webhook", {"url": webhook}))

    async def _ready_image(
        self, asker: Asker, image: bytes | None, parent: Job | None
    ) -> tuple[bytes | None, bytes]:
        """The starting image as backends get it, and its hashes. Raises BadRequest."""
        if image is None:
            return None, b""
        with self._refusals.bounded(asker):
            ready = await self._prepared(image, parent)
            settings = await self._store.people.community(asker.platform, asker.community)
            look = await self._judge.check_starting_image(asker, ready, settings)
        return ready, look.pdq

    async def _prepared(self, image: bytes, parent: Job | None) -> bytes:
        """Upright, without metadata. Raises PictureRefused's reason as BadRequest.

        A parent's own image is ready: it stays the same file, by which it is known again.
        """
        digest = await asyncio.to_thread(lambda: hashlib.sha256(image).hexdigest())
        if parent is not None and parent.image is not None and parent.image.sha256 == digest:
            return image
        try:
            return await self._worker.starting_image(image)
        except PictureRefused as refused:
            raise BadRequest((Problem("image", refused.code, {}),)) from None
