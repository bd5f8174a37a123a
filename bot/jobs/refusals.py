"""Bounds how often one person may be refused, since a refusal costs work and no budget pays."""

from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from bot.domain.asker import Asker
from bot.errors import BadRequest, NotAllowed, NotFound, TooManyRefused
from bot.ports import Clock

# Somebody who tries words and options in a form is refused a few times a minute.
REFUSALS_MAX = 30
REFUSALS_WITHIN = timedelta(minutes=10)
# People who are remembered, 30 times each; the ones longest without a refusal are forgotten first.
PEOPLE_MAX = 5_000


class Refusals:
    """Kept in memory: a restart forgives them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._times: OrderedDict[tuple[str, str, str], deque[datetime]] = OrderedDict()

    @contextmanager
    def bounded(self, asker: Asker) -> Iterator[None]:
        """Counts what is refused within; raises TooManyRefused before it begins."""
        self._check(asker)
        try:
            yield
        except (BadRequest, NotAllowed, NotFound):
            self._count(asker)
            raise

    def _check(self, asker: Asker) -> None:
        times = self._times.get(_who(asker))
        if times and len(times) == REFUSALS_MAX and self._clock.now() < times[0] + REFUSALS_WITHIN:
            raise TooManyRefused(open_at=times[0] + REFUSALS_WITHIN)

    def _count(self, asker: Asker) -> None:
        times = self._times.setdefault(_who(asker), deque(maxlen=REFUSALS_MAX))
        times.append(self._clock.now())
        self._times.move_to_end(_who(asker))
        if len(self._times) > PEOPLE_MAX:
            self._times.popitem(last=False)


def _who(asker: Asker) -> tuple[str, str, str]:
    return asker.platform, asker.community, asker.person
