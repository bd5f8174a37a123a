"""Reading jobs: one statement for rows, one for pictures."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from bot.domain.asker import Asker
from bot.domain.job import Action, Job, JobState, KeptBlob, KeptPicture, Verdict
from bot.errors import NotFound, from_record
from bot.images.result import PictureType
from bot.request.image_request import ImageRequest
from bot.request.notes import Note
from storage.database.columns import from_json, from_us, maybe_from_iso, maybe_from_us


def load(con: sqlite3.Connection, key: str) -> Job:
    """The job with this key. Raises NotFound."""
    row = con.execute(f"{JOB_SQL} WHERE job.key = ?", (key,)).fetchone()
    if row is None:
        raise NotFound("job", key)
    pictures = con.execute(f"{PICTURE_SQL} WHERE job_key = ? ORDER BY position", (key,)).fetchall()
    return job_of(row, pictures)


# Withheld pictures are still kept, no case is open, and there was no second look yet.
MAY_LOOK_AGAIN_SQL = """
(NOT job.frozen AND job.state IN ('produced', 'refunded')
  AND EXISTS (SELECT 1 FROM picture WHERE job_key = job.key AND verdict = 'block'
    AND sha256 IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM review_case c WHERE c.job_key = job.key
    AND (c.round > 1 OR c.state IN ('open', 'frozen', 'closed') OR c.effect_at IS NOT NULL)))"""


def jobs_where(con: sqlite3.Connection, where: str, values: Sequence[Any]) -> list[Job]:
    rows = con.execute(f"{JOB_SQL} WHERE {where}", values).fetchall()
    if not rows:
        return []
    marks = ", ".join("?" * len(rows))
    pictures: dict[str, list[Any]] = {row[0]: [] for row in rows}
    for picture in con.execute(
        f"{PICTURE_SQL} WHERE job_key IN ({marks}) ORDER BY job_key, position", list(pictures)
    ):
        pictures[picture[8]].append(picture)
    return [job_of(row, pictures[row[0]]) for row in rows]


JOB_SQL = f"""
SELECT job.key, job.public_id, who.platform, who.community, who.person, job.channel, job.asker,
  job.request, job.asked_model, job.image_sha256, job.private, job.action, job.parent,
  job.parent_picture, job.state, job.revision, job.quote, job.bill, job.seed, job.drawn_by,
  job.backend, job.address, job.failure, job.created_at, job.submitted_at, job.closed_at,
  job.deadline_at, image.type, image.size_bytes, job.frozen, {MAY_LOOK_AGAIN_SQL},
  job.first_frame
FROM job JOIN principal who ON who.id = job.person_id
  LEFT JOIN blob image ON image.sha256 = job.image_sha256"""  # noqa: S608  (our own text)

PICTURE_SQL = """
SELECT position, sha256, type, size_bytes, width_px, height_px, flagged, verdict, job_key
FROM picture"""


def job_of(row: Sequence[Any], pictures: Iterable[Sequence[Any]]) -> Job:
    """One row of JOB_SQL with its rows of PICTURE_SQL."""
    known = from_json(row[6])
    quote, bill = row[16], row[17]
    return Job(
        key=row[0],
        public_id=row[1],
        asker=Asker(
            platform=row[2],
            community=row[3],
            person=row[4] or "",
            channel=row[5],
            name=known.get("name", ""),
            age_restricted=known.get("age_restricted", False),
            direct=known.get("direct", False),
            locale=known.get("locale", "en"),
            roles=frozenset(known.get("roles", ())),
            account_created_at=maybe_from_iso(known.get("account_created_at")),
            joined_at=maybe_from_iso(known.get("joined_at")),
        ),
        request=_request_of(row[7]),
        asked_model=row[8],
        image=KeptBlob(row[9], PictureType(row[27]), row[28]) if row[9] else None,
        private=bool(row[10]),
        action=Action(row[11]),
        parent=row[12],
        parent_picture=row[13],
        state=JobState(row[14]),
        revision=row[15],
        quote_micros=quote,
        cost_micros=_charge(JobState(row[14]), quote, bill),
        seed=row[18],
        drawn_by=row[19],
        backend=row[20],
        address=row[21],
        pictures=tuple(_picture_of(picture) for picture in pictures),
        failure=from_record(from_json(row[22])) if row[22] else None,
        created_at=from_us(row[23]),
        submitted_at=maybe_from_us(row[24]),
        closed_at=maybe_from_us(row[25]),
        deadline_at=from_us(row[26]),
        takes=_takes_of(row[7]),
        notes=_notes_of(row[7]),
        frozen=bool(row[29]),
        second_look=bool(row[30]),
        first_frame=bool(row[31]),
    )


def _takes_of(request: str | None) -> frozenset[str] | None:
    known = None if request is None else from_json(request).get("takes")
    return None if known is None else frozenset(known)


def _notes_of(request: str | None) -> tuple[Note, ...]:
    """They stand beside the request, and go with it."""
    known = () if request is None else from_json(request).get("notes", ())
    return tuple(Note(*note) for note in known)


def _request_of(text: str | None) -> ImageRequest:
    """The stored request; an erased one is read as a request without a prompt."""
    if text is None:
        return ImageRequest.model_construct(_fields_set={"prompt"}, prompt="")
    return ImageRequest.from_record(from_json(text))


def _charge(state: JobState, quote: int, bill: int | None) -> int | None:
    """What the person paid; None while the job is open."""
    if state.is_open:
        return None
    return min(quote, bill or 0) if state is JobState.PRODUCED else 0


def _picture_of(row: Sequence[Any]) -> KeptPicture:
    return KeptPicture(
        index=row[0],
        sha256=row[1] or "",
        type=PictureType(row[2]),
        size_bytes=row[3],
        width_px=row[4],
        height_px=row[5],
        flagged=None if row[6] is None else bool(row[6]),
        verdict=None if row[7] is None else Verdict(row[7]),
    )
