"""Who may see a result, and who may change it."""

from bot.domain.asker import Asker
from bot.domain.job import Job, KeptPicture, Verdict, read_public_id
from bot.errors import NotFound, NotYours
from bot.store import JobStore


async def visible_job(jobs: JobStore, asker: Asker, public_id: str) -> Job:
    """A job that `asker` may see. Raises NotFound, NotYours."""
    try:
        job = await jobs.job_by_public_id(read_public_id(public_id))
    except NotFound:
        raise NotFound("job", public_id) from None  # as it was typed
    refuse_hidden(asker, job, public_id)
    return job


def refuse_hidden(asker: Asker, job: Job, public_id: str = "") -> None:
    """Raises NotFound or NotYours for a job that `asker` may not see."""
    name = public_id or job.public_id
    if job.frozen:
        raise NotFound("job", name)
    if asker.is_owner:
        return
    if (job.asker.platform, job.asker.community) != (asker.platform, asker.community):
        raise NotFound("job", name)
    if job.private and job.asker.person != asker.person and not asker.is_moderator:
        raise NotYours


def refuse_others(asker: Asker, job: Job) -> None:
    """Raises NotYours, unless the job is the asker's own or they are a moderator or admin."""
    own = (job.asker.platform, job.asker.community, job.asker.person)
    if own != (asker.platform, asker.community, asker.person) and not (
        asker.is_moderator or asker.is_admin or asker.is_owner
    ):
        raise NotYours


def visible_picture(job: Job, number: int) -> KeptPicture:
    """Picture `number` (from 1), if it may be seen. Raises NotFound."""
    for picture in job.pictures:
        if picture.index == number - 1 and picture.verdict in (Verdict.SHOW, Verdict.SPOILER):
            return picture
    raise NotFound("picture", f"{job.public_id} {number}")
