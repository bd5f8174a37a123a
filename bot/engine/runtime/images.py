"""Between files of pictures and tensors (3, H, W), RGB."""

import io

import torch
from PIL import Image, ImageOps

from bot.images import codec


def starting_picture(data: bytes, width_px: int, height_px: int) -> torch.Tensor:
    """Any picture as (3, height, width) from -1 to 1, cropped to the request's shape.

    Raises PictureRefused.
    """
    image = codec.flat_rgb(codec.decoded(data)[0])
    if image.size != (width_px, height_px):
        image = ImageOps.fit(image, (width_px, height_px), Image.Resampling.LANCZOS)
    pixels = torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8)
    pixels = pixels.reshape(height_px, width_px, 3).permute(2, 0, 1)
    return 2.0 * (pixels.float() / 255.0) - 1.0


def as_image(picture: torch.Tensor) -> Image.Image:
    """(3, H, W) from 0 to 1 in 8 bits, rounded as the stock pipelines do."""
    pixels = (picture.clamp(0, 1).permute(1, 2, 0) * 255).round().to(torch.uint8)
    height_px, width_px = pixels.shape[:2]
    return Image.frombytes("RGB", (width_px, height_px), pixels.contiguous().numpy().tobytes())


def as_png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def as_preview(image: Image.Image) -> bytes:
    """A small JPEG."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=70)
    return buffer.getvalue()
