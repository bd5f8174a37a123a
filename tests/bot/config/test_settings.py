from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.config.env_values import merged
from bot.config.fields import Endpoint
from bot.config.settings import Settings, misspelled
from bot.domain.budgets import Budgets, StrangersBudgets
from bot.errors import Misconfigured


def problems(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(Misconfigured) as caught:
        Settings.from_env(environ)
    return caught.value.problems


def test_nothing_set_is_a_private_sketch_without_limits() -> None:
    settings = Settings.from_env({})
    assert settings.resolved_backend == "sketch"
    assert settings.budgets == Budgets()
    assert settings.page_url == "http://127.0.0.1:8765"
    assert not settings.is_public
    assert settings.database_path == Path("data/limner.db")
    assert settings.model == "stabilityai/stable-diffusion-2-1"
    assert settings.max_picture_micros == 20_000
    assert settings.notices() == ()


def test_all_wrong_variables_are_named_at_once() -> None:
    environ = {
        "PORT": "80a",
        "BACKEND": "loca",
        "PLAYGROUND": "maybe",
        "TIMEZONE": "Mars/Olympus",
        "BUDGET_PERSON_DAY": "0,05",
        "RETENTION_DAYS": "-1",
        "DRAIN_S": "nan",
        "SLACK_API_URL": "slack",
        "DISCORD_GATEWAY_URL": "http://discord.example",
        "LOG_LEVEL": "loud",
    }
    assert problems(environ) == (
        'BACKEND is "loca", but it takes one of auto, api, local, sketch.',
        'BUDGET_PERSON_DAY is "0,05", but it takes US dollars like 0.05, or none for no limit.',
        (
            'TIMEZONE is "Mars/Olympus", but it takes the name of a time zone, like Europe/Berlin '
            "or UTC."
        ),
        'PORT is "80a", but it takes a whole number from 0 to 65535.',
        'PLAYGROUND is "maybe", but it takes yes or no.',
        'RETENTION_DAYS is "-1", but it takes a whole number from 0 to 36500.',
        'DRAIN_S is "nan", but it takes a number from 0 to 600.',
        (
            'DISCORD_GATEWAY_URL is "http://discord.example", but it takes an address like '
            "wss://gateway.example.org."
        ),
        'SLACK_API_URL is "slack", but it takes an address like https://example.org.',
        'LOG_LEVEL is "loud", but it takes one of debug, info, warning, error.',
    )


def test_contradictions_are_named_beside_wrong_values() -> None:
    assert problems({"PORT": "x", "BACKEND": "api"}) == (
        'PORT is "x", but it takes a whole number from 0 to 65535.',
        "BACKEND is api, but there is nobody to ask: set DEEPINFRA_TOKEN or API_URLS.",
    )


def test_a_wrong_variable_causes_no_second_complaint(tmp_path: Path) -> None:
    missing = tmp_path / "token"
    assert problems({"BACKEND": "api", "DEEPINFRA_TOKEN_FILE": str(missing)}) == (
        f"DEEPINFRA_TOKEN_FILE is {missing}, but that can't be read (No such file or directory).",
    )


@pytest.mark.parametrize(
    "environ",
    [
        {"ALERT_WEBHOOK_URL": "ftp://hunter2.example"},
        {"API_URLS": "https://me:hunter2@api.example"},
        {"DATABASE_URL": "postgresql://me:hunter2@db/limner"},
        {"API_KEYS": "hunter2,hunter2"},
        {"DISCORD_TOKEN": "hunter2", "DISCORD_TOKEN_FILE": "x"},
    ],
)
def test_no_secret_is_echoed(environ: dict[str, str]) -> None:
    (problem,) = problems(environ)
    assert "hunter2" not in problem
    assert problem.startswith(next(iter(environ)))


def test_no_secret_is_in_the_repr_or_in_the_error_of_the_library() -> None:
    settings = Settings.from_env(
        {"DEEPINFRA_TOKEN": "hunter2", "API_URLS": "https://a.example", "API_KEYS": "hunter3"}
    )
    assert "hunter" not in repr(settings)
    assert "hunter" not in repr(settings.endpoints)


def test_another_database_gets_one_clear_sentence() -> None:
    assert problems({"DATABASE_URL": "postgresql://db/limner"}) == (
        (
            "DATABASE_URL is set, but it takes nothing or sqlite:///path/to/limner.db: this "
            "version keeps everything in one SQLite file."
        ),
    )


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:"])
def test_a_database_without_a_file_is_refused(url: str) -> None:
    with pytest.raises(Misconfigured):
        Settings.from_env({"DATABASE_URL": url})


def test_a_database_file_may_be_elsewhere() -> None:
    settings = Settings.from_env({"DATABASE_URL": "sqlite:////srv/limner/own.db"})
    assert settings.database_path == Path("/srv/limner/own.db")


def test_an_engine_of_ones_own_needs_a_model() -> None:
    assert problems({"BACKEND": "local"}) == (
        "BACKEND is local, but there is no model: set ENGINE_MODEL to its folder.",
    )
    settings = Settings.from_env({"BACKEND": "local", "ENGINE_MODEL": "/models/sd21"})
    assert settings.resolved_backend == "local"
    assert settings.budgets == Budgets()


@pytest.mark.parametrize(
    ("environ", "backend"),
    [
        ({}, "sketch"),
        ({"DEEPINFRA_TOKEN": "key-1234"}, "api"),
        ({"API_URLS": "http://gpu:8000"}, "api"),
        ({"BACKEND": "sketch", "DEEPINFRA_TOKEN": "key-1234"}, "sketch"),
        ({"BACKEND": "AUTO"}, "sketch"),
    ],
)
def test_auto_is_the_api_where_there_is_one(environ: dict[str, str], backend: str) -> None:
    assert Settings.from_env(environ).resolved_backend == backend


def test_an_empty_budget_is_safe_where_drawing_costs_money() -> None:
    settings = Settings.from_env({"DEEPINFRA_TOKEN": "key-1234", "BUDGET_PERSON_DAY": ""})
    assert settings.budgets == Budgets(
        person_day=50_000,
        person_month=500_000,
        community_day=2_000_000,
        community_month=25_000_000,
        operator_month=25_000_000,
    )


def test_none_is_no_limit_and_nought_is_nothing() -> None:
    settings = Settings.from_env(
        {"DEEPINFRA_TOKEN": "k", "BUDGET_PERSON_DAY": "None", "BUDGET_PERSON_MONTH": "0"}
    )
    assert settings.budgets.person_day is None
    assert settings.budgets.person_month == 0


@pytest.mark.parametrize(
    ("text", "micros"), [("0.05", 50_000), ("$2", 2_000_000), ("0.000001", 1), ("1e-2", 10_000)]
)
def test_dollars_become_whole_micro_dollars(text: str, micros: int) -> None:
    assert Settings.from_env({"BUDGET_PERSON_DAY": text}).budgets.person_day == micros


@pytest.mark.parametrize("text", ["NaN", "inf", "-1", "1e400", "0.0000001", "1000001", "five"])
def test_dollars_that_are_no_amount_are_refused(text: str) -> None:
    (problem,) = problems({"MAX_PICTURE_PRICE": text})
    assert problem.startswith(f'MAX_PICTURE_PRICE is "{text}", but it takes US dollars like 0.05')


def test_the_token_goes_to_deepinfra_alone() -> None:
    settings = Settings.from_env(
        {
            "DEEPINFRA_TOKEN": "token",
            "API_URLS": "https://api.deepinfra.com/v1/inference, http://127.0.0.1:8000/, "
            "https://deepinfra.com.evil.example, http://api.deepinfra.com",
        }
    )
    assert settings.endpoints == (
        Endpoint("https://api.deepinfra.com", SecretStr("token")),
        Endpoint("http://127.0.0.1:8000", None),
        Endpoint("https://deepinfra.com.evil.example", None),
        Endpoint("http://api.deepinfra.com", None),
    )


def test_the_token_alone_means_deepinfra() -> None:
    settings = Settings.from_env({"DEEPINFRA_TOKEN": "token"})
    assert settings.endpoints == (Endpoint("https://api.deepinfra.com", SecretStr("token")),)


def test_each_address_has_its_own_key() -> None:
    settings = Settings.from_env(
        {"API_URLS": "https://a.example https://b.example", "API_KEYS": "key-a, "}
    )
    assert settings.endpoints == (
        Endpoint("https://a.example", SecretStr("key-a")),
        Endpoint("https://b.example", None),
    )


def test_keys_and_addresses_must_match_in_number() -> None:
    assert problems({"API_URLS": "https://a.example", "API_KEYS": "1,2"}) == (
        (
            "API_KEYS has 2 and API_URLS has 1; give one key for each address, empty where none is "
            "needed (KEY1,,KEY3)."
        ),
    )


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("from-a-file\n")
    settings = Settings.from_env({"DEEPINFRA_TOKEN_FILE": str(file)})
    assert settings.deepinfra_token == SecretStr("from-a-file")


def test_what_is_no_secret_is_not_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "port"
    file.write_text("1")
    assert Settings.from_env({"PORT_FILE": str(file)}).port == 8765


def test_an_empty_or_huge_secret_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("\n")
    assert problems({"DISCORD_TOKEN_FILE": str(file)}) == (
        f"DISCORD_TOKEN_FILE is {file}, but that file is empty.",
    )
    file.write_text("x" * 65_537)
    assert problems({"DISCORD_TOKEN_FILE": str(file)}) == (
        f"DISCORD_TOKEN_FILE is {file}, but that file is too big for a secret.",
    )


def test_the_environment_wins_over_the_file_in_either_form() -> None:
    file = {"PORT": "1", "DISCORD_TOKEN": "old", "MODEL": "a/b", "EMPTY": None}
    environ = {"PORT": "2", "DISCORD_TOKEN_FILE": "/run/secrets/new"}
    assert merged(file, environ) == {
        "PORT": "2",
        "DISCORD_TOKEN_FILE": "/run/secrets/new",
        "MODEL": "a/b",
    }


def test_a_typing_error_in_a_name_is_noticed() -> None:
    environ = {"BUGET_PERSON_DAY": "1", "HOSTNAME": "box", "DISCORD_TOKEN_FILLE": "x", "PORT": "1"}
    assert misspelled(environ) == (
        "BUGET_PERSON_DAY is set, but nobody reads it. Did you mean BUDGET_PERSON_DAY?",
        "DISCORD_TOKEN_FILLE is set, but nobody reads it. Did you mean DISCORD_TOKEN_FILE?",
    )
    assert misspelled({"TIEMZONE": "UTC"}) == (
        "TIEMZONE is set, but nobody reads it. Did you mean TIMEZONE?",
    )


def test_a_proxy_for_plain_http_is_missed_only_where_there_is_no_other() -> None:
    environ = {"HTTP_PROXY": "http://a:1"}
    assert misspelled(environ) == (
        "HTTP_PROXY is set, but nobody reads it. Did you mean HTTPS_PROXY?",
    )
    assert misspelled({**environ, "HTTPS_PROXY": "http://a:1"}) == ()


def test_variables_of_other_programs_are_not_taken_for_ours() -> None:
    others = ("HOME", "HOSTNAME", "POST", "MODE", "LANG", "SLACK_USER_TOKEN", "SLACK_URL")
    assert misspelled(dict.fromkeys(others, "x")) == ()


@pytest.mark.parametrize(
    ("environ", "url", "public"),
    [
        ({"HOST": "0.0.0.0", "PORT": "80"}, "http://127.0.0.1:80", True),  # noqa: S104  (read only)
        ({"HOST": "::1"}, "http://[::1]:8765", False),
        ({"HOST": "localhost"}, "http://localhost:8765", False),
        ({"HOST": "127.0.0.2"}, "http://127.0.0.2:8765", False),
        ({"HOST": "box.lan"}, "http://box.lan:8765", True),
        ({"PUBLIC_URL": "https://draw.example.org/"}, "https://draw.example.org", True),
    ],
)
def test_the_page_has_an_address_to_open(environ: dict[str, str], url: str, public: bool) -> None:
    settings = Settings.from_env(environ)
    assert (settings.page_url, settings.is_public) == (url, public)


def test_what_this_version_does_not_switch_on_is_said() -> None:
    settings = Settings.from_env({"DISCORD_TOKEN": "token", "SLACK_APP_TOKEN": "xapp-1"})
    assert settings.notices() == ("Slack stays off: SLACK_BOT_TOKEN is not set.",)


ONE = {"SLACK_BOT_TOKEN": "xoxb-1"}
MANY = {
    "SLACK_CLIENT_ID": "1.2",
    "SLACK_CLIENT_SECRET": "secret",
    "SLACK_SIGNING_SECRET": "secret",
    "SLACK_TOKEN_KEYS": "a key of more than thirty-two characters",
    "PUBLIC_URL": "https://draw.example.org",
}


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        (
            ONE,
            (
                "SLACK_BOT_TOKEN is set, but Slack has no way to reach the bot: set "
                "SLACK_APP_TOKEN (Socket Mode), or SLACK_SIGNING_SECRET and PUBLIC_URL (HTTP)."
            ),
        ),
        (
            {**ONE, "SLACK_SIGNING_SECRET": "secret"},
            (
                "SLACK_SIGNING_SECRET is set, but Slack has no address to come to: set PUBLIC_URL, "
                "or SLACK_APP_TOKEN for Socket Mode."
            ),
        ),
        (
            {"SLACK_CLIENT_ID": "1.2", "SLACK_SIGNING_SECRET": "secret"},
            (
                "SLACK_CLIENT_ID is set; it also needs SLACK_CLIENT_SECRET, SLACK_TOKEN_KEYS, "
                "PUBLIC_URL."
            ),
        ),
        (
            {**MANY, **ONE},
            "SLACK_BOT_TOKEN is for one workspace, SLACK_CLIENT_ID for many; keep one of them.",
        ),
        (
            {**MANY, "SLACK_APP_TOKEN": "xapp-1"},
            "SLACK_APP_TOKEN is for one workspace; leave it out where SLACK_CLIENT_ID is set.",
        ),
        (
            {"SLACK_BOT_TOKEN": "xapp-1", "SLACK_APP_TOKEN": "xapp-1"},
            (
                "SLACK_BOT_TOKEN is set, but it takes the token of Slack's bot, which begins with "
                "xoxb-."
            ),
        ),
        (
            {"SLACK_BOT_TOKEN": "xoxe.xoxb-1", "SLACK_APP_TOKEN": "xapp-1"},
            (
                "SLACK_BOT_TOKEN is set, but it takes a token that lasts. This one (xoxe.…) is of "
                "an app with token rotation and expires after twelve hours: make an app without, "
                "or set SLACK_CLIENT_ID and let the workspace install it, as docs/slack.md says "
                "under Many workspaces."
            ),
        ),
        (
            {**MANY, "SLACK_TOKEN_KEYS": "short"},
            (
                "SLACK_TOKEN_KEYS is set, but it takes keys of at least 32 characters, like those "
                "that `openssl rand -base64 32` makes."
            ),
        ),
    ],
)
def test_settings_of_slack_that_do_not_fit_are_named(environ: dict[str, str], said: str) -> None:
    assert problems(environ) == (said,)


