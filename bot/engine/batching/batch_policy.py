"""Who takes part in the next step, and how wide it is: pure functions of what was measured.

Everything is in seconds of the device. A picture's urgency is what its request still needs, plus
what its caller has had more than the others, minus a part of the time that it waits: shortest
remaining work first, fair between callers, and nobody starves, because whoever comes later than
(needs + surplus) / AGEING seconds stands behind.

Source: L. Schrage, "A Proof of the Optimality of the Shortest Remaining Processing Time
Discipline" (1968); P. Goyal et al., "Start-time Fair Queuing" (1996) for the callers' accounts.
"""

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

# A second of waiting outweighs so many seconds of work.
AGEING = 0.1
# A wider step must do at least so many times the rows a second, or it only makes others wait.
WORTHWHILE = 1.1
# Rows; a picture with guidance has two.
SIZES = (2, 4, 8, 16, 32)
# Of each width so many of the latest steps are remembered, and so few are needed to judge it.
SAMPLES = 9
SAMPLES_NEEDED = 3
# Below a clock's resolution nothing takes no time at all.
LEAST_S = 1e-6
# Before anything is measured: a row of one megapixel, in seconds.
GUESS_MEGAPIXEL_S = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A picture that could take part. `number` rises with arrival; `bucket` is who it fits with.

    `left_s` is what is left of its whole request, `ahead_s` what its caller has had more than the
    caller who has had least.
    """

    number: int
    bucket: Hashable
    rows: int
    left_s: float
    ahead_s: float
    waited_s: float

    @property
    def urgency(self) -> float:
        """The least is next."""
        return self.left_s + self.ahead_s - AGEING * self.waited_s


def choose(
    candidates: Iterable[Candidate], cap: Callable[[Hashable], int]
) -> tuple[Candidate, ...]:
    """The most urgent candidate, and those of its bucket that fit into `cap(bucket)` rows."""
    ordered = sorted(candidates, key=lambda one: (one.urgency, one.number))
    if not ordered:
        return ()
    head = ordered[0]
    chosen, rows_free = [head], cap(head.bucket) - head.rows
    for one in ordered[1:]:
        if one.bucket == head.bucket and one.rows <= rows_free:
            chosen.append(one)
            rows_free -= one.rows
    return tuple(chosen)


def saturation(step_s: Mapping[int, float], sizes: Sequence[int] = SIZES) -> int:
    """The width in rows beyond which a step only gets longer.

    `step_s` are measured seconds by width. While the widest of them pays, the next size is worth
    a try.
    """
    if not step_s:
        return sizes[0]
    best = min(step_s)
    for rows in sorted(step_s):
        if rows / step_s[rows] >= WORTHWHILE * best / step_s[best]:
            best = rows
    if best < max(step_s):
        return best
    return next((size for size in sizes if size > best), best)


class StepDurations:
    """How long steps take, by bucket and width. `limit` is where memory ran out."""

    def __init__(self, sizes: Sequence[int] = SIZES) -> None:
        self._sizes = sizes
        self._samples: dict[Hashable, dict[int, deque[float]]] = {}
        self._pixels: dict[Hashable, int] = {}
        self._limits: dict[Hashable, int] = {}
        self._row_s: dict[Hashable, float] = {}

    def observe(self, bucket: Hashable, rows: int, seconds: float, *, pixels: int) -> None:
        """One step of `rows` rows with `pixels` each took `seconds`."""
        widths = self._samples.setdefault(bucket, {})
        if rows not in widths:
            widths[rows] = deque(maxlen=SAMPLES)  # the first one also pays for kernels and graphs
            return
        self._pixels[bucket] = pixels
        widths[rows].append(max(seconds, LEAST_S))
        medians = self._medians(bucket, needed=1)
        self._row_s[bucket] = min(took_s / width for width, took_s in medians.items())

    def limit(self, bucket: Hashable, rows: int) -> None:
        """Memory does not suffice for more than `rows`."""
        self._limits[bucket] = rows

    def unlimit(self, bucket: Hashable) -> None:
        """It was one picture's fault, and that picture is gone."""
        self._limits.pop(bucket, None)

    def cap(self, bucket: Hashable) -> int:
        """How many rows a step of `bucket` should have at most."""
        return min(saturation(self._medians(bucket), self._sizes), self._most(bucket))

    def row_s(self, bucket: Hashable, pixels: int) -> float:
        """Seconds of one row in a step as wide as it should be, measured or in proportion."""
        if bucket in self._row_s:
            return self._row_s[bucket]
        if self._pixels:  # any will do: a row takes about as long per pixel in every bucket
            known, known_pixels = next(iter(self._pixels.items()))
            return self._row_s[known] * pixels / known_pixels
        return GUESS_MEGAPIXEL_S * pixels / 1_000_000

    def _most(self, bucket: Hashable) -> int:
        return self._limits.get(bucket, self._sizes[-1])

    def _medians(self, bucket: Hashable, needed: int = SAMPLES_NEEDED) -> dict[int, float]:
        """Seconds of a step by width, where there are enough."""
        widths = self._samples.get(bucket, {})
        return {rows: median(samples) for rows, samples in widths.items() if len(samples) >= needed}


class CallerShares:
    """What each caller has had, in seconds, while they have something to draw."""

    def __init__(self) -> None:
        self._had_s: dict[str, float] = {}
        self._open: Counter[str] = Counter()

    def enter(self, caller: str) -> None:
        """A newcomer begins level with whoever has had least: no credit for having been away."""
        if not self._open[caller]:
            self._had_s[caller] = min(self._had_s.values(), default=0.0)
        self._open[caller] += 1

    def leave(self, caller: str) -> None:
        self._open[caller] -= 1
        if not self._open[caller]:
            del self._open[caller], self._had_s[caller]

    def serve(self, caller: str, seconds: float) -> None:
        if caller in self._had_s:
            self._had_s[caller] += seconds

    def ahead_s(self, caller: str) -> float:
        return self._had_s[caller] - min(self._had_s.values())
