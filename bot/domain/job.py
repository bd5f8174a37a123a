"""A job as it is remembered: one request of one person, from the hold to the card."""

import hashlib
import json
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.asker import Asker
from bot.errors import BotError
from bot.images.result import PictureType
from bot.request.image_request import ImageRequest
from bot.request.notes import Note


class JobState(StrEnum):
    """`reserved → submitted → produced`, with side exits.

    RESERVED   money is held on every level, the request is durable, nothing was sent
    SUBMITTED  written before the call goes out, only when a slot is free
    PRODUCED   pictures recorded and the cost posted, in one transaction
    FAILED     void: refused by the service, waited too long …
    CANCELLED  void: on the person's wish
    LOST       void: the outcome is unknown; the house books the quote
    REFUNDED   posted, then given back; the house paid
    """

    RESERVED = "reserved"
    SUBMITTED = "submitted"
    PRODUCED = "produced"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"
    REFUNDED = "refunded"

    @property
    def is_open(self) -> bool:
        return self in (JobState.RESERVED, JobState.SUBMITTED)


class Verdict(StrEnum):
    """What becomes of one picture."""

    SHOW = "show"
    SPOILER = "spoiler"  # shown behind a blur
    REVIEW = "review"  # stored, not posted, until a moderator decides
    BLOCK = "block"  # not shown
    REMOVED = "removed"  # shown once, deleted since


class Action(StrEnum):
    """How a job came about; all but IMAGINE have a parent."""

    IMAGINE = "imagine"
    AGAIN = "again"
    VARY = "vary"
    EDIT = "edit"
    UPSCALE = "upscale"  # redrawn from itself, larger


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPicture:
    """A picture in the store. `verdict` None means not judged yet, so not shown."""

    index: int  # from 0
    sha256: str
    type: PictureType
    size_bytes: int
    width_px: int
    height_px: int
    flagged: bool | None
    verdict: Verdict | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`revision` rises with every change that a card could show."""

    key: str  # 16 base32 characters; the idempotency key
    public_id: str  # what people see and type
    asker: Asker
    request: ImageRequest  # fitted to the serving model; its `model` is the one that serves
    asked_model: str  # what the person wrote, or the default then
    image: "KeptBlob | None"  # the starting image, in the picture store
    private: bool
    action: Action
    parent: str | None  # key of the job that this one came from
    parent_picture: int | None
    state: JobState
    revision: int
    quote_micros: int
    cost_micros: int | None
    seed: int
    drawn_by: str | None  # the model that the backend says drew it
    backend: str
    address: str
    pictures: tuple[KeptPicture, ...]
    failure: BotError | None
    created_at: datetime
    submitted_at: datetime | None
    closed_at: datetime | None
    deadline_at: datetime  # of waiting while reserved, of drawing while submitted
    takes: frozenset[str] | None = None  # fields of `request` that its model takes; None is all
    notes: tuple[Note, ...] = ()  # on what was typed
    frozen: bool = False  # escalated: kept, and shown to nobody
    second_look: bool = False  # its requester may ask for one
    first_frame: bool = False  # of an animation was what it started from

    @property
    def judged(self) -> bool:
        return all(picture.verdict is not None for picture in self.pictures)

    @property
    def is_unfinished(self) -> bool:
        """Whether it is still to be drawn or to be judged."""
        return self.state.is_open or not self.judged


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """A job to be reserved, with everything that is known before money is held."""

    key: str
    asker: Asker
    request: ImageRequest  # fitted, with its seed
    asked_model: str
    image: "KeptBlob | None"
    private: bool
    action: Action
    parent: str | None
    parent_picture: int | None
    quote_micros: int
    backend: str  # that would draw it now
    waits_until: datetime
    cards: tuple[tuple[str, Mapping[str, Any]], ...]  # surface and address, the asker's first
    image_pdq: bytes = field(default=b"", repr=False)  # of the starting image, as in `Look`
    first_frame: bool = False  # the starting image was an animation
    takes: frozenset[str] | None = None
    notes: tuple[Note, ...] = ()

    @property
    def fingerprint(self) -> str:
        """A hash of what the person asked; the price is left out, as it may change in between."""
        asked = self.request.to_record()
        record = {
            "given": {name: asked["values"][name] for name in asked["given"]},
            "image": self.image and self.image.sha256,
            "model": self.asked_model,
            "private": self.private,
            "from": [self.action, self.parent, self.parent_picture],
        }
        return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class KeptBlob:
    """A file in the picture store."""

    sha256: str
    type: PictureType
    size_bytes: int


# After a verdict that failed: the sweep's own interval first, then twice as long each time.
JUDGE_PAUSE = timedelta(seconds=5)
JUDGE_PAUSE_MAX = timedelta(hours=1)


def judged_again_at(failures: int, now: datetime) -> datetime:
    """When to try again what has failed `failures` times, at least once."""
    # No power beyond the bound: it would be too large a number in the end.
    doublings = min(failures - 1, 16)
    return now + min(JUDGE_PAUSE * (1 << doublings), JUDGE_PAUSE_MAX)


def job_key(platform: str, community: str, event_id: str) -> str:
    """The idempotency key of one interaction: the platform's own id of it, hashed.

    16 base32 characters (80 bits), which fit a Discord nonce of 25.
    """
    digest = hashlib.sha256("\0".join((platform, community, event_id)).encode()).digest()
    return b32encode(digest[:10]).decode("ascii").lower()


def seed_of(key: str) -> int:
    """The seed of a job that asked for none: derived, so that a replay draws the same."""
    return int.from_bytes(hashlib.sha256(f"seed:{key}".encode()).digest()[:4], "big")


# Crockford's base 32, which leaves out i, l, o and u. https://www.crockford.com/base32.html
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
PUBLIC_ID_CHARS = 8


def public_id_of(key: str, attempt: int = 0) -> str:
    """8 Crockford characters (40 bits) that people read and type; `attempt` avoids a taken one."""
    number = int.from_bytes(hashlib.sha256(f"public:{key}:{attempt}".encode()).digest()[:5], "big")
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(35, -5, -5))


def read_public_id(text: str) -> str:
    """The id in `text` as people type it; i and l are read as 1, o as 0."""
    mended = text.strip().lstrip("#").replace("-", "").lower()
    return mended.translate(str.maketrans("ilo", "110"))
