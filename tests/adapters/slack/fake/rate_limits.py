"""Slack's published limits, by method, workspace and channel.

Source: https://docs.slack.dev/apis/web-api/rate-limits: tier 1 is "1+ per minute", tier 2 "20+",
tier 3 "50+", tier 4 "100+", each "per method per workspace"; chat.postMessage "allows posting one
message per second per channel", with "short bursts", and "several hundred messages per minute" in a
workspace. Each method's tier is on its own page. conversations.history: "1 request per minute" and
15 messages for apps that are distributed outside of the Marketplace.
"""

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

TIER_2, TIER_3, TIER_4 = 20, 50, 100
PER_MINUTE = {
    "chat.delete": TIER_3,
    "chat.getPermalink": TIER_4,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": 300,
    "chat.update": TIER_3,
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.join": TIER_3,
    "conversations.members": TIER_4,
    "conversations.open": TIER_3,
    "conversations.replies": TIER_3,
    "files.completeUploadExternal": TIER_4,
    "files.delete": TIER_3,
    "files.getUploadURLExternal": TIER_4,
    "files.info": TIER_4,
    "reactions.add": TIER_3,
    "team.info": TIER_3,
    "usergroups.list": TIER_2,
    "usergroups.users.list": TIER_2,
    "users.info": TIER_4,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
}
POST, POSTS_PER_S, POSTS_AT_ONCE = "chat.postMessage", 1.0, 5.0
HISTORY, HISTORY_SOLD_OUTSIDE, HISTORY_SOLD_OUTSIDE_MAX = "conversations.history", 1, 15
MINUTE_S = 60.0


_Minutes = dict[tuple[str, str], deque[float]]


@dataclass
class _Burst:
    left: float
    at_s: float


@dataclass
class RateLimits:
    """`sold_outside` of the Marketplace, where little history may be read; `on` for measurements of
    something else.
    """

    now_s: Callable[[], float] = time.monotonic
    sold_outside: bool = False
    on: bool = True
    refused: int = 0  # calls, so far
    _minutes: _Minutes = field(default_factory=lambda: defaultdict(deque))
    _bursts: dict[tuple[str, str], _Burst] = field(default_factory=dict)

    def wait_s(self, method: str, workspace: str, channel: str) -> int:
        """0 where a call is taken, else how long to wait: the Retry-After header."""
        if not self.on:
            return 0
        now_s = self.now_s()
        wait_s = max(
            self._minute_s(method, workspace, now_s),
            self._burst_s(workspace, channel, now_s) if method == POST else 0.0,
        )
        if wait_s > 0:
            self.refused += 1
            return math.ceil(wait_s)
        self._minutes[method, workspace].append(now_s)
        if method == POST:
            self._bursts[workspace, channel].left -= 1
        return 0

    def _minute_s(self, method: str, workspace: str, now_s: float) -> float:
        most = PER_MINUTE.get(method)
        if method == HISTORY and self.sold_outside:
            most = HISTORY_SOLD_OUTSIDE
        taken = self._minutes[method, workspace]
        while taken and taken[0] <= now_s - MINUTE_S:
            taken.popleft()
        if most is None or len(taken) < most:
            return 0.0
        return taken[0] + MINUTE_S - now_s

    def _burst_s(self, workspace: str, channel: str, now_s: float) -> float:
        held = self._bursts.setdefault((workspace, channel), _Burst(POSTS_AT_ONCE, now_s))
        held.left = min(POSTS_AT_ONCE, held.left + (now_s - held.at_s) * POSTS_PER_S)
        held.at_s = now_s
        return 0.0 if held.left >= 1 else (1 - held.left) / POSTS_PER_S
