"""Chooses the address for a request, and refuses requests while the service is failing.

The addresses of a pool share one breaker: after FAILURES_TO_OPEN failed requests in a row nothing
is accepted for a while, then one request is let through as a trial.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from bot.config.fields import Endpoint
from bot.errors import (
    BackendBroken,
    BackendBusy,
    BackendCutOff,
    BackendFailed,
    BackendGarbled,
    BackendKeyRefused,
    BackendNeedsMoney,
    BackendResting,
    BackendTimedOut,
    BackendUnreachable,
)
from bot.ports import Alerts, Clock

FAILURES_TO_OPEN = 5
BREAKER_REST_S = 15.0
BREAKER_REST_MAX_S = 300.0
ADDRESS_REST_S = 2.0
ADDRESS_REST_MAX_S = 60.0
# DeepInfra allows 200 at once for each model and account (GET /v1/me/rate_limit tells); a GPU box
# of one's own far fewer.
REQUESTS_PER_ADDRESS = 8

# Failures that count against an address. A request that was understood and declined is none.
FAULTS = (
    BackendBroken,
    BackendBusy,
    BackendCutOff,
    BackendGarbled,
    BackendKeyRefused,
    BackendNeedsMoney,
    BackendTimedOut,
    BackendUnreachable,
)


@dataclass(slots=True)
class _Place:
    endpoint: Endpoint
    outstanding: int = 0
    failures: int = 0
    wakes_at_s: float = 0.0


class Pool:
    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        *,
        clock: Clock,
        alerts: Alerts,
        requests_per_address: int = REQUESTS_PER_ADDRESS,
    ) -> None:
        self._places = [_Place(endpoint) for endpoint in endpoints]
        self._clock = clock
        self._requests_per_address = requests_per_address
        self._breaker = _Breaker(clock, alerts)

    @property
    def capacity(self) -> int:
        """How many requests may run at once. An address that rests counts while no other is up."""
        if self._breaker.state == "open":
            return 0
        if self._breaker.state == "half-open":
            return 1
        return self._requests_per_address * max(1, len(self._awake()))

    def check(self) -> None:
        """Raises BackendResting while the breaker lets no request through."""
        self._breaker.check()

    def pick(self) -> str:
        """The address with the fewest requests; one that rests only if all rest."""
        return self._pick().endpoint.url

    @asynccontextmanager
    async def request(self) -> AsyncIterator[None]:
        """Wrap one request with all its attempts. Raises BackendResting before it begins."""
        with self._breaker.begin():
            try:
                yield
            except BackendFailed as error:
                await self._breaker.ended(error)
                raise
            await self._breaker.ended(None)

    @contextmanager
    def attempt(self, address: str) -> Iterator[Endpoint]:
        """Wrap one call to `address`; if that is no longer configured, `pick` another one."""
        same = [place for place in self._places if place.endpoint.url == address]
        place = min(same, key=lambda each: each.outstanding) if same else self._pick()
        place.outstanding += 1
        try:
            yield place.endpoint
        except FAULTS:
            rest_s = min(ADDRESS_REST_S * 2**place.failures, ADDRESS_REST_MAX_S)
            place.failures = min(place.failures + 1, 10)
            place.wakes_at_s = self._clock.monotonic() + rest_s
            raise
        except BackendFailed:
            place.failures = 0
            raise
        else:
            place.failures = 0
        finally:
            place.outstanding -= 1

    def _awake(self) -> list[_Place]:
        now_s = self._clock.monotonic()
        return [place for place in self._places if place.wakes_at_s <= now_s]

    def _pick(self) -> _Place:
        awake = self._awake()
        if awake:
            return min(awake, key=lambda place: place.outstanding)
        return min(self._places, key=lambda place: place.wakes_at_s)


class _Breaker:
    """closed: all requests pass · open: none does · half-open: one does, as a trial."""

    def __init__(self, clock: Clock, alerts: Alerts) -> None:
        self._clock = clock
        self._alerts = alerts
        self._failures = 0
        self._rests = 0
        self._opens_at_s: float | None = None  # until then open; None is closed
        self._trial_runs = False

    @property
    def state(self) -> str:
        if self._opens_at_s is None:
            return "closed"
        return "open" if self._clock.monotonic() < self._opens_at_s else "half-open"

    def check(self) -> None:
        if self.state == "open" or (self.state == "half-open" and self._trial_runs):
            raise BackendResting(detail="too many failures in a row")

    @contextmanager
    def begin(self) -> Iterator[None]:
        self.check()
        is_trial = self.state == "half-open"
        self._trial_runs |= is_trial
        try:
            yield
        finally:
            if is_trial:
                self._trial_runs = False

    async def ended(self, error: BackendFailed | None) -> None:
        if not isinstance(error, FAULTS):
            await self._close()
            return
        self._failures += 1
        if isinstance(error, BackendKeyRefused):
            text = f"The image service refuses the key ({error.detail}). Check DEEPINFRA_TOKEN or "
            await self._alerts.alert("backend_key", text + "API_KEYS; `limner doctor` tries them.")
        if isinstance(error, BackendNeedsMoney):
            text = f"The image service wants to be paid ({error.detail}). Top up the account."
            await self._alerts.alert("backend_money", text)
        if self._failures >= FAILURES_TO_OPEN and self.state != "open":
            await self._open(error)

    async def _open(self, error: BackendFailed) -> None:
        rest_s = min(BREAKER_REST_S * 2**self._rests, BREAKER_REST_MAX_S)
        is_first = self._opens_at_s is None
        self._opens_at_s = self._clock.monotonic() + rest_s
        self._rests = min(self._rests + 1, 10)
        if is_first:
            text = (
                f"The image service isn't answering: {FAILURES_TO_OPEN} requests failed in a row, "
                f"the last one with {type(error).__name__} ({error.detail}). Nothing is accepted "
                "for now; one request at a time is tried again until it answers."
            )
            await self._alerts.alert("backend_down", text)

    async def _close(self) -> None:
        was_open = self._opens_at_s is not None
        self._failures, self._rests, self._opens_at_s = 0, 0, None
        if was_open:
            await self._alerts.alert("backend_up", "The image service answers again.")
