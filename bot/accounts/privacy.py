"""Everything that is kept about one person: exporting and erasing it."""

import asyncio
import json
import tempfile
import zipfile
from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from bot.cleanup import drop_unused_files, scrub
from bot.domain.asker import SLACK, Asker
from bot.domain.job import Job, Verdict
from bot.domain.person import Erased
from bot.errors import BadRequest, NotFound, Problem, to_record
from bot.picture_file import with_provenance
from bot.ports import Clock, Pictures
from bot.store import Store

PAGE = 100
# Platforms where the same id in another community is another person.
_IDS_OF_COMMUNITIES = frozenset({SLACK})


class Privacy:
    """For people themselves, and for the owner on behalf of somebody who left."""

    def __init__(
        self, store: Store, pictures: Pictures, clock: Clock, moderation: str = ""
    ) -> None:
        """`moderation` is the host that prompts and pictures are sent to, to be looked at."""
        self.moderation = moderation
        self._store = store
        self._pictures = pictures
        self._clock = clock

    async def archive(
        self, platform: str, person: str, limit_bytes: int, community: str = ""
    ) -> tuple[bytes, int]:
        """What `export` writes as a ZIP, and how many pictures did not fit. Raises as `export`."""
        with tempfile.TemporaryDirectory(prefix="limner-export-") as folder:
            await self.export(platform, person, Path(folder), community)
            return await asyncio.to_thread(_zipped, Path(folder), limit_bytes)

    async def export(self, platform: str, person: str, target: Path, community: str = "") -> int:
        """Write everything about a person below `target`: data.json and the pictures.

        From one community, or everywhere. Returns how many jobs there were. Raises NotFound, and
        BadRequest for an id that stands for several people.
        """
        places = await self._places(platform, person, community)
        everything: dict[str, Any] = {"platform": platform, "person": person, "places": []}
        count = 0
        for place in places:
            asker = Asker(platform=platform, community=place, channel="", person=person)
            jobs = [job async for job in self._jobs_of(asker)]
            count += len(jobs)
            everything["places"].append(
                {
                    "community": place,
                    "defaults": await self._store.people.defaults(asker),
                    "styles": await self._store.chat.presets(asker),
                    "accounts": await self._store.people.accounts_of(asker),
                    "jobs": [_exported(job) for job in jobs],
                    "moderation": await self._store.cases.moderation_of(asker),
                    "records": await self._store.cases.records_of(asker),
                }
            )
            for job in jobs:
                await self._copy_pictures(job, target)
        text = json.dumps(everything, indent=2, ensure_ascii=False, default=str)
        await asyncio.to_thread(_write, target / "data.json", text.encode())
        return count

    async def erase(self, platform: str, person: str, community: str = "") -> Erased:
        """Erase a person in one community, or everywhere. Budgets and blocks stay in force.

        Raises NotFound, BadRequest as `export`, or Conflict while a job of theirs is open.
        """
        places = await self._places(platform, person, community)
        total = Erased(jobs=0, cards=0)
        for place in places:
            gone = await self.erase_rows(platform, place, person)
            total = replace(total, jobs=total.jobs + gone.jobs, cards=total.cards + gone.cards)
        await self.delete_files()
        return total

    async def erase_rows(self, platform: str, community: str, person: str) -> Erased:
        """Erase a person in the database; `delete_files` does the rest, for any number of people.

        Raises NotFound, or Conflict while a job of theirs is open.
        """
        return await self._store.people.erase(platform, community, person, self._clock.now())

    async def delete_files(self) -> None:
        """Delete the pictures of those who were erased, and copies of the database with them."""
        await drop_unused_files(self._store, self._pictures)
        await self._store.owner.drop_copies(before=None)
        await scrub(self._store, self._clock)

    async def _places(self, platform: str, person: str, community: str) -> list[str]:
        known = await self._store.people.places_of(platform, person)
        places = [place for place in known if community in ("", place)]
        if not places:
            raise NotFound("person", person)
        if platform in _IDS_OF_COMMUNITIES and len(places) > 1:
            data = {"got": person, "choices": tuple(places)}
            raise BadRequest((Problem("person", "several_people", data),))
        return places

    async def close_case(self, case: str, *, unlock: bool, drop: bool) -> None:
        """Close a frozen case for the owner: its job may then be forgotten like any other.

        `unlock` lets its person draw again, `drop` deletes the restricted files. Raises NotFound.
        """
        now = self._clock.now()
        await self._store.cases.close_frozen(
            case, unlock=unlock, drop=drop, actor="terminal:local:owner", now=now
        )
        if drop:
            await self._pictures.unrestrict(case)

    async def _jobs_of(self, asker: Asker) -> AsyncIterator[Job]:
        before = None
        while page := await self._store.jobs.jobs_of(asker, before, PAGE):
            for job in page:
                yield job
            before = page[-1].created_at

    async def _copy_pictures(self, job: Job, target: Path) -> None:
        if job.image is not None and (start := _starting_image_of(job)):
            data = await self._pictures.read(job.image.sha256, job.image.type)
            await asyncio.to_thread(_write, target / start, data)
        for picture in job.pictures:
            if picture.sha256 and picture.verdict in _SEEN:  # withheld pictures are not exported
                data = await self._pictures.read(picture.sha256, picture.type)
                number = picture.index + 1
                file = await with_provenance(job, number, data, picture.type)
                name = f"{job.public_id}-{number}{picture.type.suffix}"
                await asyncio.to_thread(_write, target / name, file.data)


_SEEN = (Verdict.SHOW, Verdict.SPOILER)


def _exported(job: Job) -> dict[str, Any]:
    return {
        "id": job.public_id,
        "created_at": job.created_at.isoformat(),
        "channel": job.asker.channel,
        "name": job.asker.name,
        "roles": sorted(job.asker.roles),
        "locale": job.asker.locale,
        "account_created_at": _iso(job.asker.account_created_at),
        "joined_at": _iso(job.asker.joined_at),
        "state": job.state,
        "action": job.action,
        "from": [job.parent, job.parent_picture] if job.parent else None,
        "asked_model": job.asked_model,
        "starting_image": _starting_image_of(job),
        "request": job.request.to_record()["values"],
        "model": job.drawn_by or job.request.model,
        "seed": job.seed,
        "cost_micros": job.cost_micros,
        "private": job.private,
        "failure": to_record(job.failure) if job.failure else None,
        "pictures": [asdict(picture) for picture in job.pictures],
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _starting_image_of(job: Job) -> str | None:
    """The name in an export of a picture that was uploaded.

    None where what was drawn from it is withheld, or where it came with another result: from
    there, or from somebody else's upload.
    """
    withheld = job.frozen or any(picture.verdict is Verdict.BLOCK for picture in job.pictures)
    if job.image is None or job.parent is not None or withheld:
        return None
    return f"{job.public_id}-start{job.image.type.suffix}"


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _zipped(folder: Path, limit_bytes: int) -> tuple[bytes, int]:
    """A ZIP with `data.json`, then pictures while they fit; and how many did not."""
    target, left_out = BytesIO(), 0
    order = sorted(folder.iterdir(), key=lambda path: (path.suffix != ".json", path.name))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path in order:
            packed = zipfile.ZIP_DEFLATED if path.suffix == ".json" else zipfile.ZIP_STORED
            if target.tell() + path.stat().st_size + 64 * 1024 > limit_bytes:
                left_out += 1
                continue
            archive.write(path, path.name, packed)
    return target.getvalue(), left_out
