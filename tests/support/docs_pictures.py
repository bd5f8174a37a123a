"""Pictures for the docs: small enough for a README, with all their colours if they fit."""

from io import BytesIO
from pathlib import Path

from PIL import Image

MAX_BYTES = 200_000


def keep(path: Path, png: bytes) -> None:
    with Image.open(BytesIO(png)) as image:
        flat = image.convert("RGB")
    flat.save(path, optimize=True)
    for colours in (256, 128, 64):
        if path.stat().st_size <= MAX_BYTES:
            return
        flat.quantize(palette=flat.quantize(colours)).save(path, optimize=True)
