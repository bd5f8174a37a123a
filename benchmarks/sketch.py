"""How fast sketches are drawn: `python -m benchmarks.sketch [--quick]`.

One request for 4 pictures of 1024 x 1024 through the backend and its two worker processes, from
the call to four files that lie in the inbox; then single pictures in this process, by prompt.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bot.backends.sketch.backend import SketchBackend
from bot.backends.sketch.order import SketchOrder
from bot.backends.sketch.painter import sketch
from bot.images.worker_pool import PictureWorker
from bot.request.image_request import ImageRequest

PROMPTS = (
    "a lighthouse at dusk",
    "three boats on a lake under the moon",
    "a castle in snowy mountains, aurora",
    "a city at night in the rain, neon",
    "jellyfish and a school of fish underwater",
    "an oil painting of a fox in an autumn forest",
    "a watercolor of a house among tulips",
    "serendipity",
)
SIDE_PX = 1024


async def four_at_once(runs: int) -> list[float]:
    worker = PictureWorker()
    took_s = []
    with tempfile.TemporaryDirectory() as directory:
        backend = SketchBackend(worker, Path(directory))
        for run in range(runs + 1):
            request = ImageRequest(
                prompt=PROMPTS[run % len(PROMPTS)],
                num_images=4,
                width=SIDE_PX,
                height=SIDE_PX,
                seed=run,
            )
            started_s = time.perf_counter()
            await backend.draw(request, lambda _: None, address="sketch")
            took_s.append(time.perf_counter() - started_s)
    await worker.close()
    return took_s


def alone(prompt: str, runs: int) -> tuple[float, int]:
    took_s, size_bytes = [], 0
    for seed in range(runs):
        order = SketchOrder(
            prompt=prompt,
            negative="",
            width_px=SIDE_PX,
            height_px=SIDE_PX,
            seed=seed,
            guidance=7.5,
            strength=1.0,
        )
        started_s = time.process_time()
        size_bytes = len(sketch(order, lambda _: None))
        took_s.append(time.process_time() - started_s)
    return statistics.median(took_s), size_bytes


def main() -> None:
    runs = 3 if "--quick" in sys.argv else 12
    first, *others = asyncio.run(four_at_once(runs))
    print(f"4 x 1024², two processes: {statistics.median(others):5.2f} s (median of {runs})")
    print(f"  the slowest             {max(others):5.2f} s")
    print(f"  with starting them      {first:5.2f} s")
    print("one, seconds of processor time:")
    for prompt in PROMPTS:
        took_s, size_bytes = alone(prompt, min(runs, 5))
        print(f"  {took_s:5.2f} s  {size_bytes / 1e6:4.1f} MB  {prompt}")


if __name__ == "__main__":
    main()
