"""Links to results, for people without an account: who may hand them out, and what they open.

A link names a result and carries a keyed hash of its key, which nobody can guess from the id that
people type. Whether it opens anything is asked anew at each request.
"""

import hashlib
import hmac
import secrets
from base64 import b32encode
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.asker import OUTSIDER, Asker
from bot.domain.community_settings import Sharing, sharing_at
from bot.domain.job import Job, Verdict, read_public_id
from bot.domain.job_view import JobView
from bot.errors import NotFound
from bot.store import OwnerStore, Store

KEY_BYTES = 32
# 128 bits, as 26 characters that no program takes for the end of a sentence.
SECRET_BYTES = 16
_KEY = "sharing_key"


async def sharing_key(owner: OwnerStore) -> bytes:
    """The key of this installation's links, made when it is first asked for."""
    known = await owner.note(_KEY)
    if known is None:
        known = secrets.token_hex(KEY_BYTES)
        await owner.write_note(_KEY, known)
    return bytes.fromhex(known)


class SharedResults:
    """`address` is the page's own, set once others can reach it; None while they can't."""

    address: str | None = None

    def __init__(self, store: Store, key: bytes) -> None:
        self._store = store
        self._key = key

    async def link(self, job: Job) -> str:
        """The address at which anybody can see `job`; "" where nobody may."""
        if self.address is None or not _can_be_seen(job) or not await self.is_shared(job):
            return ""
        return f"{self.address}/j/{job.public_id}.{self._secret(job.key)}"

    def own_link(self, view: JobView, now: datetime) -> str:
        """An address at which whoever asked for a result can see it until tomorrow, "" for none."""
        if self.address is None:
            return ""
        return f"{self.address}/j/{view.public_id}.{self._secret(view.key, now.date())}"

    async def is_shared(self, job: Job) -> bool:
        """Whether results of the job's community are for anybody with their link."""
        place = job.asker
        settings = await self._store.people.community(place.platform, place.community)
        return not job.private and sharing_at(place.platform, settings) is Sharing.LINK

    async def visitor(self, public_id: str, secret: str, now: datetime) -> Asker:
        """Whoever came by a link, as somebody in the result's community; as whoever asked for it
        by one of their own.

        Raises NotFound alike for what isn't there, for a wrong secret, and where it isn't shared.
        """
        try:
            job = await self._store.jobs.job_by_public_id(read_public_id(public_id))
        except NotFound:
            raise NotFound("job", public_id) from None
        place = job.asker
        days = (now.date(), now.date() - timedelta(days=1))
        if any(_is_same(self._secret(job.key, day), secret) for day in days):
            return replace(job.asker, is_moderator=False, is_admin=False, is_owner=False)
        if not _is_same(self._secret(job.key), secret) or not await self.is_shared(job):
            raise NotFound("job", public_id)
        return Asker(
            platform=place.platform, community=place.community, channel="", person=OUTSIDER
        )

    def _secret(self, key: str, day: date | None = None) -> str:
        """Of the link for anybody; with a `day`, UTC, of the one for whoever asked for it."""
        what = f"{key} {day}" if day else key
        digest = hmac.digest(self._key, what.encode(), hashlib.sha256)
        return b32encode(digest[:SECRET_BYTES]).decode().rstrip("=").lower()


def _is_same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _can_be_seen(job: Job) -> bool:
    return not job.frozen and any(
        picture.verdict in (Verdict.SHOW, Verdict.SPOILER) for picture in job.pictures
    )