def test_slack_is_on_by_socket_or_over_http() -> None:
    found = [
        Settings.from_env(environ)
        for environ in (
            {},
            {**ONE, "SLACK_APP_TOKEN": "xapp-1"},
            {**ONE, "SLACK_SIGNING_SECRET": "s", "PUBLIC_URL": "https://draw.example.org"},
            MANY,
        )
    ]
    assert [(each.slack_is_on, each.slack_over_http) for each in found] == [
        (False, False),
        (True, False),
        (True, True),
        (True, True),
    ]


def test_a_key_in_clear_text_is_noticed() -> None:
    settings = Settings.from_env(
        {"API_URLS": "http://gpu.example,http://127.0.0.1:1", "API_KEYS": "key-1,key-2"}
    )
    assert settings.notices() == ("The key for http://gpu.example travels unencrypted; use https.",)


def test_a_model_that_sketches_do_not_stand_in_for_is_noticed() -> None:
    idle = "MODEL is not used: sketches stand in for stabilityai/stable-diffusion-2-1 alone."
    assert Settings.from_env({"MODEL": "nobody/nothing"}).notices() == (idle,)
    assert Settings.from_env({"MODEL": "Stable-Diffusion-2-1"}).notices() == ()
    with_key = {"MODEL": "nobody/nothing", "DEEPINFRA_TOKEN": "token"}
    assert Settings.from_env(with_key).notices() == ()


