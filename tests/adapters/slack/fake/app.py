"""The app as Slack has it: what its manifest declares is all that people find and the bot hears.

Source: https://docs.slack.dev/reference/app-manifest
"""

from tests.adapters.slack.fake.world import COMMANDS, DIRECT, EVENTS, Act, Json

# How a shortcut arrives, by the type that its manifest gives it.
_ARRIVES_AS = {"global": "shortcut", "message": "message_action"}


# The scope without which an event is not sent.
EVENT_SCOPES = {"app_mention": "app_mentions:read", "message.im": "im:history"}


def event_name(event: Json) -> str:
    """By what a manifest subscribes to it."""
    kind = str(event["type"])
    return f"message.{event['channel_type']}" if kind == "message" else kind


class App:
    def __init__(self, manifest: Json) -> None:
        self._features: Json = manifest["features"]
        self._settings: Json = manifest["settings"]
        self._oauth: Json = manifest["oauth_config"]

    @property
    def scopes(self) -> set[str]:
        """What a bot's token is good for."""
        return {*self._oauth["scopes"]["bot"]}

    @property
    def redirect_urls(self) -> list[str]:
        return list(self._oauth.get("redirect_urls", ()))

    @property
    def has_home(self) -> bool:
        return bool(self._features["app_home"]["home_tab_enabled"])

    @property
    def has_messages(self) -> bool:
        """Whether there is a conversation of each person with the bot."""
        return bool(self._features["app_home"]["messages_tab_enabled"])

    @property
    def is_written_to(self) -> bool:
        """Whether people find a field for a message or a command there."""
        read_only = self._features["app_home"]["messages_tab_read_only_enabled"]
        return self.has_messages and not read_only

    @property
    def rotates(self) -> bool:
        """Whether its tokens expire."""
        return bool(self._settings["token_rotation_enabled"])

    @property
    def over_http(self) -> bool:
        return not self._settings["socket_mode_enabled"]

    def url_for(self, act: Act) -> str:
        """Where an act is posted to."""
        if act.kind == COMMANDS:
            return str(self._command(act.payload["command"])["url"])
        part = "event_subscriptions" if act.kind == EVENTS else "interactivity"
        return str(self._settings[part]["request_url"])

    def check(self, act: Act) -> None:
        """Nobody can do, and Slack sends nothing, that is not declared."""
        if act.kind == COMMANDS:
            self._command(act.payload["command"])
            in_direct = act.channel is not None and act.channel.kind == DIRECT
            assert self.is_written_to or not in_direct, "nobody can type in the conversation"
        elif act.kind == EVENTS:
            name = event_name(act.payload["event"])
            assert self.subscribes_to(name), f"the manifest subscribes to no {name!r}"
        else:
            self._check_interactive(act.payload)

    def subscribes_to(self, name: str) -> bool:
        return name in self._settings["event_subscriptions"]["bot_events"]

    def _check_interactive(self, payload: Json) -> None:
        assert self._settings["interactivity"]["is_enabled"], "interactivity is off"
        kind = payload["type"]
        if kind in _ARRIVES_AS.values():
            wanted = (kind, payload["callback_id"])
            shortcuts = self._features["shortcuts"]
            known = [(_ARRIVES_AS[each["type"]], each["callback_id"]) for each in shortcuts]
            assert wanted in known, f"the manifest has no shortcut {wanted}, only {known}"
        elif kind == "block_suggestion" and self.over_http:
            named = self._settings["interactivity"].get("message_menu_options_url")
            assert named, "the manifest names no address for options"

    def _command(self, name: str) -> Json:
        for command in self._features["slash_commands"]:
            if command["command"] == name:
                return dict(command)
        raise AssertionError(f"the manifest has no command {name!r}")
