"""What moderators may see of cases.

A moderator sees the cases of one community, the bot's owner all of them. Others don't even learn
that a case exists.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.asker import Asker
from bot.domain.case import Case, CaseKind, CaseState, Decision, Figures, Past, actor_of
from bot.domain.job import Job
from bot.errors import NotAllowed, NotFound, NotYours
from bot.images.result import PictureType
from bot.moderation.moderator_rights import moderators_only, place_of
from bot.picture_file import PROVENANCE_MAX_BYTES, marked
from bot.ports import Clock, Pictures
from bot.store import Store

# The default of no limit: far above any drawn picture.
REVEAL_MAX_BYTES = 256 * 1024 * 1024
_DONE: Sequence[CaseState] = (CaseState.DECIDED, CaseState.EXPIRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """An unblurred picture for one moderator. Not to be kept or passed on."""

    data: bytes
    media_type: str


class CaseReader:
    """Every method raises NotAllowed for whoever is no moderator, NotFound for other cases."""

    def __init__(self, store: Store, pictures: Pictures, clock: Clock) -> None:
        self._store = store
        self._pictures = pictures
        self._clock = clock

    async def queue(self, asker: Asker, *, decided: bool = False) -> tuple[Case, ...]:
        """The cases to decide, the oldest first; or those decided before, the newest first."""
        moderators_only(asker)
        states = _DONE if decided else (CaseState.OPEN,)
        return tuple(await self._store.cases.queue(*place_of(asker), states, self._clock.now()))

    async def case(self, asker: Asker, case_id: str) -> Case:
        """One case of the asker's community. A frozen one can't be revealed."""
        moderators_only(asker)
        case = await self._store.cases.case(case_id, self._clock.now())
        if not asker.is_owner and (case.platform, case.community) != place_of(asker):
            raise NotFound("case", case_id)
        return case

    async def figures(self, asker: Asker) -> Figures:
        moderators_only(asker)
        return await self._store.cases.figures(*place_of(asker), self._clock.now())

    async def past(self, asker: Asker, case_id: str) -> Past:
        """The past of the person that a case is about."""
        case = await self.case(asker, case_id)
        return await self._store.cases.past(
            case.platform, case.community, case.subject, self._clock.now()
        )

    async def history(self, asker: Asker, person: str) -> Past:
        """The past of any member of the asker's community. Raises NotFound."""
        moderators_only(asker)
        return await self._store.cases.past(
            asker.platform, asker.community, person, self._clock.now()
        )

    async def prompt(self, asker: Asker, case_id: str) -> str:
        """The prompt of a case. Revealing a private one is written into the audit.

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
        data = await self._pictures.blurred(picture.sha256, picture.type, made)
        return await marked(job, data, made)

    async def reveal(
        self,
        asker: Asker,
        case_id: str,
        number: int,
        *,
        limit_bytes: int = REVEAL_MAX_BYTES,
        types: Sequence[PictureType] = tuple(PictureType),
    ) -> Revealed:
        """Picture `number` (from 1), unblurred; the audit is written first.

        It is re-encoded only if it is larger than `limit_bytes` or of none of `types`.
        """
        case = await self._revealing(asker, case_id)
        job, index = await self._picture(case, number)
        picture = job.pictures[index]
        await self._remember(asker, "reveal", case, number)
        room_bytes = limit_bytes - PROVENANCE_MAX_BYTES
        data, kind = await self._pictures.fitted(picture.sha256, picture.type, room_bytes, types)
        return Revealed(data=await marked(job, data, kind), media_type=kind.value)

    async def _revealing(self, asker: Asker, case_id: str) -> Case:
        """A case whose contents `asker` may see. Raises NotYours; NotAllowed for frozen ones."""
        case = await self.case(asker, case_id)
        if case.is_about(asker):
            raise NotYours("about_you")
        if case.state is CaseState.FROZEN or case.decision is Decision.ESCALATE:
            raise NotAllowed("frozen")
        if case.kind is CaseKind.WORDS:
            raise NotAllowed("not_revealed")
        return case

    async def _picture(self, case: Case, number: int) -> tuple[Job, int]:
        """The case's job and the picture's index. Raises NotFound if the picture isn't there."""
        if case.job is None or number not in [p.number for p in case.pictures if p.there]:
            raise NotFound("picture", f"{case.id} {number}")
        job = await self._store.jobs.job(case.job)
        return job, number - 1

    async def _remember(self, asker: Asker, action: str, case: Case, number: int = 0) -> None:
        detail = {"picture": number} if number else {}
        await self._store.cases.record(
            actor_of(asker), action, f"case:{case.id}", detail, self._clock.now()
        )