def test_a_token_that_nobody_gets_is_noticed() -> None:
    settings = Settings.from_env({"API_URLS": "https://a.example", "DEEPINFRA_TOKEN": "token"})
    assert settings.notices() == (
        "DEEPINFRA_TOKEN is not used: API_URLS names other addresses only.",
    )


def test_rules_and_labels_of_moderation_are_pairs() -> None:
    settings = Settings.from_env(
        {
            "MODERATION_RULES": "violence=show, self-harm/intent=Block",
            "MODERATION_LABELS": "LABEL_1=unsafe",
            "MODERATION_MODEL": "opennsfw, /srv/my models/a",
        }
    )
    assert settings.moderation_rules == (("violence", "show"), ("self-harm/intent", "block"))
    assert settings.moderation_labels == (("LABEL_1", True),)
    assert settings.moderation_model == ("opennsfw", "/srv/my models/a")
    for wrong in ("violence", "=show", "violence=maybe", "show"):
        (problem,) = problems({"MODERATION_RULES": wrong})
        assert "each is show, cover, review or block" in problem


def test_a_key_of_moderation_needs_somebody_to_ask() -> None:
    (problem,) = problems({"MODERATION_KEY": "hunter2"})
    assert problem == "MODERATION_KEY is set, but nobody is asked: set MODERATION_URL."
    told = Settings.from_env({"MODERATION_KEY": "x", "MODERATION_URL": "http://far.example/v1"})
    assert "The key for http://far.example/v1 travels unencrypted; use https." in told.notices()


