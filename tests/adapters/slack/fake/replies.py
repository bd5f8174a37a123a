"""Answers that need no token: what an acknowledgement says, and what a response_url takes."""

from datetime import timedelta
from typing import Any

from tests.adapters.slack.fake.rules import Refused
from tests.adapters.slack.fake.state import World
from tests.adapters.slack.fake.world import Act, Json, Message

USES_MAX = 5
LIFE = timedelta(minutes=30)


class Replies:
    def __init__(self, world: World) -> None:
        self._world = world

    def respond(self, args: Json) -> Json:
        """One use of a response_url. Raises Refused, with a status that nobody may overlook."""
        known = self._world.response_urls.get(args.pop("_token"))
        if known is None:
            raise Refused("invalid_url", status=404)
        if self._world.now - known.made_at > LIFE:
            raise Refused("expired_url", status=404)
        if known.used >= USES_MAX:
            raise Refused("used_url", status=404)
        known.used += 1
        act = known.act
        if act.message is not None and args.get("delete_original"):
            act.message.deleted = True
        elif act.message is not None and args.get("replace_original"):
            self._world.change(act.message, str(args.get("text") or ""), args.get("blocks"))
        else:
            self._say(act, args)
        return {"ok": True}

    def take_ack(self, act: Act, payload: Json | None) -> None:
        """What Slack does with the first acknowledgement."""
        kind = act.payload.get("type", "")
        if kind == "view_submission":
            self._after_submission(act, payload or {})
        elif act.kind == "slash_commands" and payload:
            self._say(act, payload)

    def _after_submission(self, act: Act, payload: Json) -> None:
        view = act.view
        assert view is not None
        what = payload.get("response_action")
        if what == "errors":
            names = {block["block_id"] for block in view.blocks if block["type"] == "input"}
            wrong = {*payload["errors"]} - names
            assert not wrong, f"errors for {wrong}, which are no fields among {names}"
        elif what == "update":
            self._world.change_view(view, payload["view"])
        elif what == "push":
            self._world.new_view(payload["view"], act, view.stack)
        elif not view.closed:
            self._world.close(view, everything=what == "clear")

    def _say(self, act: Act, said: Json) -> None:
        """A new message, for one person unless it says "in_channel"."""
        if not said.get("text") and not said.get("blocks"):
            return
        channel = act.channel or act.workspace.direct(act.person, self._world.ids)
        text: Any = said.get("text") or ""
        message = Message(self._world.new_ts(), channel, act.workspace.bot, act.workspace, text)
        message.thread_ts = str(said.get("thread_ts") or "")
        if said.get("response_type") != "in_channel":
            message.seen_by = act.person
        act.replies.append(self._world.post(message, said.get("blocks")))
