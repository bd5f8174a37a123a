"""Slack's side of an installation: the page where somebody agrees, and the code for a token."""

import secrets
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.adapters.slack.fake.rules import Refused
from tests.adapters.slack.fake.state import World
from tests.adapters.slack.fake.world import Json, Person, Workspace

AUTHORIZE = "/oauth/v2/authorize"
EXPIRES_IN = timedelta(hours=12)


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
    """oauth.v2.access: a code, or a refresh token, is good for one token. Raises Refused."""
    if args.get("client_id") != world.client_id:
        raise Refused("invalid_client_id")
    if args.get("client_secret") != world.client_secret:
        raise Refused("bad_client_secret")
    if args.get("grant_type") == "refresh_token":
        return _refreshed(world, str(args.get("refresh_token")))
    known = world.codes.pop(str(args.get("code")), None)
    if known is None:
        raise Refused("invalid_code")
    workspace, installer, redirect_uri = known
    if redirect_uri and args.get("redirect_uri") != redirect_uri:
        raise Refused("bad_redirect_uri")
    workspace.revoked = False
    return {
        **_new_token(world, workspace),
        "scope": ",".join(sorted(workspace.scopes)),
        "bot_user_id": workspace.bot.id,
        "app_id": world.app_id,
        "team": None if workspace.org_wide else {"id": workspace.id, "name": workspace.name},
        "enterprise": _organization(workspace),
        "authed_user": {"id": installer.id},
        "is_enterprise_install": workspace.org_wide,
    }


def _organization(workspace: Workspace) -> Json | None:
    return {"id": workspace.enterprise, "name": "Org"} if workspace.enterprise else None


def _refreshed(world: World, refresh: str) -> Json:
    for workspace in world.workspaces.values():
        if refresh and workspace.refresh == refresh:
            if workspace.revoked:
                raise Refused("token_revoked")
            assert workspace.expires_at is not None
            workspace.retired = {workspace.token: workspace.expires_at}
            return _new_token(world, workspace)
    raise Refused("invalid_refresh_token")


def _new_token(world: World, workspace: Workspace) -> Json:
    """Source: https://docs.slack.dev/authentication/using-token-rotation."""
    workspace.token = f"xoxb-{workspace.id}-{secrets.token_hex(8)}"
    workspace.expires_at, workspace.refresh = None, ""
    if not world.app.rotates:
        return {"access_token": workspace.token, "token_type": "bot"}
    workspace.token = f"xoxe.{workspace.token}"
    workspace.refresh = f"xoxe-1-{secrets.token_hex(8)}"
    workspace.expires_at = world.now + EXPIRES_IN
    return {
        "access_token": workspace.token,
        "token_type": "bot",
        "refresh_token": workspace.refresh,
        "expires_in": int(EXPIRES_IN.total_seconds()),
    }
