"""A classifier small enough to be made in a test, in the layout of Hugging Face's exports.

It looks at the mean of each colour alone: label 0 is redness, label 1 is the rest. The network is
written as protocol buffers by hand.
Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
"""

import json
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Field = tuple[int, int | bytes | str]
FLOAT, INT_ATTRIBUTE, INTS_ATTRIBUTE = 1, 2, 7


def _varint(number: int) -> bytes:
    parts = []
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])


def message(*fields: Field) -> bytes:
    """Fields by their number: whole numbers as varints, the rest with their length before it."""
    written = b""
    for number, value in fields:
        if isinstance(value, int):
            written += _varint(number << 3) + _varint(value)
        else:
            data = value.encode() if isinstance(value, str) else value
            written += _varint(number << 3 | 2) + _varint(len(data)) + data
    return written


def _value(name: str, *shape: int) -> bytes:
    dims = [(1, message((1, side))) for side in shape]
    return message((1, name), (2, message((1, message((1, FLOAT), (2, message(*dims)))))))


def _weights(name: str, shape: Sequence[int], values: Sequence[float]) -> bytes:
    raw = struct.pack(f"<{len(values)}f", *values)
    return message(*[(1, side) for side in shape], (2, FLOAT), (8, name), (9, raw))


def _node(kind: str, inputs: Sequence[str], output: str, *attributes: bytes) -> bytes:
    return message(
        *[(1, name) for name in inputs], (2, output), (4, kind), *[(5, a) for a in attributes]
    )


def network(width_px: int, height_px: int, *, gain: float = 4.0, labels: int = 2) -> bytes:
    """Logits (1, labels): `gain` times red without green and blue, its opposite, and 0s."""
    rows = [[gain, -gain], [-gain, gain], [-gain, gain]]
    weights = [value for row in rows for value in (row + [0.0] * labels)[:labels]]
    axes = message((1, "axes"), (8, 2), (8, 3), (20, INTS_ATTRIBUTE))
    keep = message((1, "keepdims"), (3, 0), (20, INT_ATTRIBUTE))
    graph = message(
        (1, _node("ReduceMean", ["pixel_values"], "means", axes, keep)),
        (1, _node("MatMul", ["means", "weights"], "logits")),
        (2, "small"),
        (5, _weights("weights", (3, labels), weights)),
        (11, _value("pixel_values", 1, 3, height_px, width_px)),
        (12, _value("logits", 1, labels)),
    )
    return message((1, 8), (7, graph), (8, message((1, ""), (2, 13))))


TRANSFORMERS: Mapping[str, Any] = {
    "do_resize": True,
    "size": {"height": 24, "width": 32},
    "resample": 2,
    "do_rescale": True,
    "rescale_factor": 1 / 255,
    "do_normalize": True,
    "image_mean": [0.5, 0.5, 0.5],
    "image_std": [0.5, 0.5, 0.5],
}


def small_classifier(
    folder: Path,
    labels: Sequence[str] = ("nsfw", "normal"),
    *,
    below: str = "",
    gain: float = 4.0,
    preprocessor: Mapping[str, Any] | None = TRANSFORMERS,
    size_px: tuple[int, int] = (32, 24),
    **config: Any,
) -> Path:
    """A folder with a model that finds red pictures unsafe; `below` is where model.onnx lies."""
    (folder / below).mkdir(parents=True)
    by_id = {str(index): label for index, label in enumerate(labels)}
    (folder / "config.json").write_text(json.dumps({"id2label": by_id, **config}))
    if preprocessor is not None:
        (folder / "preprocessor_config.json").write_text(json.dumps(preprocessor))
    (folder / below / "model.onnx").write_bytes(network(*size_px, gain=gain, labels=len(labels)))
    return folder
