"""Chooses the address for a request, and refuses requests while the service is failing.

An address that fails rests, and others are asked. The addresses of a pool share one breaker: after
FAILURES_TO_OPEN requests in a row that failed everywhere nothing is accepted for a while, then one
request is let through as a trial.
"""

from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from bot.config.fields import Endpoint
from bot.errors import (
    BackendBlank,
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
# After a refused key or an empty account, which only the owner can mend: as often as this is asked.
REFUSED_REST_S = 60.0
# DeepInfra allows 200 at once for each model and account (GET /v1/me/rate_limit tells); a GPU box
# of one's own far fewer.
REQUESTS_PER_ADDRESS = 8

# Failures that count against an address. A request that was understood and declined is none.
FAULTS = (
    BackendBlank,
    BackendBroken,
    BackendBusy,
    BackendCutOff,
    BackendGarbled,
    BackendKeyRefused,
    BackendNeedsMoney,
    BackendTimedOut,
    BackendUnreachable,
)


# Failures of one address that the owner has to mend there.
_REFUSALS = (BackendKeyRefused, BackendNeedsMoney)


@dataclass(slots=True, eq=False)
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
        self._alerts = alerts
        self._requests_per_address = requests_per_address
        self._breaker = _Breaker(clock, alerts)

    @property
    def capacity(self) -> int:
        """How many requests may run at once. An address that rests counts while no other is up."""
        if self._breaker.state == "open":
            return 0
        if self._breaker.state == "half-open":
            return 1
        return self._requests_per_address * max(1, len(self._awake(self._places)))

    def check(self) -> None:
        """Raises BackendResting while the breaker lets no request through."""
        self._breaker.check()

    def pick(self) -> str:
        """The address with the fewest requests; one that rests only if all rest."""
        return self._pick(self._places).endpoint.url

    def other_than(self, endpoints: Collection[Endpoint]) -> Endpoint | None:
        """As `pick`, of those that aren't among `endpoints`; None if there are none."""
        left = [place for place in self._places if place.endpoint not in endpoints]
        return self._pick(left).endpoint if left else None

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

    @asynccontextmanager
    async def attempt(self, at: str | Endpoint) -> AsyncIterator[Endpoint]:
        """Wrap one call to an address; if that is no longer configured, `pick` another one."""
        same = [place for place in self._places if at in (place.endpoint, place.endpoint.url)]
        place = self._pick(same or self._places)
        place.outstanding += 1
        try:
            yield place.endpoint
        except FAULTS as error:
            self._rest(place, error)
            await self._tell(place, error)
            raise
        except BackendFailed:
            place.failures = 0
            raise
        else:
            place.failures = 0
        finally:
            place.outstanding -= 1

    def _rest(self, place: _Place, error: BackendFailed) -> None:
        rest_s = min(ADDRESS_REST_S * 2**place.failures, ADDRESS_REST_MAX_S)
        if isinstance(error, _REFUSALS):
            rest_s = REFUSED_REST_S
        place.failures = min(place.failures + 1, 10)
        place.wakes_at_s = self._clock.monotonic() + rest_s

    async def _tell(self, place: _Place, error: BackendFailed) -> None:
        """Tell the owner of what only they can mend at this address."""
        name, again = place.endpoint.url, f"It is asked again after {REFUSED_REST_S:.0f} s"
        if len(self._places) > 1:
            name += f", number {self._places.index(place) + 1} of API_URLS,"
            again += "; the other addresses draw meanwhile"
        if isinstance(error, BackendKeyRefused):
            text = f"{name} refuses the key ({error.detail}). Check DEEPINFRA_TOKEN or API_KEYS; "
            text += f"`limner doctor` tries them. {again}."
            await self._alerts.alert(f"backend_key {name}", text)
        if isinstance(error, BackendNeedsMoney):
            text = f"{name} wants to be paid ({error.detail}). Top up the account. {again}."
            await self._alerts.alert(f"backend_money {name}", text)

    def _awake(self, places: Sequence[_Place]) -> list[_Place]:
        now_s = self._clock.monotonic()
        return [place for place in places if place.wakes_at_s <= now_s]

    def _pick(self, places: Sequence[_Place]) -> _Place:
        if awake := self._awake(places):
            return min(awake, key=lambda place: place.outstanding)
        return min(places, key=lambda place: place.wakes_at_s)


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
