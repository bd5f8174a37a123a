"""Who administers a workspace, as Slack says at this moment."""

from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError

from tests.adapters.slack.fake.server import answers
from tests.adapters.slack.harness import slack_harness


async def test_owners_and_admins_administer_a_workspace_at_the_very_moment(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as at:
        roles, team, ann = at.roles, at.fake.workspace.id, at.fake.ann
        await at.set_up(moderators=(at.fake.bob.id,))
        assert await roles.administers(team, ann.id)
        assert await roles.moderates(team, at.fake.bob.id)
        assert not await roles.administers(team, at.fake.bob.id)
        assert not await roles.administers(team, "U0000000099")
        assert not await roles.administers("T0000000099", ann.id)
        at.fake.will("users.info", answers("fatal_error"))
        with pytest.raises(SlackApiError):
            await roles.administers(team, ann.id)
        ann.admin = ann.owner = False
        assert not await roles.administers(team, ann.id)
