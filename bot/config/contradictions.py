"""Settings that are valid one by one but not together, and notices for the start."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from bot.config.fields import SEED_MODEL, Fields, is_deepinfra
from bot.urls import is_loopback


def contradictions(settings: Fields) -> Iterator[tuple[set[str], str]]:
    """The fields that contradict each other, and a sentence about them."""
    keys, urls = len(settings.api_keys), len(settings.api_urls)
    if keys not in (0, urls):
        text = (
            f"API_KEYS has {keys} and API_URLS has {urls}; give one key for each address, "
            "empty where none is needed (KEY1,,KEY3)."
        )
        yield {"api_keys", "api_urls"}, text
    if settings.backend == "api" and not (settings.api_urls or settings.deepinfra_token):
        yield (
            {"backend", "api_urls", "deepinfra_token"},
            "BACKEND is api, but there is nobody to ask: set DEEPINFRA_TOKEN or API_URLS.",
        )
    yield from _slack_contradictions(settings)
    if settings.backup_dir and _is_below(settings.backup_dir, settings.data_dir / "pictures"):
        text = "BACKUP_DIR is among the pictures of DATA_DIR; name a folder elsewhere."
        yield {"backup_dir", "data_dir"}, text
    if settings.moderation_key and not settings.moderation_url:
        yield (
            {"moderation_key", "moderation_url"},
            "MODERATION_KEY is set, but nobody is asked: set MODERATION_URL.",
        )
    if settings.backend == "local" and settings.engine_model is None:
        yield (
            {"backend", "engine_model"},
            "BACKEND is local, but there is no model: set ENGINE_MODEL to its folder.",
        )


def _slack_contradictions(settings: Fields) -> Iterator[tuple[set[str], str]]:
    one, many = settings.slack_bot_token, settings.slack_client_id
    if one and many:
        yield (
            {"slack_bot_token", "slack_client_id"},
            "SLACK_BOT_TOKEN is for one workspace, SLACK_CLIENT_ID for many; keep one of them.",
        )
    elif many:
        wanted = ("slack_client_secret", "slack_signing_secret", "slack_token_keys", "public_url")
        missing = [name for name in wanted if not getattr(settings, name)]
        if missing:
            names = ", ".join(name.upper() for name in missing)
            yield {"slack_client_id", *missing}, f"SLACK_CLIENT_ID is set; it also needs {names}."
        if settings.slack_app_token:
            yield (
                {"slack_client_id", "slack_app_token"},
                "SLACK_APP_TOKEN is for one workspace; leave it out where SLACK_CLIENT_ID is set.",
            )
    elif one and not (settings.slack_app_token or settings.slack_signing_secret):
        text = (
            "SLACK_BOT_TOKEN is set, but Slack has no way to reach the bot: set SLACK_APP_TOKEN "
            "(Socket Mode), or SLACK_SIGNING_SECRET and PUBLIC_URL (HTTP)."
        )
        yield {"slack_bot_token", "slack_app_token", "slack_signing_secret"}, text
    elif one and not settings.slack_app_token and not settings.public_url:
        text = (
            "SLACK_SIGNING_SECRET is set, but Slack has no address to come to: set PUBLIC_URL, or "
            "SLACK_APP_TOKEN for Socket Mode."
        )
        yield {"slack_bot_token", "public_url"}, text


def _is_below(folder: Path, other: Path) -> bool:
    return folder.absolute().is_relative_to(other.absolute())


def notices(settings: Fields) -> Iterator[str]:
    """Sentences about what is no mistake, but what the owner should know."""
    yield from _slack_notices(settings)
    if settings.deepinfra_token and not any(is_deepinfra(e.url) for e in settings.endpoints):
        yield "DEEPINFRA_TOKEN is not used: API_URLS names other addresses only."
    if settings.resolved_backend == "sketch" and not _means_seed_model(settings.model):
        yield f"MODEL is not used: sketches stand in for {SEED_MODEL} alone."
    if not settings.playground and not settings.discord_token and not settings.slack_is_on:
        yield "PLAYGROUND is off and no chat platform is on: only the terminal can draw."
    for_public = ("budget_public_day", "budget_public_month", "budget_all_public_month")
    unused = [name.upper() for name in for_public if getattr(settings, name) is not None]
    if unused and not settings.public:
        yield f"{', '.join(unused)}: not used, as PUBLIC is off."
    if settings.trusted_proxies and not settings.is_public:
        yield "TRUSTED_PROXIES is not used: the page refuses what a proxy brings. Set PUBLIC_URL."
    keys = [(endpoint.url, endpoint.key) for endpoint in settings.endpoints]
    for url, key in (*keys, (settings.moderation_url or "", settings.moderation_key)):
        host = urlsplit(url).hostname or ""
        if key and url.startswith("http:") and not is_loopback(host):
            yield f"The key for {url} travels unencrypted; use https."


def _slack_notices(settings: Fields) -> Iterator[str]:
    if not settings.slack_is_on and (settings.slack_app_token or settings.slack_signing_secret):
        yield "Slack stays off: SLACK_BOT_TOKEN is not set."
    if settings.slack_bot_token and settings.slack_app_token and settings.slack_signing_secret:
        yield "SLACK_SIGNING_SECRET is not used: with SLACK_APP_TOKEN the bot uses Socket Mode."
    if settings.slack_over_http and (settings.public_url or "").startswith("http:"):
        yield "Slack only comes to https addresses, and PUBLIC_URL is http."


def _means_seed_model(name: str) -> bool:
    """Whether `name` is SEED_MODEL, in any case, with or without its organisation."""
    return name.casefold() in (SEED_MODEL, SEED_MODEL.partition("/")[2])
