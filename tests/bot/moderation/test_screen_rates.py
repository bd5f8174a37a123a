"""How often the screen is right, on prompts that it was never tuned on."""

import pytest

from tests.bot.moderation.screen_rates import load, table


def test_the_rates_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\nunseen prompts\n{table(load('unseen_prompts.jsonl'))}")  # noqa: T201
