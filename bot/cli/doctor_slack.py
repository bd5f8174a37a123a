"""Slack from the terminal: the app's manifest, and what `limner doctor` can try."""

import json
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import closing

import httpx

from bot.cli.finding import Finding, bad, good, note
from bot.cli.output import answer
from bot.config.settings import Settings
from bot.domain.asker import SLACK
from bot.domain.installation import Installation
from bot.errors import Misconfigured
from bot.wording.installation import SLACK_ORGANIZATION
from storage.sqlite_store import open_for_reading
from storage.tables import installations

SLACK_API_URL = "https://slack.com/api"
TIMEOUT_S = 10.0
_PAGE = "https://api.slack.com/apps"
_NO_AGENTS = "--agent is for an app of one workspace, not for one that many install"
_NO_ADDRESS = "Over HTTP Slack comes to an https address: set PUBLIC_URL=https://…"
_ANEW = (
    "Put what `limner slack manifest` prints in the place of the app's manifest at "
    f"{_PAGE} and install the app again."
)
# So many workspaces' tokens are tried, the newest: Slack is asked once for each.
TRIED_MAX = 50


def print_manifest(settings: Settings, *, http: bool, many: bool, agent: bool = False) -> None:
    """JSON, to be pasted where Slack makes an app "from a manifest". Raises Misconfigured."""
    from adapters.slack.connection.manifest import manifest  # noqa: PLC0415  (only here)

    over_http = http or many or settings.slack_over_http
    many = many or bool(settings.slack_client_id)
    if many and agent:
        raise Misconfigured((_NO_AGENTS,))
    url = settings.public_url or ""
    if over_http and not url.startswith("https:"):
        raise Misconfigured((_NO_ADDRESS,))
    made = manifest(public_url=url if over_http else "", many=many, agent=agent)
    answer(json.dumps(made, indent=2, ensure_ascii=False))


async def examine_slack(settings: Settings, http: httpx.AsyncClient) -> AsyncIterator[Finding]:
    """Findings about Slack; nothing is changed there."""
    if settings.slack_client_id:
        yield good(
            f"Slack: on, for every workspace that installs it at {settings.public_url}"
            "/slack/install.",
            "ALLOWED_COMMUNITIES says which of them may draw; without it they need the code.",
        )
        async for finding in _installed(settings, http):
            yield finding
        return
    if settings.slack_bot_token is None:
        yield good("Slack: off (no SLACK_BOT_TOKEN).", "docs/slack.md goes through it.")
        return
    base = settings.slack_api_url or SLACK_API_URL
    async for finding in _bot_token(base, settings.slack_bot_token.get_secret_value(), http):
        yield finding
    if settings.slack_app_token is None:
        yield good(f"Slack comes to {settings.public_url}/slack/events.")
    else:
        yield await _app_token(base, settings.slack_app_token.get_secret_value(), http)


async def _installed(settings: Settings, http: httpx.AsyncClient) -> AsyncIterator[Finding]:
    """Whether Slack takes the tokens of the workspaces that installed the bot."""
    from adapters.slack.connection.token_encryption import (  # noqa: PLC0415
        TokenCipher,
        UndecryptableToken,
    )
    from adapters.slack.platform.limits import TOKEN_UNFIT  # noqa: PLC0415

    base = settings.slack_api_url or SLACK_API_URL
    keys = [key.get_secret_value() for key in settings.slack_token_keys]
    cipher, well = TokenCipher(keys), 0
    for each in _newest(settings):
        try:
            told, _ = await _ask(f"{base}/auth.test", cipher.decrypt(each.sealed_token), http)
        except UndecryptableToken:
            told = {"error": "no key in SLACK_TOKEN_KEYS opens it"}
        error = str(told.get("error") or "")
        if told.get("ok") or (error == "token_expired" and each.sealed_refresh):
            well += 1  # one that expired is replaced when it is used
        elif error in TOKEN_UNFIT or error.startswith("no key"):
            yield bad(
                f"Slack: the token of {each.name or each.community} is dead ({error}).",
                f"Only an admin there can mend that, at {settings.public_url}/slack/install.",
            )
        else:
            yield note(f"Slack could not be asked about {each.name or each.community} ({error}).")
    if well:
        yield good(f"Slack: {well} of the newest installations have good tokens.")


def _newest(settings: Settings) -> Sequence[Installation]:
    """None where the database can't be read: another finding says so."""
    if not settings.database_path.exists():
        return ()
    try:
        with closing(open_for_reading(settings.database_path)) as con:
            rows = con.execute(
                f"{installations.SELECT} FROM installation WHERE platform = ?"
                " ORDER BY at DESC LIMIT ?",
                (SLACK, TRIED_MAX),
            ).fetchall()
    except sqlite3.Error:
        return ()
    return [installations.installation_of(row) for row in rows]


async def _bot_token(base: str, token: str, http: httpx.AsyncClient) -> AsyncIterator[Finding]:
    from adapters.slack.connection.manifest import ADDED, SCOPES  # noqa: PLC0415
    from adapters.slack.platform.limits import TOKEN_UNFIT  # noqa: PLC0415

    told, headers = await _ask(f"{base}/auth.test", token, http)
    if told.get("error") in TOKEN_UNFIT:
        yield bad(
            f"Slack refuses SLACK_BOT_TOKEN ({told['error']}).",
            f"Copy it anew from {_PAGE} (OAuth & Permissions, Bot User OAuth Token).",
        )
    elif not told.get("ok"):
        yield note(f"Slack could not be asked whether the token is good ({told.get('error')}).")
    elif told.get("is_enterprise_install"):
        yield bad("Slack: the bot is installed in a whole organization.", SLACK_ORGANIZATION)
    else:
        yield good(f"Slack: on in {told.get('team')}.")
        given = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")}
        if missing := sorted({*SCOPES} - {*ADDED} - given):
            yield bad(
                f"Slack gave the bot less than it needs: {', '.join(missing)} missing.", _ANEW
            )
        for scope, means in ADDED.items():
            if scope not in given:
                yield note(f"The app on Slack is older than this bot: {means} ({scope}).", _ANEW)


async def _app_token(base: str, token: str, http: httpx.AsyncClient) -> Finding:
    from adapters.slack.platform.limits import TOKEN_UNFIT  # noqa: PLC0415

    told, _ = await _ask(f"{base}/apps.connections.open", token, http)
    if told.get("error") in TOKEN_UNFIT:
        return bad(
            f"Slack refuses SLACK_APP_TOKEN ({told['error']}).",
            f"Make a new one at {_PAGE} (Basic Information, App-Level Tokens) with the scope "
            "connections:write.",
        )
    if not told.get("ok"):
        return note(f"Socket Mode could not be tried ({told.get('error')}).")
    return good("Slack: Socket Mode, the app-level token is good.")


async def _ask(
    url: str, token: str, http: httpx.AsyncClient
) -> tuple[dict[str, str], httpx.Headers]:
    """Slack's answer, or {"error": why there is none}."""
    headers = {"Authorization": f"Bearer {token}"}
    try:
        answered = await http.post(url, headers=headers, timeout=TIMEOUT_S)
        told = answered.json()
    except httpx.HTTPError as error:
        return {"error": type(error).__name__}, httpx.Headers()
    except ValueError:
        return {"error": "no JSON came back"}, httpx.Headers()
    return (told if isinstance(told, dict) else {}), answered.headers
