"""A card that somebody deletes by hand stays away; the bot finds out when it would change it."""

from pathlib import Path

import pytest

from bot.domain.job import JobState
from bot.jobs.live_progress import EVERY_S
from tests.adapters.slack.harness import slack_harness
from tests.adapters.slack.moderation_harness import moderation_harness
from tests.adapters.slack.test_delivery import results


async def test_a_job_that_waits_is_cancelled_and_free(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, max_running=1, hurry=EVERY_S) as here:
        await here.begins("a cat")
        await here.does(lambda: here.fake.command("/imagine", "a dog"))
        card = here.fake.within(here.fake.art)[-1]
        await here.until(lambda: "Next in line" in card.words)
        here.fake.remove(card)
        store, ann = here.core.store.jobs, here.asker(here.fake.ann)
        await here.until(lambda: here.fake.called("chat.update")[-1].ok is False)
        here.finish()
        await here.shown()
        await here.until(lambda: not here.core.outbox._busy)
        dog, cat = await store.jobs_of(ann, None, 10)
        assert (dog.state, dog.cost_micros) == (JobState.CANCELLED, 0)
        assert cat.state is JobState.PRODUCED
        assert len(here.fake.within(here.fake.art)) == 1


@pytest.mark.parametrize("when", ["before", "after"])
async def test_it_is_not_posted_again_and_moderators_take_it_down_with_one_press(
    tmp_path: Path, when: str
) -> None:
    """It is found deleted when the result would be shown, or when something changes later."""
    async with moderation_harness(tmp_path) as at:
        here = at.here
        card = await here.begins("a cat --images 2")
        if when == "before":
            here.fake.remove(card)
        here.finish()
        await here.until(lambda: here.core.backend.busy == 0)
        ann = here.asker(here.fake.ann)
        if when == "after":
            await here.shown()
            await here.until(lambda: not here.core.outbox._busy)
            here.fake.remove(card)
            (job,) = await here.core.store.jobs.jobs_of(ann, None, 10)
            await here.core.studio.delete(ann, job.public_id, 1)
        (job,) = await here.core.store.jobs.jobs_of(ann, None, 10)
        await here.fake.until(lambda: here.fake.within(at.mods))
        assert results(here) == []
        assert here.fake.within(here.fake.art) == []
        (notice,) = here.fake.within(at.mods)
        assert f"`{job.public_id}`" in notice.words
        told = await here.told(lambda: here.fake.press(notice, "Take down", by=here.fake.bob))
        assert "Only moderators" in told
        await here.does(lambda: here.fake.press(notice, "Take down", by=at.mia))
        assert f"`{job.public_id}` is taken down everywhere, by" in notice.words
        assert notice.controls == []
        assert at.audit("take down") != []
        view = await here.core.studio.show(ann, job.public_id)
        assert view.pictures == ()
