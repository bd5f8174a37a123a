"""A whole bot on a fake Slack and a fake service."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.app.composition import App
from bot.domain.asker import SLACK
from bot.platforms import Platform
from tests.adapters.slack.fake.server import FakeSlack
from tests.support.fake_deepinfra import FakeDeepInfra
from tests.support.whole_bot import drawing_with


def environ_of(fake: FakeSlack, drawing: FakeDeepInfra, data_dir: Path) -> dict[str, str]:
    return drawing_with(drawing, data_dir, **fake.environ)


def slack_in(app: App) -> Platform:
    found = app.platforms.find(SLACK)
    assert found is not None
    return found


def health_of(app: App) -> Mapping[str, Any]:
    """What Slack's adapter says of itself."""
    look = slack_in(app).health
    assert look is not None
    return look()
