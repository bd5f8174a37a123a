"""The costs of finished requests, kept for a while so that callers can ask for them."""

from collections import OrderedDict

KEPT_MAX = 10_000


class Costs:
    """Nano-dollars by request id; the oldest are forgotten first."""

    def __init__(self, *, micros_per_s: int) -> None:
        self._micros_per_s = micros_per_s
        self._kept: OrderedDict[tuple[str, str], int] = OrderedDict()

    def charge(self, caller: str, request_id: str, runtime_ms: int) -> int:
        """Note and return the price: a micro-dollar a second is a nano-dollar a millisecond."""
        nanos = runtime_ms * self._micros_per_s
        self._kept[caller, request_id] = nanos
        if len(self._kept) > KEPT_MAX:
            self._kept.popitem(last=False)
        return nanos

    def of(self, caller: str, request_id: str) -> int | None:
        """What a request of this caller cost; None for unknown ones and those of others."""
        return self._kept.get((caller, request_id))
