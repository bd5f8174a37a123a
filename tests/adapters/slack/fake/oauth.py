"""Slack's side of an installation: the page where somebody agrees, and the code for a token."""

import secrets
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.adapters.slack.fake.rules import Refused
from tests.adapters.slack.fake.state import World
from tests.adapters.slack.fake.world import Json, Person, Workspace

AUTHORIZE = "/oauth/v2/authorize"


def approve(world: World, url: str, workspace: Workspace, by: Person) -> str:
    """`by` agrees on the page at `url`; where their browser is sent to."""
    asked = _asked(world, url)
    code = secrets.token_urlsafe(12)
    workspace.scopes = {*asked["scope"].split(",")}
    world.codes[code] = (workspace, by, asked.get("redirect_uri", ""))
    return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"


def decline(world: World, url: str) -> str:
    """Somebody presses "Cancel" there."""
    asked = _asked(world, url)
    query = {"error": "access_denied", "state": asked["state"]}
    return f"{asked['redirect_uri']}?{urlencode(query)}"


def _asked(world: World, url: str) -> dict[str, str]:
    parts = urlsplit(url)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert parts.path == AUTHORIZE, f"people agree at {AUTHORIZE}, not at {parts.path}"
    assert asked["client_id"] == world.client_id
    assert asked["redirect_uri"] in world.app.redirect_urls, "bad_redirect_uri"
    assert {*asked["scope"].split(",")} <= world.app.scopes, "invalid_scope"
    return asked


def grant(world: World, args: Json) -> Json:
    """oauth.v2.access: a code is good for one token. Raises Refused."""
    if args.get("client_id") != world.client_id:
        raise Refused("invalid_client_id")
    if args.get("client_secret") != world.client_secret:
        raise Refused("bad_client_secret")
    known = world.codes.pop(str(args.get("code")), None)
    if known is None:
        raise Refused("invalid_code")
    workspace, installer, redirect_uri = known
    if redirect_uri and args.get("redirect_uri") != redirect_uri:
        raise Refused("bad_redirect_uri")
    workspace.token = f"xoxb-{workspace.id}-{secrets.token_hex(8)}"
    workspace.revoked = False
    return {
        "access_token": workspace.token,
        "token_type": "bot",
        "scope": ",".join(sorted(workspace.scopes)),
        "bot_user_id": workspace.bot.id,
        "app_id": world.app_id,
        "team": {"id": workspace.id, "name": workspace.name},
        "enterprise": None,
        "authed_user": {"id": installer.id},
        "is_enterprise_install": False,
    }
