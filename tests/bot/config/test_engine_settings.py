"""What `limner serve` is told, and by whom it lets itself be called."""

from typing import Any

import pytest

from adapters.api.requests.keys import Keys
from adapters.api.schema.errors import Refused
from bot.config.engine_settings import EngineSettings, read_keys
from bot.config.logs import secrets_of
from bot.errors import Misconfigured

KEY, OTHER = "0123456789abcdef", "fedcba9876543210-_"


def settings_of(**environ: str) -> EngineSettings:
    return EngineSettings.from_env({name.upper(): value for name, value in environ.items()})


def problems_of(**environ: str) -> tuple[str, ...]:
    with pytest.raises(Misconfigured) as caught:
        settings_of(**environ)
    return caught.value.problems


def test_without_anything_it_is_this_machines_own() -> None:
    settings = settings_of()
    assert (settings.engine_host, settings.engine_port) == ("127.0.0.1", 8770)
    assert (settings.engine_price, settings.engine_name) == (0, "stabilityai/stable-diffusion-2-1")
    assert settings.keys == ()


def test_keys_may_have_names_and_limits_of_their_own() -> None:
    text = f"# friends\nann:{KEY}:3\n{OTHER}, bob:{KEY}0"
    keys = read_keys(text)
    assert [(key.name, key.secret.get_secret_value(), key.at_once) for key in keys] == [
        ("ann", KEY, 3),
        ("key2", OTHER, None),
        ("bob", KEY + "0", None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "short",
        f"ann:{KEY}:0",
        f"ann:{KEY}:many",
        f"ann:{KEY}:3:4",
        f"a/b:{KEY}",
        f"{KEY} {KEY}",
        f"ann:{KEY} ann:{OTHER}",
        "#",
        f"{KEY}é",
    ],
)
def test_keys_that_are_none_are_told_without_being_repeated(text: str) -> None:
    (problem,) = problems_of(engine_keys=text)
    assert problem.startswith("ENGINE_KEYS is set, but it takes up to 200 different entries")
    assert KEY not in problem


def test_where_others_come_in_everybody_needs_a_key() -> None:
    (problem,) = problems_of(engine_host="192.0.2.7")
    assert "nobody has a key" in problem
    assert settings_of(engine_host="192.0.2.7", engine_keys=KEY).keys[0].name == "key1"


def test_prices_are_dollars_a_second() -> None:
    assert settings_of(engine_price="0.0005").engine_price == 500
    (problem,) = problems_of(engine_price="none")
    assert problem == 'ENGINE_PRICE is "none", but it takes US dollars like 0.0005.'


def test_a_device_that_is_none_is_told() -> None:
    (problem,) = problems_of(engine_device="gpu")
    assert problem.startswith('ENGINE_DEVICE is "gpu", but it takes auto, cpu, cuda')


def test_each_key_is_a_secret_of_its_own() -> None:
    settings = settings_of(engine_keys=f"ann:{KEY} {OTHER}")
    assert {KEY, OTHER} <= set(secrets_of(settings))
    assert KEY not in repr(settings)
    assert KEY not in repr(settings.keys)


LOCAL: list[tuple[dict[str, str], bool]] = [
    ({"host": "127.0.0.1:8770"}, True),
    ({"host": "localhost"}, True),
    ({"host": "[::1]:8770"}, True),
    ({"host": "127.0.0.1:8770", "origin": "https://evil.example"}, False),
    ({"host": "127.0.0.1:8770", "sec-fetch-site": "cross-site"}, False),
    ({"host": "evil.example:8770"}, False),
    ({"host": "127.0.0.1.evil.example"}, False),
    ({"host": ""}, False),
    ({}, False),
]


@pytest.mark.parametrize(("headers", "welcome"), LOCAL)
def test_without_keys_only_programs_of_this_machine_come_in(
    headers: dict[str, Any], welcome: bool
) -> None:
    keys = Keys((), at_once=8)
    assert keys.caller(headers).at_once == 8
    if welcome:
        keys.check_origin(headers)
        return
    with pytest.raises(Refused) as caught:
        keys.check_origin(headers)
    assert caught.value.status == 403


def test_a_limit_of_ones_own_goes_before_that_of_all() -> None:
    keys = Keys(read_keys(f"ann:{KEY}:3 bob:{OTHER}"), at_once=8)
    assert keys.caller({"authorization": f"Bearer {KEY}"}).at_once == 3
    bob = keys.caller({"xi-api-key": OTHER})
    assert (bob.name, bob.at_once) == ("bob", 8)
    with bob.place():
        assert bob.open == 1
    assert bob.open == 0
