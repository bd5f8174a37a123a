"""The engine's model as the bot's catalogue knows it."""

from collections.abc import Sequence

from bot.domain.model import SD21, Model, Price, Range
from bot.request.image_request import SIDES_PX


def model_of(name: str, sample_px: int, loras: Sequence[str], price_micros: int) -> Model:
    """It takes what SD 2.1 takes, at the size that it was trained at; `loras` are the names known.

    `price_micros` is for a second of the device.
    """
    side_px = min(SIDES_PX, key=lambda listed_px: abs(listed_px - sample_px))
    side = Range(default=side_px, allowed=SIDES_PX)
    return Model(
        name=name,
        options={
            **SD21.options,
            "width": side,
            "height": side,
            "lora": Range(default="", allowed=("", *loras)),
        },
        price=Price(kind="time", micros=price_micros) if price_micros else Price(kind="free"),
        about=f"drawn on this machine, {sample_px} px",
    )
