"""Who takes part in the next step, and how wide it is: pure functions of what was measured.

Everything is in seconds of the device. A picture's urgency is the time that its request still
needs, plus the time that its caller got beyond the caller who got least, minus AGEING times the
time that it has waited: shortest remaining work first, fair between callers, and nobody starves,
because a request that comes (needs + surplus) / AGEING seconds later can't overtake.

Source: L. Schrage, "A Proof of the Optimality of the Shortest Remaining Processing Time
Discipline" (1968); P. Goyal et al., "Start-time Fair Queuing" (1996) for the callers' accounts.
"""

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

# A second of waiting makes up for this many seconds of work.
AGEING = 0.1
# A wider step has to do this many times the rows a second: all in it wait until it is done.
WORTHWHILE = 1.1
# Widths that are tried, in rows; a picture with guidance has two.
SIZES = (2, 4, 8, 16, 32)
# How many of a width's latest steps are remembered, and how many it takes to judge the width.
SAMPLES = 9
SAMPLES_NEEDED = 3
# Steps shorter than the clock's resolution count as this long, so that nothing is divided by 0.
LEAST_S = 1e-6
# Seconds of a row of one megapixel, until any row was measured.
GUESS_MEGAPIXEL_S = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A picture that could take part. `number` rises with arrival; one step has one `bucket`.

    `left_s` is the time that its whole request still needs, `ahead_s` the time that its caller
    got beyond the caller who got least.
    """

    number: int
    bucket: Hashable
    rows: int
    left_s: float
    ahead_s: float
    waited_s: float

    @property
    def urgency(self) -> float:
        """In seconds; the candidate with the lowest is next."""
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
    """The width in rows beyond which a step gets longer but hardly does more rows a second.

    `step_s` has measured seconds by width. If the widest of them is worthwhile, the next size is
    returned, so that it is tried.
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
    """How long steps take, by bucket and width, and which widths memory allows."""

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
            widths[rows] = deque(maxlen=SAMPLES)  # the first one also loads kernels: not counted
            return
        self._pixels[bucket] = pixels
        widths[rows].append(max(seconds, LEAST_S))
        medians = self._medians(bucket, needed=1)
        self._row_s[bucket] = min(took_s / width for width, took_s in medians.items())

    def limit(self, bucket: Hashable, rows: int) -> None:
        """Keep steps of `bucket` at or below `rows`: memory ran out above."""
        self._limits[bucket] = rows

    def unlimit(self, bucket: Hashable) -> None:
        """Drop the limit: a step of one picture failed, too, so width was not the reason."""
        self._limits.pop(bucket, None)

    def cap(self, bucket: Hashable) -> int:
        """How many rows a step of `bucket` should have at most."""
        return min(saturation(self._medians(bucket), self._sizes), self._most(bucket))

    def row_s(self, bucket: Hashable, pixels: int) -> float:
        """Seconds of one row at the best width measured, or in proportion to another bucket's."""
        if bucket in self._row_s:
            return self._row_s[bucket]
        if self._pixels:  # any will do: a row takes about as long per pixel in every bucket
            known, known_pixels = next(iter(self._pixels.items()))
            return self._row_s[known] * pixels / known_pixels
        return GUESS_MEGAPIXEL_S * pixels / 1_000_000

    def _most(self, bucket: Hashable) -> int:
        return self._limits.get(bucket, self._sizes[-1])

    def _medians(self, bucket: Hashable, needed: int = SAMPLES_NEEDED) -> dict[int, float]:
        """Median seconds of a step, for each width with at least `needed` samples."""
        widths = self._samples.get(bucket, {})
        return {rows: median(samples) for rows, samples in widths.items() if len(samples) >= needed}


class CallerShares:
    """Seconds of the device that each caller got, kept while they have a request open."""

    def __init__(self) -> None:
        self._had_s: dict[str, float] = {}
        self._open: Counter[str] = Counter()

    def enter(self, caller: str) -> None:
        """Open a request. Who had none open starts level with whoever got least, not at 0."""
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
