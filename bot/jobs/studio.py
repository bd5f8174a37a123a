"""What people can do with pictures: draw, vary, cancel, show, delete, and ask what it costs."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from bot.cleanup import drop_unused_files
from bot.domain.asker import Asker
from bot.domain.budgets import Quota
from bot.domain.community_settings import CommunitySettings
from bot.domain.job import Job
from bot.domain.job_view import JobView
from bot.domain.model import Model
from bot.errors import BadRequest, Busy, Conflict, NotFound, Problem
from bot.images.result import PictureType
from bot.images.worker_pool import PictureWorker
from bot.jobs.access import refuse_others, visible_job, visible_picture
from bot.jobs.admission import Admission, Quote
from bot.jobs.drafts import CardPlace, Draft, Plan, asked_of, draft_of
from bot.jobs.progress import ProgressTracker
from bot.jobs.runner import JobRunner
from bot.jobs.submission import JobSubmission
from bot.picture_file import PROVENANCE_MAX_BYTES, File, marked, with_provenance
from bot.ports import Clock, Pictures
from bot.request import options
from bot.request.image_request import ImageRequest
from bot.store import Store

HISTORY_MAX = 100
# Options that have no place among personal defaults.
NO_DEFAULTS = frozenset({"prompt", "image", "seed", "webhook"})


class Studio:
    """Every method raises BotError; every one checks permission and budget anew."""

    def __init__(
        self,
        *,
        store: Store,
        admission: Admission,
        pictures: Pictures,
        worker: PictureWorker,
        submission: JobSubmission,
        runner: JobRunner,
        progress: ProgressTracker,
        clock: Clock,
    ) -> None:
        self._store = store
        self._admission = admission
        self._pictures = pictures
        self._worker = worker
        self._submission = submission
        self._runner = runner
        self._progress = progress
        self._clock = clock

    async def quote(
        self,
        asker: Asker,
        request: ImageRequest,
        *,
        typing: bool = False,
        within_s: float | None = None,
    ) -> Quote:
        """The price of `request`; raises whatever refuses it, Busy after `within_s`.

        Nothing is written but a refusal of the hard tier, and not even that while somebody is still
        `typing`.
        """
        try:
            async with asyncio.timeout(within_s):
                return await self._submission.quote(asker, request, typing=typing)
        except TimeoutError:
            raise Busy from None

    async def second_look(self, asker: Asker, public_id: str) -> JobView:
        """Have another moderator look at one's own withheld pictures, once.

        Raises NotYours, or Conflict where there can be none.
        """
        job = await self._job(asker, public_id)
        await self._store.cases.second_look(asker, job.key, self._clock.now())
        self._runner.wake()
        changed = await self._store.jobs.job(job.key)
        self._progress.changed(changed)
        return await self._progress.view(changed)

    async def plan(self, asker: Asker, what: Plan) -> Draft:
        """What is asked of a result that `asker` may see, as a request to quote and submit."""
        return await draft_of(what, await self._job(asker, what.job), self._pictures)

    async def submit(
        self, asker: Asker, draft: Draft, *, event_id: str, card: CardPlace
    ) -> JobView:
        """Hold the money, from the asker's budgets, and queue the job.

        The same `event_id` again returns the same job.
        """
        job = await self._submission.submit(asker, draft, event_id, card)
        return await self._progress.view(job)

    async def cancel(self, asker: Asker, public_id: str = "") -> JobView:
        """Stop a job that waits or runs; "" is the asker's newest."""
        if public_id:
            job = await self._job(asker, public_id)
        else:
            open_jobs = await self._store.jobs.open_jobs_of(asker)
            if not open_jobs:
                raise NotFound("open_job")
            job = open_jobs[0]
        refuse_others(asker, job)
        return await self._progress.view(await self._runner.cancel(job.key))

    async def tell_me(self, asker: Asker, public_id: str) -> bool:
        """Have the asker told, once, when a job has ended. False if it has ended already."""
        job = await self._job(asker, public_id)
        return await self._store.cards.tell_me(asker, job.key)

    async def delete(self, asker: Asker, public_id: str, number: int | None = None) -> JobView:
        """Take pictures down everywhere and out of the store; None is all of them."""
        job = await self._job(asker, public_id)
        refuse_others(asker, job)
        if job.state.is_open:
            raise Conflict("open")
        wanted = [visible_picture(job, number)] if number else job.pictures
        positions = [picture.index for picture in wanted]
        now = self._clock.now()
        changed = await self._store.jobs.remove_pictures(job.key, positions, now)
        self._runner.start(changed)
        await drop_unused_files(self._store, self._pictures)
        return await self._progress.view(changed)

    async def show(self, asker: Asker, public_id: str) -> JobView:
        """The card of a job as `asker` may see it. Raises NotFound, NotYours."""
        return await self._progress.view(await self._job(asker, public_id))

    async def request_of(self, asker: Asker, public_id: str) -> ImageRequest:
        """What was asked, for "Edit" and "copy as command"."""
        job = await self._job(asker, public_id)
        return options.validate(await asked_of(job, self._pictures, keep_seed=True))

    async def history(
        self, asker: Asker, *, before: datetime | None = None, limit: int = 20
    ) -> tuple[JobView, ...]:
        """The asker's own jobs, newest first."""
        jobs = await self._store.jobs.jobs_of(asker, before, min(limit, HISTORY_MAX))
        return tuple([await self._progress.view(job) for job in jobs])

    async def newest(self, key: str) -> JobView:
        """The view of one job now, for whoever edits its card."""
        return await self._progress.newest(key)

    async def abandon(self, key: str) -> None:
        """Take a job out of line whose card somebody deleted; free, so one that runs goes on."""
        with suppress(Conflict):
            await self._runner.cancel(key, only_waiting=True)

    def watch(self, key: str) -> AsyncIterator[JobView]:
        """Views of one job as it changes, the newest only; ends after the final one."""
        return self._progress.watch(key)

    async def file(self, asker: Asker, public_id: str, number: int) -> File:
        """Picture `number` (from 1) as a file with its parameters and mark."""
        job = await self._job(asker, public_id)
        picture = visible_picture(job, number)
        data = await self._pictures.read(picture.sha256, picture.type)
        return await with_provenance(job, number, data, picture.type)

    async def file_within(
        self,
        asker: Asker,
        public_id: str,
        number: int,
        limit_bytes: int,
        *,
        types: tuple[PictureType, ...] = tuple(PictureType),
    ) -> tuple[File, bool]:
        """Picture `number`, re-encoded if it is heavier than `limit_bytes` or of none of `types`,
        and whether it was.

        Raises PictureRefused where even a small copy is too heavy.
        """
        job = await self._job(asker, public_id)
        picture = visible_picture(job, number)
        data = await self._pictures.read(picture.sha256, picture.type)
        if picture.type in types and len(data) + PROVENANCE_MAX_BYTES <= limit_bytes:
            return await with_provenance(job, number, data, picture.type), False
        small, kind = await self._worker.squeezed(data, limit_bytes - PROVENANCE_MAX_BYTES, types)
        return await with_provenance(job, number, small, kind), True

    async def grid(self, asker: Asker, public_id: str, numbers: Collection[int]) -> File:
        """All drawn pictures as one, each with its number; those not in `numbers` are covered.

        Raises NotFound for a number that `asker` may not see.
        """
        job = await self._job(asker, public_id)
        shown = {number: visible_picture(job, number) for number in numbers}
        every = [shown.get(picture.index + 1) for picture in job.pictures]
        data, kind = await self._pictures.grid(
            [None if each is None else (each.sha256, each.type) for each in every],
            (job.request.width, job.request.height),
        )
        name = f"limner-{job.public_id}{kind.suffix}"
        return File(data=await marked(job, data, kind), name=name, media_type=kind.value)

    async def thumbnail(self, asker: Asker, public_id: str, number: int, side_px: int) -> bytes:
        """A WebP of at most `side_px` on its longer side, made when first asked for."""
        job = await self._job(asker, public_id)
        picture = visible_picture(job, number)
        data = await self._pictures.thumbnail(picture.sha256, picture.type, side_px)
        return await marked(job, data, PictureType.WEBP)

    async def community(self, asker: Asker) -> CommunitySettings:
        """What the asker's server or workspace decided for itself."""
        return await self._store.people.community(asker.platform, asker.community)

    async def quota(self, asker: Asker) -> Quota:
        """What is left on every level, and how many pictures of the default kind that is."""
        return await self._admission.quota(asker)

    def offered(self) -> tuple[Model, ...]:
        """The models that the owner offers, whichever of them a community has chosen."""
        return self._admission.offered()

    async def models(self, asker: Asker) -> tuple[Model, ...]:
        """The models that `asker` may use, the default first."""
        return await self._admission.models(asker)

    async def defaults(self, asker: Asker) -> dict[str, Any]:
        """The asker's personal defaults, by field name."""
        return await self._store.people.defaults(asker)

    async def set_defaults(self, asker: Asker, values: Mapping[str, Any]) -> None:
        """Replace the personal defaults; validated like a request."""
        wished = options.validate({"prompt": "picture", **values})
        if refused := wished.model_fields_set & NO_DEFAULTS - {"prompt"}:
            raise BadRequest(tuple(Problem(name, "no_default", {}) for name in sorted(refused)))
        kept = wished.model_dump(include=wished.model_fields_set - {"prompt"})
        await self._store.people.set_defaults(asker, kept)

    async def _job(self, asker: Asker, public_id: str) -> Job:
        return await visible_job(self._store.jobs, asker, public_id)
