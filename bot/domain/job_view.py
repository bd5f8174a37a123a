"""JobView: everything that a card may show, computed from the job's row.

A card is a function of the job's state. There is no "send progress" and no "withhold": a job
changes, `view_of(job)` says what may be seen, and a Surface makes its message look like it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.asker import Asker
from bot.domain.job import Action, Job, JobState, KeptPicture, Verdict
from bot.errors import BotError, Interrupted
from bot.request.notes import Note


class Phase(StrEnum):
    WAITING = "waiting"
    DRAWING = "drawing"
    DONE = "done"
    IN_REVIEW = "in_review"  # at least one picture waits for a moderator, none is shown
    WITHHELD = "withheld"  # drawn, and not shown
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"
    REMOVED = "removed"  # shown once, deleted since

    @property
    def is_final(self) -> bool:
        return self not in (Phase.WAITING, Phase.DRAWING)


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known of a job that runs or waits; it lives in memory only.

    `fraction` is measured, from 0 to 1, or None where the service reports nothing; then
    `expected_s` is an estimate and must be named so.
    """

    place: int | None = None  # 1 is next
    eta_s: float | None = None  # until it starts
    fraction: float | None = None
    elapsed_s: float = 0.0
    expected_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureView:
    """One picture that may be shown. `number` is from 1, as people count."""

    number: int
    sha256: str
    media_type: str
    size_bytes: int
    width_px: int
    height_px: int
    spoiler: bool
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    key: str
    public_id: str
    revision: int
    phase: Phase
    progress: Progress
    platform: str
    community: str
    person: str
    name: str
    private: bool
    action: Action
    parent_id: str | None  # public id
    prompt: str
    options: Mapping[str, Any]  # what differs from the serving model's defaults, by field name
    asked_model: str
    model: str  # that drew it, or will
    sketch: bool  # a labelled placeholder, not a drawing
    seed: int
    from_image: bool  # there was a starting image
    width_px: int  # as asked, so that a card can keep the place free
    height_px: int
    pictures: tuple[PictureView, ...]
    asked_pictures: int
    in_review: int  # how many pictures wait for a moderator
    quote_micros: int
    cost_micros: int | None
    refunded: bool
    failure: BotError | None
    created_at: datetime
    drawn_pictures: int | None = None  # how many the service sent, shown or not
    deleted: int = 0  # how many of the drawn ones were taken down
    first_frame: bool = False  # the starting image was an animation, and this is what was taken
    takes: frozenset[str] = frozenset()  # the options that its model takes, by field name
    second_look: bool = False  # whoever asked for it may have another moderator look
    notes: tuple[Note, ...] = ()  # on what was typed
    link: str = ""  # where anybody can see it, if that is allowed
    roles: frozenset[str] = frozenset()  # of whoever asked, then: their budgets depend on them

    @property
    def asker(self) -> Asker:
        """Whoever asked for it, without their rights and channel."""
        return Asker(
            platform=self.platform,
            community=self.community,
            channel="",
            person=self.person,
            roles=self.roles,
        )


# Fits both: Discord allows 1,024 in a gallery item's description, Slack 2,000 in alt_text.
# https://docs.discord.com/developers/components/reference#media-gallery
# https://docs.slack.dev/reference/block-kit/blocks/image-block
ALT_MAX_CHARS = 1_000


def view_of(
    job: Job,
    *,
    progress: Progress | None = None,
    defaults: Mapping[str, Any],
    parent_id: str | None = None,
    takes: frozenset[str] = frozenset(),
    link: str = "",
) -> JobView:
    """What may be seen of `job` now. `defaults` are the serving model's, by field name."""
    return JobView(
        key=job.key,
        public_id=job.public_id,
        revision=job.revision,
        phase=_phase(job),
        progress=progress or Progress(),
        platform=job.asker.platform,
        community=job.asker.community,
        person=job.asker.person,
        name=job.asker.name,
        private=job.private,
        action=job.action,
        parent_id=parent_id,
        prompt=job.request.prompt,
        options=_differing(job, defaults),
        asked_model=job.asked_model,
        model=job.drawn_by or job.request.model,
        sketch=job.backend == "sketch",
        seed=job.seed,
        from_image=job.image is not None,
        width_px=job.request.width,
        height_px=job.request.height,
        pictures=tuple(_picture(job, p) for p in job.pictures if p.verdict in _VISIBLE),
        asked_pictures=job.request.num_images,
        in_review=sum(p.verdict is Verdict.REVIEW for p in job.pictures),
        quote_micros=job.quote_micros,
        cost_micros=job.cost_micros,
        refunded=job.state is JobState.REFUNDED,
        failure=_failure(job),
        created_at=job.created_at,
        drawn_pictures=len(job.pictures) or None,
        deleted=sum(p.verdict is Verdict.REMOVED for p in job.pictures),
        first_frame=job.first_frame,
        takes=takes,
        second_look=job.second_look,
        notes=job.notes,
        link=link,
        roles=job.asker.roles,
    )


_VISIBLE = (Verdict.SHOW, Verdict.SPOILER)

_PHASES = {
    JobState.RESERVED: Phase.WAITING,
    JobState.SUBMITTED: Phase.DRAWING,
    JobState.FAILED: Phase.FAILED,
    JobState.CANCELLED: Phase.CANCELLED,
    JobState.LOST: Phase.LOST,
}


def _phase(job: Job) -> Phase:
    if job.state in _PHASES:
        return _PHASES[job.state]
    if not job.judged or not job.pictures:
        return Phase.DRAWING
    verdicts = {picture.verdict for picture in job.pictures}
    if verdicts & set(_VISIBLE):
        return Phase.DONE
    if Verdict.REVIEW in verdicts:
        return Phase.IN_REVIEW
    return Phase.REMOVED if verdicts == {Verdict.REMOVED} else Phase.WITHHELD


def _picture(job: Job, picture: KeptPicture) -> PictureView:
    return PictureView(
        number=picture.index + 1,
        sha256=picture.sha256,
        media_type=picture.type.value,
        size_bytes=picture.size_bytes,
        width_px=picture.width_px,
        height_px=picture.height_px,
        spoiler=picture.verdict is Verdict.SPOILER,
        alt=job.request.prompt[:ALT_MAX_CHARS],
    )


def _failure(job: Job) -> BotError | None:
    return Interrupted() if job.state is JobState.LOST and job.failure is None else job.failure


def _differing(job: Job, defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The options chosen that differ from `defaults`, in the order of the declaration."""
    hidden = {"prompt", "image", "seed", "model", "webhook"}
    request = job.request
    return {
        name: value
        for name in type(request).model_fields
        if name not in hidden
        and request.given(name)
        and (value := getattr(request, name)) != defaults.get(name)
    }
