"""What an engine is told when it is opened."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# A PNG → whether it is not safe for work; None where that could not be told.
Classify = Callable[[bytes], bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineOptions:
    """`model` is a diffusers folder on this machine; the other values suit most machines.

    `name` is what the model is called on the wire; "" derives it from the folder. `device` is
    "auto", "cpu", "cuda" or "cuda:1"; `dtype` is "auto" (float16 on a GPU, float32 elsewhere),
    "float32", "float16" or "bfloat16". `scheduler` is the name of a diffusers class, "" the
    folder's own. `loras` is a folder of NAME.safetensors. `price_micros` is for a second of the
    device. At most `max_pictures` are drawn or wait at once.

    `fixed_rows` above 0 gives every step exactly so many rows: slower, but the same seed then
    gives the same bytes whatever else is drawn. A picture needs two rows with guidance.
    `compile` runs the denoiser through torch.compile: minutes at start, for each new shape.
    """

    model: Path
    name: str = ""
    device: str = "auto"
    dtype: str = "auto"
    scheduler: str = ""
    loras: Path | None = None
    price_micros: int = 0
    max_pictures: int = 64
    fixed_rows: int = 0
    compile: bool = False
