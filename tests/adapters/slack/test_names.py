"""What a workspace is called."""

from datetime import timedelta
from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError

from adapters.slack.platform.names import SlackNames
from tests.adapters.slack.fake.server import answers
from tests.adapters.slack.moderation_harness import moderation_harness


async def test_a_workspace_is_called_as_slack_says_and_asked_once_an_hour(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        fake = at.here.fake
        team, names = fake.workspace.id, SlackNames(at.here.here.clients, at.clock)
        before = len(fake.called("auth.test"))
        for _ in range(2):
            assert await names.called(team, [fake.art.id]) == {team: fake.workspace.name}
        assert len(fake.called("auth.test")) == before + 1
        fake.workspace.name = "Atelier"
        at.clock.advance(timedelta(hours=1))
        assert await names.called(team, []) == {team: "Atelier"}


async def test_what_slack_refuses_is_not_remembered(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        fake = at.here.fake
        team, names = fake.workspace.id, SlackNames(at.here.here.clients, at.clock)
        fake.will("auth.test", answers("internal_error"))
        with pytest.raises(SlackApiError):
            await names.called(team, [])
        assert await names.called(team, []) == {team: fake.workspace.name}