def test_a_proxy_without_an_address_for_others_is_noticed() -> None:
    proxy = {"TRUSTED_PROXIES": "127.0.0.1"}
    idle = "TRUSTED_PROXIES is not used: the page refuses what a proxy brings. Set PUBLIC_URL."
    assert Settings.from_env(proxy).notices() == (idle,)
    assert Settings.from_env({**proxy, "PUBLIC_URL": "https://a.example"}).notices() == ()


def test_proxies_are_named_by_addresses_and_networks() -> None:
    settings = Settings.from_env({"TRUSTED_PROXIES": "127.0.0.1, 10.1.2.3/8 ::1"})
    assert [str(each) for each in settings.trusted_proxies] == [
        "127.0.0.1/32",
        "10.0.0.0/8",
        "::1/128",
    ]
    assert Settings.from_env({"TRUSTED_PROXIES": ""}).trusted_proxies == ()


@pytest.mark.parametrize("text", ["localhost", "10.0.0.0/33", "0.0.0.0/0", "127.0.0.1 ::/0"])
def test_everybody_is_no_proxy(text: str) -> None:
    with pytest.raises(Misconfigured, match="TRUSTED_PROXIES") as caught:
        Settings.from_env({"TRUSTED_PROXIES": text})
    assert "127.0.0.1, 10.0.0.0/8" in str(caught.value)


def test_strangers_have_budgets_of_their_own_within_the_usual_ones() -> None:
    paid = {"DEEPINFRA_TOKEN": "key", "PUBLIC": "yes"}
    usual = Settings.from_env(paid)
    assert usual.strangers_budgets == StrangersBudgets(
        person_day=50_000,
        person_month=500_000,
        community_day=200_000,
        community_month=2_000_000,
        strangers_month=10_000_000,
        operator_month=25_000_000,
    )
    assert usual.notices() == ()
    small = Settings.from_env({**paid, "BUDGET_COMMUNITY_DAY": "0.1"})
    assert small.strangers_budgets is not None
    assert small.strangers_budgets.community_day == 100_000
    free = Settings.from_env({"PUBLIC": "yes"})
    assert free.strangers_budgets == StrangersBudgets()


def test_budgets_for_strangers_without_strangers_are_noticed() -> None:
    settings = Settings.from_env({"BUDGET_PUBLIC_DAY": "1"})
    assert settings.strangers_budgets is None
    assert "BUDGET_PUBLIC_DAY: not used, as PUBLIC is off." in settings.notices()
