"""`.env.example` is held against the settings, both ways."""

import re
from pathlib import Path

from bot.config import engine_settings
from bot.config.engine_settings import EngineSettings
from bot.config.settings import VARIABLES, Settings

TEXT = (Path(__file__).parents[3] / ".env.example").read_text("utf-8")
SHOWN = dict(re.findall(r"^#?([A-Z][A-Z0-9_]+)=(.*)$", TEXT, re.MULTILINE))


def test_every_setting_is_shown_and_nothing_else() -> None:
    assert sorted(SHOWN) == sorted({*VARIABLES, *engine_settings.VARIABLES})


def test_what_is_shown_is_what_holds_anyway() -> None:
    assert Settings.from_env(SHOWN) == Settings.from_env({})
    assert EngineSettings.from_env(SHOWN) == EngineSettings.from_env({})


def test_the_example_switches_nothing_on() -> None:
    assert not re.search(r"^[A-Z]", TEXT, re.MULTILINE)
